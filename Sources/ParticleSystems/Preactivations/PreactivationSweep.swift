import Execution
import LinearAlgebra
import Networks

/// One pass over a `PreactivationEnsemble`: each block of particles takes a gradient step and, while
/// it is in cache, adds its share to the logits of the new parameters.
///
/// With G the Gram matrix of the training inputs, a step is
///
///     D_ri = inputStep (g_i . a_r) phi'(z_ri),   c += D,   z -= D G,   a_r -= outputStep sum_i g_i phi(z_ri)
///
/// one product of 2 n b operations a particle for a batch of b of the n training points. With r fast
/// coordinates 4 n r operations, and 2 n^2 more once in several steps.
final class PreactivationSweep<Scalar: ParticleScalar>: @unchecked Sendable {
  let ensemble: PreactivationEnsemble<Scalar>
  let law: PointwiseLaw<Scalar>
  let evaluator: PointEvaluator<Scalar>
  let step: ParticleStep
  private let workers: Workers
  /// G, rows of `paddedPoints`; of the slow coordinates alone where there are fast ones.
  let gram: AlignedBuffer<Scalar>
  /// The r fast coordinates of the training inputs, X_r in rows of r and its transpose in rows of
  /// `paddedPoints`: as operands of the two products of a step each is read in the order it is kept in.
  let fastInputs: (rows: AlignedBuffer<Scalar>, columns: AlignedBuffer<Scalar>)
  /// Velocities of c and a, with momentum.
  let inputVelocities: AlignedBuffer<Scalar>
  let outputVelocities: AlignedBuffer<Scalar>
  private let scratch: [Scratch]
  /// Numbers from row to row of G, and of the changes with one output: rows a power of two apart would fall into
  /// the same few sets of the caches while they are copied into the panels of a product.
  let paddedPoints: Int

  struct Update {
    /// Numbers of the training points, or `nil` for all of them.
    let batch: [Int]?
    /// dL/df (point, output), system by system.
    let gradients: [Scalar]
    /// See `GradientUpdate/steps`.
    let steps: Int
    /// Gradients of a move of the slow coordinates that is due, as the others.
    let slow: [Scalar]?
  }

  /// Memory of one worker.
  struct Scratch: Sendable {
    /// Preactivations on the batch, rows x batch.
    let values: AlignedBuffer<Scalar>
    /// D, rows x batch; with one output on the full batch rows of `changeStride`.
    let changes: AlignedBuffer<Scalar>
    /// Preactivations in the middle of an update (`GradientUpdate/midpoint`), rows x n.
    let middle: AlignedBuffer<Scalar>
    /// D X_r, rows x r, with the r fast coordinates X_r of the training inputs.
    let moves: AlignedBuffer<Scalar>
    let sweep: SweepScratch<Scalar>
  }

  /// - Parameters:
  ///   - largestBatch: the most points an update will have.
  ///   - largestPointSet: the most points any evaluation will have.
  init(
    _ ensemble: PreactivationEnsemble<Scalar>, activation: Activation, step: ParticleStep,
    largestBatch: Int, largestPointSet: Int, workers: Workers
  ) {
    if case .rmsProp = step.update {
      preconditionFailure("RMSProp goes coordinate by coordinate of the input weights")
    }
    self.ensemble = ensemble
    self.step = step
    law = PointwiseLaw(activation)
    evaluator = PointEvaluator(law: law, layout: ensemble.layout)
    self.workers = workers.forProducts
    let n = ensemble.points
    let stride = n % 64 == 0 ? n + 16 : n
    paddedPoints = stride
    let fast = ensemble.fastCoordinates?.count ?? 0
    precondition(
      fast == 0 || step.update == .gradient && largestBatch == n,
      "fast coordinates move in plain steps on the full batch")
    gram = AlignedBuffer(count: n * stride, repeating: 0)
    fastInputs = (
      AlignedBuffer(count: n * fast, repeating: 0),
      AlignedBuffer(count: fast * stride, repeating: 0)
    )
    for i in 0..<(fast > 0 ? n : 0) {
      let row = ensemble.training.inputs.base + i * ensemble.training.features
      for j in 0..<fast {
        fastInputs.rows.base[i * fast + j] = row[j]
        fastInputs.columns.base[j * stride + i] = row[j]
      }
    }
    let layout = ensemble.layout
    let rows = layout.largestBlock
    let kept = step.update == .gradient ? 0 : layout.heldParticles.count
    inputVelocities = AlignedBuffer(count: kept * n, repeating: 0)
    outputVelocities = AlignedBuffer(count: kept * layout.outputs, repeating: 0)
    scratch = (0..<self.workers.count).map { _ in
      Scratch(
        values: AlignedBuffer(count: rows * largestBatch, repeating: 0),
        changes: AlignedBuffer(count: rows * max(largestBatch, stride), repeating: 0),
        middle: AlignedBuffer(count: rows * n, repeating: 0),
        moves: AlignedBuffer(count: rows * fast, repeating: 0),
        sweep: SweepScratch(
          rows: rows, points: min(PointChunks.largest, (largestPointSet + 63) / 64 * 64),
          layout: layout, decomposes: false))
    }
    fillGram()
  }

  /// In double precision, then rounded: a symmetric matrix to the bit.
  private func fillGram() {
    let n = ensemble.points
    let training = ensemble.training
    let fast = ensemble.fastCoordinates?.count ?? 0
    guard fast < training.features else { return }
    let inputs = AlignedBuffer<Double>(count: n * training.features, repeating: 0)
    Scalar.widen(training.inputs.base, count: n * training.features, to: inputs.base)
    let rows = 64
    workers.forEach((n + rows - 1) / rows) { [gram, paddedPoints] item, _ in
      let first = item * rows
      let count = min(rows, n - first)
      let products = AlignedBuffer<Double>(count: count * n, repeating: 0)
      Double.multiply(
        inputs.base + first * training.features + fast, transposed: false,
        leading: training.features, inputs.base + fast, transposed: true,
        leading: training.features, into: products.base, leading: n, m: count, n: n,
        k: training.features - fast, alpha: 1, beta: 0)
      for r in 0..<count {
        Scalar.round(
          products.base + r * n, count: n, to: gram.base + (first + r) * paddedPoints)
      }
    }
  }

  /// A step of every particle (where there is an update) and the evaluation of the new parameters, block by block.
  ///
  /// - Parameters:
  ///   - training: evaluation of the training points, where wanted.
  ///   - test: of other points, for which the input weights are made.
  ///   - result: what is made of the evaluations.
  func begin(
    update: Update?, training: Evaluation<Scalar>?, test: Evaluation<Scalar>?,
    result: @escaping () -> EvaluatedLogits
  ) -> PendingAdvance {
    if let update, update.steps != 1 {
      precondition(update.batch == nil && step.update == .gradient)
      precondition(ensemble.fastCoordinates == nil, "fast coordinates take every step")
    }
    // The rows of G that a batch needs, side by side.
    let selected = update?.batch.map { batch in
      let stride = paddedPoints
      let rows = AlignedBuffer<Scalar>(count: batch.count * stride, repeating: 0)
      for (position, index) in batch.enumerated() {
        (rows.base + position * stride).update(from: gram.base + index * stride, count: stride)
      }
      return rows
    }
    let held = ensemble.layout.held
    let work = { @Sendable [self] (piece: Int, worker: Int) in
      let index = held.lowerBound + piece
      let block = ensemble.layout.block(index)
      if let update {
        if ensemble.fastCoordinates != nil {
          applyToFastCoordinates(update, of: block, scratch[worker])
        } else if update.steps == 1 {
          apply(update, gram: selected ?? gram, to: block, scratch[worker])
        } else {
          applyAtMidpoint(update, to: block, scratch[worker])
        }
      }
      if let training { addTraining(block, index, to: training, scratch[worker].sweep) }
      if let test { addTest(block, index, to: test, scratch[worker].sweep) }
    }
    return PendingAdvance(
      pieces: held.count, workers: workers, work: work, result: result)
  }
}
