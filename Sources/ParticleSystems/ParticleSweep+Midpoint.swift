import LinearAlgebra
import Networks

extension ParticleSweep {
  /// One update of a block by the gradients of a and w at `GradientUpdate/midpoint`.
  ///
  /// Cost: products of n m for every particle are six of 2 n m operations each, against three in a step from the
  /// parameters themselves (five against two where signs are kept, one less where phi is smooth), with
  /// that of the evaluation that follows.
  func applyAtMidpoint(
    _ update: Update, to block: ParticleLayout.Block, _ scratch: SweepScratch<Scalar>
  ) {
    let (rows, features, outputs) = (block.count, ensemble.features, ensemble.outputs)
    let a = ensemble.outputWeights(of: block)
    let w = ensemble.inputWeights(of: block)
    let v = scratch.direction.base
    let sums = scratch.sums.base
    let middleA = scratch.middleOutput.base
    let middleW = scratch.middleInput.base
    let midpoint = GradientUpdate.midpoint(ofSteps: update.steps)
    addGradients(update, block, scratch)
    if outputs == 1 { Scalar.scaleRows(v, by: a, rows: rows, features: features) }
    middleA.update(from: a, count: rows * outputs)
    middleW.update(from: w, count: rows * features)
    Scalar.descend(
      middleA, along: sums, count: rows * outputs, step: Scalar(midpoint * step.outputStep))
    Scalar.descend(
      middleW, along: v, count: rows * features, step: Scalar(midpoint * step.inputStep))
    update.gradients.withUnsafeBufferPointer { gradients in
      gradientSums.ofBlock(
        BlockMeans(law, steps: update.steps), outputWeights: middleA,
        inputWeights: middleW, startingAt: w, rows: rows, update.points,
        gradients.baseAddress! + block.system * update.points.count * outputs,
        intoOutput: sums, intoInput: v, scratch)
    }
    Scalar.descend(a, along: sums, count: rows * outputs, step: Scalar(step.outputStep))
    Scalar.descend(w, along: v, count: rows * features, step: Scalar(step.inputStep))
  }
}
