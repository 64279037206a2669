import LinearAlgebra

extension ParticleSweep {
  /// Adds the block's share to an evaluation.
  func add(
    _ block: ParticleLayout.Block, _ index: Int, to evaluation: Evaluation<Scalar>,
    _ scratch: SweepScratch<Scalar>
  ) {
    let share = evaluation.clearedShare(of: index)
    let mask = evaluation.keepsMask ? maskRow(block) : nil
    evaluator.add(
      outputWeights: ensemble.outputWeights(of: block),
      inputWeights: ensemble.inputWeights(of: block), rows: block.count,
      masses: ensemble.massesBySize(of: block), to: evaluation, share, scratch
    ) { first, z, shape in
      if let mask { Scalar.packMask(z, shape, mask: mask + first / 64, words: maskWords) }
    }
    if evaluation.decomposes { addDecomposition(of: block, to: evaluation, share, scratch) }
  }

  /// Adds the block's share of the four terms, with the initial parameters drawn again into the
  /// memory of the update's direction, which is free between updates.
  private func addDecomposition(
    of block: ParticleLayout.Block, to evaluation: Evaluation<Scalar>,
    _ share: UnsafeMutablePointer<Scalar>, _ scratch: SweepScratch<Scalar>
  ) {
    let w0 = scratch.direction.base
    let z = scratch.preactivations.base
    let z0 = scratch.initialPreactivations.base
    ensemble.fillInitial(block, scratch.initialOutputWeights.base, w0)
    let points = evaluation.points
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 4 * PointChunks.largest) { terms in
      PointChunks.forEach(of: points.count) { first, count in
        let shape = BlockShape(rows: block.count, points: count, stride: count)
        points.preactivate(
          ensemble.inputWeights(of: block), rows: block.count, first: first, count: count, into: z)
        points.preactivate(w0, rows: block.count, first: first, count: count, into: z0)
        for output in 0..<ensemble.outputs {
          let (a, a0) = columns(output, of: block, scratch)
          terms.initialize(repeating: 0)
          Scalar.decomposition(
            law, z, initial: z0, shape, outputWeights: a, initialOutputWeights: a0,
            terms: terms.baseAddress!)
          for term in 0..<4 {
            let offset = evaluation.decompositionOffset(output: output, term: term) + first
            (share + offset).update(from: terms.baseAddress! + term * count, count: count)
          }
        }
      }
    }
  }

  /// The block's weights of one output, now and at initialization, one a row.
  private func columns(
    _ output: Int, of block: ParticleLayout.Block, _ scratch: SweepScratch<Scalar>
  ) -> (UnsafePointer<Scalar>, UnsafePointer<Scalar>) {
    let a = ensemble.outputWeights(of: block)
    let a0 = scratch.initialOutputWeights.base
    let outputs = ensemble.outputs
    if outputs == 1 { return (UnsafePointer(a), UnsafePointer(a0)) }
    Scalar.gather(
      a, rows: block.count, outputs: outputs, column: output, into: scratch.column.base)
    Scalar.gather(
      a0, rows: block.count, outputs: outputs, column: output, into: scratch.initialColumn.base)
    return (UnsafePointer(scratch.column.base), UnsafePointer(scratch.initialColumn.base))
  }
}
