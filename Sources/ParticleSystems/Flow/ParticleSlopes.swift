import Checkpoints
import LinearAlgebra
import TimeIntegration

/// The seven slopes of every particle of an ensemble: the sums S_a and S_w of ``GradientSums``, which
/// the steps of ``ParticleStep`` turn into da/dt = -outputStep S_a and dw/dt = -inputStep S_w.
///
/// Memory: seven times that of the particles.
struct ParticleSlopes<Scalar: ParticleScalar>: Sendable {
  private let layout: ParticleLayout
  private var output: [AlignedBuffer<Scalar>]
  private var input: [AlignedBuffer<Scalar>]

  init(_ layout: ParticleLayout) {
    self.layout = layout
    let rows = layout.heldParticles.count
    func buffers(_ width: Int) -> [AlignedBuffer<Scalar>] {
      (0..<DormandPrince.slopes).map { _ in AlignedBuffer(count: rows * width, repeating: 0) }
    }
    output = buffers(layout.outputs)
    input = buffers(layout.features)
  }

  mutating func exchange(_ first: Int, _ second: Int) {
    output.swapAt(first, second)
    input.swapAt(first, second)
  }

  /// Slope 0, which a step of the integrator leaves to the next one.
  func exchangeFirst(_ state: RunState) throws {
    try state.exchange("slope.output", output[0], part: layout.part(layout.outputs))
    try state.exchange("slope.input", input[0], part: layout.part(layout.features))
  }

  /// Slope `index` of a block's output weights.
  func output(_ index: Int, of block: ParticleLayout.Block) -> UnsafeMutablePointer<Scalar> {
    output[index].base + block.row * layout.outputs
  }

  func input(_ index: Int, of block: ParticleLayout.Block) -> UnsafeMutablePointer<Scalar> {
    input[index].base + block.row * layout.features
  }

  /// The slopes of a block that have a weight other than zero, with their weights.
  func terms(
    _ weights: [Double], of block: ParticleLayout.Block
  ) -> (
    output: [UnsafePointer<Scalar>], input: [UnsafePointer<Scalar>], weights: [Double]
  ) {
    let used = weights.indices.filter { weights[$0] != 0 }
    return (
      used.map { UnsafePointer(output($0, of: block)) },
      used.map { UnsafePointer(input($0, of: block)) }, used.map { weights[$0] }
    )
  }
}
