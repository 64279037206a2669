import LinearAlgebra
import Networks

/// Steps in which some coordinates of the input weights move at every step and the others more rarely
/// (``FastCoordinates``).
extension PreactivationSweep {
  /// One step of a block on the full batch: d += D X_r and z -= D X_r X_r^T, two products through the r fast
  /// coordinates, and where a move of the slow ones is due c += D and z -= D G with the D of its gradients
  /// and the Gram matrix G of the slow coordinates; all D at the particles before the step.
  func applyToFastCoordinates(
    _ update: Update, of block: ParticleLayout.Block, _ scratch: Scratch
  ) {
    guard let r = ensemble.fastCoordinates?.count, update.batch == nil else {
      preconditionFailure("fast coordinates move in steps on the full batch")
    }
    let (n, rows) = (ensemble.points, block.count)
    let stride = ensemble.layout.outputs == 1 ? paddedPoints : n
    let z = ensemble.preactivations(of: block)
    let (changes, moves) = (scratch.changes.base, scratch.moves.base)
    let sums = scratch.sweep.sums.base
    let remaining = makeChanges(update.gradients, of: block, keptIn: nil, sums: sums, scratch)
    Scalar.multiply(
      changes, transposed: false, leading: stride, fastInputs.rows.base, transposed: false,
      leading: r, into: moves, leading: r, m: rows, n: r, k: n, alpha: 1, beta: 0)
    if let slow = update.slow {
      _ = makeChanges(
        slow, of: block, keptIn: ensemble.coefficients(of: block),
        sums: scratch.sweep.middleOutput.base, scratch)
      Scalar.multiply(
        changes, transposed: false, leading: stride, gram.base, transposed: false,
        leading: paddedPoints, into: z, leading: n, m: rows, n: n, k: n, alpha: -remaining, beta: 1)
    }
    Scalar.multiply(
      moves, transposed: false, leading: r, fastInputs.columns.base, transposed: false,
      leading: paddedPoints, into: z, leading: n, m: rows, n: n, k: r, alpha: -remaining,
      beta: 1)
    Scalar.descend(
      ensemble.fastChanges(of: block), along: moves, count: rows * r, step: -remaining)
    moveOutputWeights(ensemble.outputWeights(of: block), sums, block)
  }

  /// D in the changes and sum_i g_i phi(z_ri) in the sums.
  ///
  /// - Parameter coefficients: what D is added to.
  /// - Returns: the factor that D lacks.
  private func makeChanges(
    _ gradients: [Scalar], of block: ParticleLayout.Block,
    keptIn coefficients: UnsafeMutablePointer<Scalar>?, sums: UnsafeMutablePointer<Scalar>,
    _ scratch: Scratch
  ) -> Scalar {
    let (n, rows, outputs) = (ensemble.points, block.count, ensemble.layout.outputs)
    let a = ensemble.outputWeights(of: block)
    let z = ensemble.preactivations(of: block)
    let inputStep = Scalar(step.inputStep)
    return gradients.withUnsafeBufferPointer { gradients in
      let g = gradients.baseAddress! + block.system * n * outputs
      if outputs == 1 {
        Scalar.preactivationStep(
          law, z, rows: rows, points: n, gradient: g, outputWeights: a, step: inputStep,
          delta: scratch.changes.base, deltaStride: paddedPoints, coefficients: coefficients,
          sums: sums)
        return 1
      }
      addGradients(g, a, z, nil, size: n, rows: rows, sums: sums, scratch)
      if let coefficients {
        Scalar.descend(
          coefficients, along: scratch.changes.base, count: rows * n, step: -inputStep)
      }
      return inputStep
    }
  }
}
