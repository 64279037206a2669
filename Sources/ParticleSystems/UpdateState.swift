import Checkpoints
import LinearAlgebra
import Networks

/// What an update rule remembers of every parameter: velocities of momentum, mean squares of RMSProp,
/// zero at first; nothing for gradient descent. Memory: as much as the parameters.
final class UpdateState<Scalar: ParticleScalar>: Sendable {
  private let ensemble: ParticleEnsemble<Scalar>
  private let output: AlignedBuffer<Scalar>
  private let input: AlignedBuffer<Scalar>
  private let isKept: Bool

  init(_ update: ParticleUpdate, _ ensemble: ParticleEnsemble<Scalar>) {
    self.ensemble = ensemble
    isKept = update != .gradient
    let rows = isKept ? ensemble.layout.heldParticles.count : 0
    output = AlignedBuffer(count: rows * ensemble.outputs, repeating: 0)
    input = AlignedBuffer(count: rows * ensemble.features, repeating: 0)
  }

  func exchange(_ state: RunState) throws {
    func part(_ numbers: Int) -> StatePart { ensemble.layout.part(isKept ? numbers : 0) }
    try state.exchange("remembered.output", output, part: part(ensemble.outputs))
    try state.exchange("remembered.input", input, part: part(ensemble.features))
  }

  /// Of a block's output weights, in their order.
  func output(of block: ParticleLayout.Block) -> UnsafeMutablePointer<Scalar> {
    output.base + block.row * ensemble.outputs
  }

  /// Of a block's input weights.
  func input(of block: ParticleLayout.Block) -> UnsafeMutablePointer<Scalar> {
    input.base + block.row * ensemble.features
  }
}
