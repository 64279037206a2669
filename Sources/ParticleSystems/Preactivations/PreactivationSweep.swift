import Execution
import LinearAlgebra
import Networks

/// One pass over a ``PreactivationEnsemble``: each block of particles takes a gradient step and, while
/// it is in cache, adds its share to the logits of the new parameters.
///
/// With G the Gram matrix of the training inputs, a step is
///
///     D_ri = inputStep (g_i . a_r) phi'(z_ri),   c += D,   z -= D G,   a_r -= outputStep sum_i g_i phi(z_ri)
///
/// one product of 2 n b operations a particle for a batch of b of the n training points.
final class PreactivationSweep<Scalar: ParticleScalar>: @unchecked Sendable {
  let ensemble: PreactivationEnsemble<Scalar>
  private let law: PointwiseLaw<Scalar>
  private let evaluator: PointEvaluator<Scalar>
  private let step: ParticleStep
  private let workers: Workers
  /// G, row-major.
  private let gram: AlignedBuffer<Scalar>
  /// Velocities of c and a, with momentum.
  private let inputVelocities: AlignedBuffer<Scalar>
  private let outputVelocities: AlignedBuffer<Scalar>
  private let scratch: [Scratch]

  struct Update {
    /// Numbers of the training points, or `nil` for all of them.
    let batch: [Int]?
    /// dL/df (point, output), system by system.
    let gradients: [Scalar]
  }

  /// Memory of one worker.
  private struct Scratch: Sendable {
    /// Preactivations on the batch, rows x batch.
    let values: AlignedBuffer<Scalar>
    /// D, rows x batch.
    let changes: AlignedBuffer<Scalar>
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
    gram = AlignedBuffer(count: n * n, repeating: 0)
    let layout = ensemble.layout
    let rows = layout.largestBlock
    let kept = step.update == .gradient ? 0 : layout.systems * layout.particles
    inputVelocities = AlignedBuffer(count: kept * n, repeating: 0)
    outputVelocities = AlignedBuffer(count: kept * layout.outputs, repeating: 0)
    scratch = (0..<self.workers.count).map { _ in
      Scratch(
        values: AlignedBuffer(count: rows * largestBatch, repeating: 0),
        changes: AlignedBuffer(count: rows * largestBatch, repeating: 0),
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
    let inputs = AlignedBuffer<Double>(count: n * training.features, repeating: 0)
    for i in 0..<(n * training.features) { inputs.base[i] = Double(training.inputs.base[i]) }
    let rows = 64
    workers.forEach((n + rows - 1) / rows) { [gram] item, _ in
      let first = item * rows
      let count = min(rows, n - first)
      let products = AlignedBuffer<Double>(count: count * n, repeating: 0)
      Double.multiply(
        inputs.base + first * training.features, transposed: false, leading: training.features,
        inputs.base, transposed: true, leading: training.features, into: products.base,
        leading: n, m: count, n: n, k: training.features, alpha: 1, beta: 0)
      for i in 0..<(count * n) { gram.base[first * n + i] = Scalar(products.base[i]) }
    }
  }

  /// Steps every particle (where there is an update), then evaluates the new parameters.
  ///
  /// - Parameters:
  ///   - training: evaluation of the training points, where wanted.
  ///   - test: of other points, for which the input weights are made.
  func run(update: Update?, training: Evaluation<Scalar>?, test: Evaluation<Scalar>?) {
    // The rows of G that a batch needs, side by side.
    let selected = update?.batch.map { batch in
      let n = ensemble.points
      let rows = AlignedBuffer<Scalar>(count: batch.count * n, repeating: 0)
      for (position, index) in batch.enumerated() {
        (rows.base + position * n).update(from: gram.base + index * n, count: n)
      }
      return rows
    }
    workers.forEach(ensemble.layout.blockCount) { [self] index, worker in
      let block = ensemble.layout.block(index)
      if let update { apply(update, gram: selected ?? gram, to: block, scratch[worker]) }
      if let training { addTraining(block, index, to: training, scratch[worker].sweep) }
      if let test { addTest(block, index, to: test, scratch[worker].sweep) }
    }
  }

  private func apply(
    _ update: Update, gram: AlignedBuffer<Scalar>, to block: ParticleLayout.Block,
    _ scratch: Scratch
  ) {
    let n = ensemble.points
    let outputs = ensemble.layout.outputs
    let size = update.batch?.count ?? n
    let a = ensemble.outputWeights(of: block)
    let c = ensemble.coefficients(of: block)
    let z = ensemble.preactivations(of: block)
    let changes = scratch.changes.base
    let sums = scratch.sweep.sums.base
    let isFused = outputs == 1 && step.update == .gradient && update.batch == nil
    let inputStep = Scalar(step.inputStep)
    update.gradients.withUnsafeBufferPointer { gradients in
      let g = gradients.baseAddress! + block.system * size * outputs
      if isFused {
        Scalar.preactivationStep(
          law, z, rows: block.count, points: n, gradient: g, outputWeights: a, step: inputStep,
          delta: changes, coefficients: c, sums: sums)
      } else {
        addGradients(g, a, z, update.batch, size: size, rows: block.count, scratch)
        switch step.update {
        case .momentum(let coefficient):
          addMomentum(coefficient, update.batch, block, scratch)
        case .gradient, .rmsProp:
          addCoefficients(c, update.batch, changes, size: size, rows: block.count, inputStep)
        }
      }
    }
    let isMomentum = !isFused && step.update != .gradient
    // With momentum every coefficient moves, also those of points outside the batch.
    let moved = isMomentum ? inputVelocities.base + block.row * n : changes
    let products = isMomentum ? self.gram : gram
    Scalar.multiply(
      moved, transposed: false, leading: isMomentum ? n : size, products.base, transposed: false,
      leading: n, into: z, leading: n, m: block.count, n: n, k: isMomentum ? n : size,
      alpha: isFused ? -1 : -inputStep, beta: 1)
    moveOutputWeights(a, sums, block)
  }

  /// (g_i . a_r) phi'(z_ri) in `changes` and sum_i g_i phi(z_ri) in the sums.
  private func addGradients(
    _ g: UnsafePointer<Scalar>, _ a: UnsafePointer<Scalar>, _ z: UnsafePointer<Scalar>,
    _ batch: [Int]?, size: Int, rows: Int, _ scratch: Scratch
  ) {
    let n = ensemble.points
    let outputs = ensemble.layout.outputs
    let values = scratch.values.base
    if let batch {
      for r in 0..<rows {
        for (position, index) in batch.enumerated() {
          values[r * size + position] = z[r * n + index]
        }
      }
    } else {
      values.update(from: z, count: rows * n)
    }
    Scalar.multiply(
      a, transposed: false, leading: outputs, g, transposed: true, leading: outputs,
      into: scratch.changes.base, leading: size, m: rows, n: size, k: outputs, alpha: 1, beta: 0)
    Scalar.backwardOutputs(
      law, values, scratch.changes.base, BlockShape(rows: rows, points: size, stride: size))
    Scalar.multiply(
      values, transposed: false, leading: size, g, transposed: false, leading: outputs,
      into: scratch.sweep.sums.base, leading: outputs, m: rows, n: outputs, k: size, alpha: 1,
      beta: 0)
  }

  private func addCoefficients(
    _ c: UnsafeMutablePointer<Scalar>, _ batch: [Int]?, _ changes: UnsafePointer<Scalar>,
    size: Int, rows: Int, _ inputStep: Scalar
  ) {
    let n = ensemble.points
    guard let batch else {
      Scalar.descend(c, along: changes, count: rows * n, step: -inputStep)
      return
    }
    for r in 0..<rows {
      for (position, index) in batch.enumerated() {
        c[r * n + index] += inputStep * changes[r * size + position]
      }
    }
  }

  /// v <- momentum v + D, c += inputStep v.
  private func addMomentum(
    _ coefficient: Double, _ batch: [Int]?, _ block: ParticleLayout.Block, _ scratch: Scratch
  ) {
    let n = ensemble.points
    let changes = scratch.changes.base
    let velocity = inputVelocities.base + block.row * n
    let c = ensemble.coefficients(of: block)
    let inputStep = Scalar(step.inputStep)
    guard let batch else {
      Scalar.momentum(
        c, velocity: velocity, along: changes, count: block.count * n,
        coefficient: Scalar(coefficient), step: -inputStep)
      return
    }
    for r in 0..<block.count {
      let row = velocity + r * n
      for i in 0..<n { row[i] *= Scalar(coefficient) }
      for (position, index) in batch.enumerated() {
        row[index] += changes[r * batch.count + position]
      }
    }
    Scalar.descend(c, along: velocity, count: block.count * n, step: -inputStep)
  }

  private func moveOutputWeights(
    _ a: UnsafeMutablePointer<Scalar>, _ sums: UnsafePointer<Scalar>,
    _ block: ParticleLayout.Block
  ) {
    let count = block.count * ensemble.layout.outputs
    let outputStep = Scalar(step.outputStep)
    if case .momentum(let coefficient) = step.update {
      Scalar.momentum(
        a, velocity: outputVelocities.base + block.row * ensemble.layout.outputs, along: sums,
        count: count, coefficient: Scalar(coefficient), step: outputStep)
    } else {
      Scalar.descend(a, along: sums, count: count, step: outputStep)
    }
  }

  private func addTraining(
    _ block: ParticleLayout.Block, _ index: Int, to evaluation: Evaluation<Scalar>,
    _ scratch: SweepScratch<Scalar>
  ) {
    let share = evaluation.clearedShare(of: index)
    let n = ensemble.points
    let a = ensemble.outputWeights(of: block)
    let z = ensemble.preactivations(of: block)
    evaluator.pairWeights(a, rows: block.count, scratch)
    if ensemble.layout.outputs == 1 {
      let shape = BlockShape(rows: block.count, points: n, stride: n)
      evaluator.addLogits(law, z, shape, outputWeights: a, to: share, scratch)
      return
    }
    // The pass over several outputs overwrites what it is given.
    let copy = scratch.preactivations.base
    PointChunks.forEach(of: n) { first, count in
      for r in 0..<block.count {
        (copy + r * count).update(from: z + r * n + first, count: count)
      }
      evaluator.addLogits(
        law, copy, BlockShape(rows: block.count, points: count, stride: count), outputWeights: a,
        to: share + first * ensemble.layout.outputs, scratch)
    }
  }

  private func addTest(
    _ block: ParticleLayout.Block, _ index: Int, to evaluation: Evaluation<Scalar>,
    _ scratch: SweepScratch<Scalar>
  ) {
    let share = evaluation.clearedShare(of: index)
    let w = scratch.direction.base
    ensemble.inputWeights(of: block, into: w, initialOutputWeights: scratch.sums.base)
    evaluator.add(
      outputWeights: ensemble.outputWeights(of: block), inputWeights: w, rows: block.count,
      to: evaluation, share, scratch, eachChunk: { _, _, _ in })
  }
}
