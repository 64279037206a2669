import LinearAlgebra

extension ParticleSweep {
  /// Adds the block's share to an evaluation.
  func add(
    _ block: ParticleEnsemble<Scalar>.Block, _ index: Int, to evaluation: Evaluation<Scalar>,
    _ scratch: SweepScratch<Scalar>
  ) {
    let share = evaluation.clearedShare(of: index)
    let a = ensemble.outputWeights(of: block)
    let w = ensemble.inputWeights(of: block)
    let z = scratch.preactivations.base
    let outputs = ensemble.outputs
    if outputs > 1 {
      Scalar.pairWeights(
        a, rows: block.count, outputs: outputs, into: scratch.pairedWeights.base)
      Scalar.rowRMS(a, rows: block.count, outputs: outputs, into: scratch.column.base)
    }
    forEachChunk(of: evaluation.points.count) { first, count in
      let shape = BlockShape(rows: block.count, points: count, stride: count)
      preactivate(
        w, rows: block.count, evaluation.points, first: first, count: count, into: z)
      if outputs == 1 { Scalar.forward(law, z, shape, coefficients: a, sums: share + first) }
      if evaluation.keepsMask, let mask = maskRow(block) {
        Scalar.packMask(z, shape, mask: mask + first / 64, words: maskWords)
      }
      let probes = min(max(evaluation.probes - first, 0), count)
      if probes > 0 {
        let sums = share + evaluation.tangentOffset + first
        Scalar.tangentSums(
          law, z, BlockShape(rows: block.count, points: probes, stride: count),
          outputWeights: outputs == 1 ? a : scratch.column.base, masses: scratch.masses.base,
          valueSums: sums, derivativeSums: sums + evaluation.probes)
      }
      if outputs > 1 {
        // Overwrites z, which nothing needs any more.
        Scalar.pairValues(law, z, shape)
        Scalar.multiply(
          z, transposed: true, leading: count, scratch.pairedWeights.base, transposed: false,
          leading: outputs, into: share + first * outputs, leading: outputs, m: count, n: outputs,
          k: block.count, alpha: 1, beta: 0)
      }
    }
    if evaluation.decomposes { addDecomposition(of: block, to: evaluation, share, scratch) }
  }

  /// Adds the block's share of the four terms, with the initial parameters drawn again into the
  /// memory of the update's direction, which is free between updates.
  private func addDecomposition(
    of block: ParticleEnsemble<Scalar>.Block, to evaluation: Evaluation<Scalar>,
    _ share: UnsafeMutablePointer<Scalar>, _ scratch: SweepScratch<Scalar>
  ) {
    let w0 = scratch.direction.base
    let z = scratch.preactivations.base
    let z0 = scratch.initialPreactivations.base
    ensemble.fillInitial(block, scratch.initialOutputWeights.base, w0)
    let points = evaluation.points
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 4 * Self.chunkSize) { terms in
      forEachChunk(of: points.count) { first, count in
        let shape = BlockShape(rows: block.count, points: count, stride: count)
        preactivate(
          ensemble.inputWeights(of: block), rows: block.count, points, first: first,
          count: count, into: z)
        preactivate(w0, rows: block.count, points, first: first, count: count, into: z0)
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
    _ output: Int, of block: ParticleEnsemble<Scalar>.Block, _ scratch: SweepScratch<Scalar>
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
