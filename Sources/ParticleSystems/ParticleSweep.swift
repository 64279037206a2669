import Checkpoints
import Execution
import LinearAlgebra
import Networks

/// One pass over an ensemble: each block of particles takes a gradient step and, while it is in
/// cache, adds its share to the logits of the new parameters.
///
/// The products with the inputs are OpenBLAS calls on blocks of `ParticleLayout/blockSize`
/// particles and at most `chunkSize` points, on memory of the worker: no array of size points x
/// particles exists. With n points, D features and N particles a step costs 4 n D N operations
/// where signs are kept, 6 n D N where the preactivations must be made again.
///
/// *Signs.* For a piecewise linear phi and one output the step needs of the preactivations z only
/// their signs: phi'(z) is one of two numbers, and with v = sum_i g_i phi'(w x_i) x_i, which the step
/// of w needs anyway, sum_i g_i phi(w x_i) = w . v by Euler's theorem. One bit a point and particle is
/// kept from the forward half of a pass to the backward half of the next, provided that these bits
/// take no more memory than the particles' own parameters.
///
/// *Several outputs.* With A (rows a_r) and G (rows g_i) of C columns, the logits' share of a block is
/// the product phi(Z)^T A, the gradient of w the product of (A G^T) * phi'(Z) (entry by entry) with the
/// inputs, and that of a the product phi(Z) G: 6 n D N + 6 n C N operations a step, always with the
/// preactivations made again, because Euler's theorem would take one v for each output.
final class ParticleSweep<Scalar: ParticleScalar>: @unchecked Sendable {
  let ensemble: ParticleEnsemble<Scalar>
  let law: PointwiseLaw<Scalar>
  let evaluator: PointEvaluator<Scalar>
  let gradientSums: GradientSums<Scalar>
  let step: ParticleStep
  let state: UpdateState<Scalar>
  let mask: AlignedBuffer<UInt64>?
  let maskWords: Int
  private let workers: Workers
  private let scratch: [SweepScratch<Scalar>]

  /// A gradient step on `points`: `gradients` holds dL/df (point, output), system by system.
  struct Update {
    let points: PointSet<Scalar>
    let gradients: [Scalar]
    /// See `GradientUpdate/steps`.
    let steps: Int
  }

  /// - Parameters:
  ///   - largestBatch: the most points an update will have.
  ///   - largestPointSet: the most points any evaluation or update will have.
  init(
    ensemble: ParticleEnsemble<Scalar>, activation: Activation, step: ParticleStep,
    largestBatch: Int, largestPointSet: Int, decomposes: Bool, workers: Workers
  ) {
    self.ensemble = ensemble
    law = PointwiseLaw(activation)
    evaluator = PointEvaluator(law: law, layout: ensemble.layout)
    gradientSums = GradientSums(law: law, layout: ensemble.layout)
    self.step = step
    state = UpdateState(step.update, ensemble)
    self.workers = workers.forProducts
    maskWords = (largestBatch + 63) / 64
    let particleBytes = (ensemble.features + 1) * MemoryLayout<Scalar>.stride
    mask =
      law.isPiecewiseLinear && ensemble.outputs == 1 && maskWords * 8 <= particleBytes
      ? AlignedBuffer(count: ensemble.layout.heldParticles.count * maskWords, repeating: 0) : nil
    let rows = min(ParticleLayout.blockSize, ensemble.particles)
    let points = min(PointChunks.largest, (largestPointSet + 63) / 64 * 64)
    scratch = (0..<self.workers.count).map { _ in
      SweepScratch(
        rows: rows, points: points, layout: ensemble.layout, decomposes: decomposes)
    }
  }

  /// Steps every particle (where there is an update), then evaluates the new parameters.
  func begin(
    update: Update?, evaluations: [Evaluation<Scalar>], result: @escaping () -> EvaluatedLogits
  ) -> PendingAdvance {
    if let update {
      precondition(
        update.gradients.count == ensemble.systems * update.points.count * ensemble.outputs)
      precondition(update.steps == 1 || step.update == .gradient)
    }
    let held = ensemble.layout.held
    let work = { @Sendable [self] (piece: Int, worker: Int) in
      let index = held.lowerBound + piece
      let block = ensemble.layout.block(index)
      if let update {
        if update.steps == 1 {
          apply(update, to: block, scratch[worker])
        } else {
          applyAtMidpoint(update, to: block, scratch[worker])
        }
      }
      for evaluation in evaluations { add(block, index, to: evaluation, scratch[worker]) }
    }
    return PendingAdvance(
      pieces: held.count, workers: workers, work: work, result: result)
  }

  /// What is kept from one pass to the next beside the weights.
  func exchange(_ state: RunState) throws {
    try self.state.exchange(state)
    if let mask { try state.exchange("signs", mask, part: ensemble.layout.part(maskWords)) }
  }

  func maskRow(_ block: ParticleLayout.Block) -> UnsafeMutablePointer<UInt64>? {
    mask.map { $0.base + block.row * maskWords }
  }
}
