import LinearAlgebra
import Networks

extension PreactivationSweep {
  /// One update of a block by the gradients at `GradientUpdate/midpoint`: twice the products of a
  /// step from the preactivations themselves.
  func applyAtMidpoint(
    _ update: Update, to block: ParticleLayout.Block, _ scratch: Scratch
  ) {
    let n = ensemble.points
    let (rows, outputs) = (block.count, ensemble.layout.outputs)
    let a = ensemble.outputWeights(of: block)
    let z = ensemble.preactivations(of: block)
    let changes = scratch.changes.base
    let sums = scratch.sweep.sums.base
    let middleA = scratch.sweep.middleOutput.base
    let middleZ = scratch.middle.base
    let midpoint = GradientUpdate.midpoint(ofSteps: update.steps)
    update.gradients.withUnsafeBufferPointer { gradients in
      let g = gradients.baseAddress! + block.system * n * outputs
      addGradients(g, a, z, nil, size: n, rows: rows, sums: sums, scratch)
      middleA.update(from: a, count: rows * outputs)
      Scalar.descend(
        middleA, along: sums, count: rows * outputs,
        step: Scalar(midpoint * step.outputStep))
      middleZ.update(from: z, count: rows * n)
      addProduct(
        changes, rows: rows,
        factor: -GradientUpdate.midpoint(ofSteps: update.steps) * step.inputStep, to: middleZ)
      Scalar.multiply(
        middleA, transposed: false, leading: outputs, g, transposed: true, leading: outputs,
        into: changes, leading: n, m: rows, n: n, k: outputs, alpha: 1, beta: 0)
      BlockMeans(law, steps: update.steps).apply(
        middleZ, start: z, changes, BlockShape(rows: rows, points: n, stride: n))
      Scalar.multiply(
        middleZ, transposed: false, leading: n, g, transposed: false, leading: outputs,
        into: sums, leading: outputs, m: rows, n: outputs, k: n, alpha: 1, beta: 0)
    }
    addCoefficients(
      ensemble.coefficients(of: block), nil, changes, size: n, rows: rows, Scalar(step.inputStep))
    addProduct(changes, rows: rows, factor: -step.inputStep, to: z)
    moveOutputWeights(a, sums, block)
  }

  /// Adds a multiple of a block's changes of the coefficients, times the Gram matrix.
  private func addProduct(
    _ changes: UnsafePointer<Scalar>, rows: Int, factor: Double,
    to z: UnsafeMutablePointer<Scalar>
  ) {
    let n = ensemble.points
    Scalar.multiply(
      changes, transposed: false, leading: n, gram.base, transposed: false, leading: paddedPoints,
      into: z, leading: n, m: rows, n: n, k: n, alpha: Scalar(factor), beta: 1)
  }
}
