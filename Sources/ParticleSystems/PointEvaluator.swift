import LinearAlgebra

/// Adds the share of a block of particles to the logits on a set of points, and to the tangent kernel
/// at the probes.
struct PointEvaluator<Scalar: ParticleScalar>: Sendable {
  let law: PointwiseLaw<Scalar>
  let layout: ParticleLayout

  /// - Parameter eachChunk: sees the preactivations of every chunk of points before they are used up.
  func add(
    outputWeights a: UnsafePointer<Scalar>, inputWeights w: UnsafePointer<Scalar>, rows: Int,
    to evaluation: Evaluation<Scalar>, _ share: UnsafeMutablePointer<Scalar>,
    _ scratch: SweepScratch<Scalar>,
    eachChunk: (_ first: Int, _ z: UnsafePointer<Scalar>, _ shape: BlockShape) -> Void
  ) {
    let z = scratch.preactivations.base
    pairWeights(a, rows: rows, scratch)
    PointChunks.forEach(of: evaluation.points.count) { first, count in
      let shape = BlockShape(rows: rows, points: count, stride: count)
      evaluation.points.preactivate(w, rows: rows, first: first, count: count, into: z)
      eachChunk(first, z, shape)
      let probes = min(max(evaluation.probes - first, 0), count)
      if probes > 0 {
        let sums = share + evaluation.tangentOffset + first
        Scalar.tangentSums(
          law, z, BlockShape(rows: rows, points: probes, stride: count),
          outputWeights: layout.outputs == 1 ? a : UnsafePointer(scratch.column.base),
          masses: scratch.masses.base, valueSums: sums,
          derivativeSums: sums + evaluation.probes)
      }
      addLogits(z, shape, outputWeights: a, to: share + first * layout.outputs, scratch)
    }
  }

  /// What several outputs need of the output weights before ``addLogits(_:_:outputWeights:to:_:)``.
  func pairWeights(
    _ a: UnsafePointer<Scalar>, rows: Int, _ scratch: SweepScratch<Scalar>
  ) {
    guard layout.outputs > 1 else { return }
    Scalar.pairWeights(
      a, rows: rows, outputs: layout.outputs, into: scratch.pairedWeights.base)
    Scalar.rowRMS(a, rows: rows, outputs: layout.outputs, into: scratch.column.base)
  }

  /// Adds to the logits (point, output) of a chunk, the first time they are touched; with several
  /// outputs it overwrites the preactivations.
  func addLogits(
    _ z: UnsafeMutablePointer<Scalar>, _ shape: BlockShape,
    outputWeights a: UnsafePointer<Scalar>, to logits: UnsafeMutablePointer<Scalar>,
    _ scratch: SweepScratch<Scalar>
  ) {
    if layout.outputs == 1 {
      Scalar.forward(law, z, shape, coefficients: a, sums: logits)
    } else {
      Scalar.pairValues(law, z, shape)
      Scalar.multiply(
        z, transposed: true, leading: shape.stride, scratch.pairedWeights.base,
        transposed: false, leading: layout.outputs, into: logits, leading: layout.outputs,
        m: shape.points, n: layout.outputs, k: shape.rows, alpha: 1, beta: 0)
    }
  }
}
