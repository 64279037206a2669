import Checkpoints
import Execution
import LinearAlgebra
import Measures

/// Several independent systems of weighted particles (a, w) side by side: replicates of a limit's
/// empirical measure, or finite networks that differ in their seed.
///
/// Memory: `systems * particles * (features + outputs)` numbers, divided among the workers' processes.
public final class ParticleEnsemble<Scalar: ParticleScalar>: ParticleStore {
  /// Sizes.
  public let layout: ParticleLayout
  let sources: [any ParticleSource]
  let outputWeights: AlignedBuffer<Scalar>
  let inputWeights: AlignedBuffer<Scalar>

  /// Draws the initial particles: one system for each source, all of one size.
  package init(sources: [any ParticleSource], workers: Workers) {
    precondition(!sources.isEmpty && sources[0].count >= 1)
    let particles = sources[0].count
    layout = ParticleLayout(
      systems: sources.count, particles: particles, features: sources[0].features,
      outputs: sources[0].outputs, ranks: workers.ranks)
    precondition(
      sources.allSatisfy { [layout] in
        $0.features == layout.features && $0.outputs == layout.outputs
          && $0.count == layout.particles
      })
    self.sources = sources
    let rows = layout.heldParticles.count
    outputWeights = AlignedBuffer(count: rows * layout.outputs, repeating: 0)
    inputWeights = AlignedBuffer(count: rows * layout.features, repeating: 0)
    workers.forProducts.forEach(layout.held.count) { [self] item, _ in
      let block = layout.block(layout.held.lowerBound + item)
      fillInitial(block, outputWeights(of: block), inputWeights(of: block))
    }
  }

  /// The same particles in memory of their own.
  init(copying other: ParticleEnsemble) {
    layout = other.layout
    sources = other.sources
    outputWeights = AlignedBuffer(count: other.outputWeights.count, repeating: 0)
    inputWeights = AlignedBuffer(count: other.inputWeights.count, repeating: 0)
    outputWeights.base.update(from: other.outputWeights.base, count: outputWeights.count)
    inputWeights.base.update(from: other.inputWeights.base, count: inputWeights.count)
  }

  /// Replicates, or networks.
  public var systems: Int { layout.systems }
  /// Particles of one system.
  public var particles: Int { layout.particles }
  /// Coordinates of w.
  public var features: Int { layout.features }
  /// Coordinates of a.
  public var outputs: Int { layout.outputs }

  /// All weights.
  ///
  /// - Throws: what ``RunState`` does.
  func exchange(_ state: RunState) throws {
    try state.exchange("output_weights", outputWeights, part: layout.part(outputs))
    try state.exchange("input_weights", inputWeights, part: layout.part(features))
  }

  func outputWeights(of block: ParticleLayout.Block) -> UnsafeMutablePointer<Scalar> {
    outputWeights.base + block.row * outputs
  }

  func inputWeights(of block: ParticleLayout.Block) -> UnsafeMutablePointer<Scalar> {
    inputWeights.base + block.row * features
  }

  /// ``ParticleSource/massesBySize(first:count:)``
  func massesBySize(of block: ParticleLayout.Block) -> [Double]? {
    sources[block.system].massesBySize(first: block.first, count: block.count)
  }

  /// Makes the block's parameters at initialization again.
  func fillInitial(
    _ block: ParticleLayout.Block, _ a: UnsafeMutablePointer<Scalar>,
    _ w: UnsafeMutablePointer<Scalar>
  ) {
    sources[block.system].fill(
      first: block.first, count: block.count, outputWeights: a, inputWeights: w)
  }

  /// ``ParticleStore/forEachPart(_:)``
  public func forEachPart(
    _ body: (
      _ firstParticle: Int, _ outputWeights: UnsafeBufferPointer<Scalar>,
      _ inputWeights: UnsafeBufferPointer<Scalar>
    ) throws -> Void
  ) rethrows {
    try layout.forEachPart(
      in: Scalar.self,
      weights: { (UnsafePointer(outputWeights(of: $0)), UnsafePointer(inputWeights(of: $0))) },
      body)
  }

  /// For each system the mean over its particles of |a - a'|^2 + |w - w'|^2, where (a', w') is the particle
  /// of the same number of `other`; sums in double precision, block by block, the same for any number of
  /// threads.
  public func meanSquaredDistances(to other: ParticleEnsemble, workers: Workers) -> [Double] {
    precondition(layout == other.layout, "ensembles of one shape")
    let squares = AlignedBuffer<Double>(count: layout.held.count, repeating: 0)
    workers.forEach(layout.held.count) { [self] piece, _ in
      let block = layout.block(layout.held.lowerBound + piece)
      func sum(
        _ x: UnsafeMutablePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, _ count: Int
      ) -> Double {
        var sum = 0.0
        for i in 0..<count {
          let gap = Double(x[i]) - Double(y[i])
          sum += gap * gap
        }
        return sum
      }
      squares.base[piece] =
        sum(outputWeights(of: block), other.outputWeights(of: block), block.count * outputs)
        + sum(inputWeights(of: block), other.inputWeights(of: block), block.count * features)
    }
    let sums = BlockSums(squares.base, width: 1, layout: layout)
    return (0..<systems).map { sums[$0, 0] / Double(particles) }
  }
}
