import LinearAlgebra

extension PreactivationSweep {
  /// Adds a block's share of the logits on the training points.
  func addTraining(
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

  func addTest(
    _ block: ParticleLayout.Block, _ index: Int, to evaluation: Evaluation<Scalar>,
    _ scratch: SweepScratch<Scalar>
  ) {
    let share = evaluation.clearedShare(of: index)
    let w = scratch.direction.base
    ensemble.inputWeights(of: block, into: w, initialOutputWeights: scratch.sums.base)
    evaluator.add(
      outputWeights: ensemble.outputWeights(of: block), inputWeights: w, rows: block.count,
      masses: ensemble.sources[block.system].massesBySize(first: block.first, count: block.count),
      to: evaluation, share, scratch, eachChunk: { _, _, _ in })
  }
}
