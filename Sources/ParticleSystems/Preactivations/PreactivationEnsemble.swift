import Checkpoints
import Execution
import LinearAlgebra

/// Particles represented by what the training points see of them: output weights a, preactivations z
/// on the n training points, and coefficients c of the training inputs in the input weights.
///
/// Gradient steps, with or without momentum and batches, add to w only combinations of training
/// inputs, so w = w_0 - X^T c and z = z_0 - G c with the Gram matrix G = X X^T, for any initial law. The
/// initial w_0 is drawn again where w is wanted. Memory: `systems * particles * (2 n + outputs)`
/// numbers, and n more with momentum, divided among the workers' processes.
///
/// *Fast coordinates.* Where the first r coordinates of w move at every step and the others once in several
/// steps (``FastCoordinates``), the former's changes d are kept beside c: w = w_0 - d in the first
/// r coordinates and w_0 - X^T c in the others. Memory: r numbers more.
package final class PreactivationEnsemble<Scalar: ParticleScalar>: ParticleStore {
  package let layout: ParticleLayout
  /// n
  let points: Int
  let training: PointSet<Scalar>
  let sources: [any ParticleSource]
  let outputWeights: AlignedBuffer<Scalar>
  let preactivations: AlignedBuffer<Scalar>
  let coefficients: AlignedBuffer<Scalar>
  let fastCoordinates: FastCoordinates?
  /// d
  private let fastChanges: AlignedBuffer<Scalar>

  /// Draws the initial particles: one system for each source.
  ///
  /// - Parameters:
  ///   - training: the training inputs in the coordinates of the sources' input weights.
  ///   - fastCoordinates: move at every step, the others more rarely; `nil` where all move at every step.
  package init(
    sources: [any ParticleSource], training: PointSet<Scalar>,
    fastCoordinates: FastCoordinates? = nil, workers: Workers
  ) {
    precondition(!sources.isEmpty && sources[0].count >= 1)
    if let fastCoordinates { precondition(fastCoordinates.count <= training.features) }
    let particles = sources[0].count
    layout = ParticleLayout(
      systems: sources.count, particles: particles, features: sources[0].features,
      outputs: sources[0].outputs, ranks: workers.ranks)
    precondition(layout.features == training.features, "particles and inputs of one dimension")
    precondition(
      sources.allSatisfy { [layout] in
        $0.features == layout.features && $0.outputs == layout.outputs
          && $0.count == layout.particles
      })
    self.sources = sources
    self.training = training
    points = training.count
    self.fastCoordinates = fastCoordinates
    let rows = layout.heldParticles.count
    outputWeights = AlignedBuffer(count: rows * layout.outputs, repeating: 0)
    preactivations = AlignedBuffer(count: rows * points, repeating: 0)
    coefficients = AlignedBuffer(count: rows * points, repeating: 0)
    fastChanges = AlignedBuffer(count: rows * (fastCoordinates?.count ?? 0), repeating: 0)
    let workers = workers.forProducts
    let scratch = (0..<workers.count).map { _ in
      AlignedBuffer<Scalar>(count: layout.largestBlock * layout.features, repeating: 0)
    }
    workers.forEach(layout.held.count) { [self] piece, worker in
      let block = layout.block(layout.held.lowerBound + piece)
      let w = scratch[worker].base
      sources[block.system].fill(
        first: block.first, count: block.count, outputWeights: outputWeights(of: block),
        inputWeights: w)
      training.preactivate(
        w, rows: block.count, first: 0, count: points, into: preactivations(of: block))
    }
  }

  /// All that moves.
  ///
  /// - Throws: what ``RunState`` does.
  func exchange(_ state: RunState) throws {
    try state.exchange("output_weights", outputWeights, part: layout.part(layout.outputs))
    try state.exchange("preactivations", preactivations, part: layout.part(points))
    try state.exchange("coefficients", coefficients, part: layout.part(points))
    try state.exchange(
      "fast_changes", fastChanges, part: layout.part(fastCoordinates?.count ?? 0))
  }

  func outputWeights(of block: ParticleLayout.Block) -> UnsafeMutablePointer<Scalar> {
    outputWeights.base + block.row * layout.outputs
  }

  func preactivations(of block: ParticleLayout.Block) -> UnsafeMutablePointer<Scalar> {
    preactivations.base + block.row * points
  }

  func coefficients(of block: ParticleLayout.Block) -> UnsafeMutablePointer<Scalar> {
    coefficients.base + block.row * points
  }

  func fastChanges(of block: ParticleLayout.Block) -> UnsafeMutablePointer<Scalar> {
    fastChanges.base + block.row * (fastCoordinates?.count ?? 0)
  }

  /// Writes the block's input weights w = w_0 - X^T c, rows of `features` numbers: 2 n features
  /// operations a particle and its initial draw.
  ///
  /// - Parameter initialOutputWeights: room for the initial output weights, which come with the draw.
  func inputWeights(
    of block: ParticleLayout.Block, into w: UnsafeMutablePointer<Scalar>,
    initialOutputWeights: UnsafeMutablePointer<Scalar>
  ) {
    sources[block.system].fill(
      first: block.first, count: block.count, outputWeights: initialOutputWeights,
      inputWeights: w)
    let fast = fastCoordinates?.count ?? 0
    let changes = fastChanges(of: block)
    for r in 0..<(fast > 0 ? block.count : 0) {
      Scalar.descend(w + r * layout.features, along: changes + r * fast, count: fast, step: 1)
    }
    guard layout.features > fast else { return }
    Scalar.multiply(
      coefficients(of: block), transposed: false, leading: points, training.inputs.base + fast,
      transposed: false, leading: layout.features, into: w + fast, leading: layout.features,
      m: block.count, n: layout.features - fast, k: points, alpha: -1, beta: 1)
  }

  package func forEachPart(
    _ body: (
      _ firstParticle: Int, _ outputWeights: UnsafeBufferPointer<Scalar>,
      _ inputWeights: UnsafeBufferPointer<Scalar>
    ) throws -> Void
  ) rethrows {
    let rows = layout.largestBlock
    let w = AlignedBuffer<Scalar>(count: rows * layout.features, repeating: 0)
    let initial = AlignedBuffer<Scalar>(count: rows * layout.outputs, repeating: 0)
    try layout.forEachPart(
      in: Scalar.self,
      weights: { block in
        inputWeights(of: block, into: w.base, initialOutputWeights: initial.base)
        return (UnsafePointer(outputWeights(of: block)), UnsafePointer(w.base))
      }, body)
  }
}
