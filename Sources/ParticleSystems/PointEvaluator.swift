import LinearAlgebra

/// Adds the share of a block of particles to the logits on a set of points, and to the tangent kernel
/// at the probes.
struct PointEvaluator<Scalar: ParticleScalar>: Sendable {
  let law: PointwiseLaw<Scalar>
  let layout: ParticleLayout

  /// - Parameters:
  ///   - masses: that the particles stand for by their size (``ParticleSource/massesBySize(first:count:)``); made
  ///     only where points have components outside the particles' coordinates.
  ///   - eachChunk: sees the preactivations of every chunk of points before they are used up.
  func add(
    outputWeights a: UnsafePointer<Scalar>, inputWeights w: UnsafePointer<Scalar>, rows: Int,
    masses: @autoclosure () -> [Double]?, to evaluation: Evaluation<Scalar>,
    _ share: UnsafeMutablePointer<Scalar>,
    _ scratch: SweepScratch<Scalar>,
    eachChunk: (_ first: Int, _ z: UnsafePointer<Scalar>, _ shape: BlockShape) -> Void
  ) {
    let z = scratch.preactivations.base
    pairWeights(a, rows: rows, scratch)
    let sizes =
      evaluation.smoothing == nil ? nil : masses().map { ParticleSizes($0, outputWeights: a) }
    defer { withExtendedLifetime(sizes) {} }
    PointChunks.forEach(of: evaluation.points.count) { first, count in
      let shape = BlockShape(rows: rows, points: count, stride: count)
      evaluation.points.preactivate(w, rows: rows, first: first, count: count, into: z)
      eachChunk(first, z, shape)
      addTangentPairs(z, shape, first: first, outputWeights: a, to: evaluation, share, scratch)
      sizes?.remove(from: z, shape)
      addTangents(
        z, shape, first: first, outputWeights: a, sizes, to: evaluation, share, scratch)
      let logits = share + first * layout.outputs
      if let smoothing = evaluation.smoothing {
        smoothing.deviations.withUnsafeBufferPointer { deviations in
          smoothing.activation.apply(z, shape, deviations: deviations.baseAddress! + first)
        }
        addLogits(
          .identity, z, shape, outputWeights: sizes?.weighted ?? a, to: logits, scratch)
      } else {
        addLogits(law, z, shape, outputWeights: a, to: logits, scratch)
      }
    }
  }

  /// The sums of the tangent kernel at all pairs of probes, where they are wanted, of particles as large as they
  /// are moved.
  private func addTangentPairs(
    _ z: UnsafePointer<Scalar>, _ shape: BlockShape, first: Int,
    outputWeights a: UnsafePointer<Scalar>, to evaluation: Evaluation<Scalar>,
    _ share: UnsafeMutablePointer<Scalar>, _ scratch: SweepScratch<Scalar>
  ) {
    guard evaluation.pairs > 0, first < evaluation.probes else { return }
    // Probes are fewer than the smallest first chunk, and lie within the particles' coordinates
    // (`TransportInputs`): no smoothing.
    precondition(first == 0 && evaluation.probes <= shape.points, "all probes in one chunk")
    let pairs = share + evaluation.pairOffset
    Scalar.tangentPairs(
      law, z, BlockShape(rows: shape.rows, points: evaluation.probes, stride: shape.stride),
      outputWeights: layout.outputs == 1 ? a : UnsafePointer(scratch.column.base),
      valueSums: pairs, derivativeSums: pairs + evaluation.pairs)
  }

  /// The sums of the tangent kernel at the probes among a chunk of points.
  private func addTangents(
    _ z: UnsafePointer<Scalar>, _ shape: BlockShape, first: Int,
    outputWeights a: UnsafePointer<Scalar>, _ sizes: ParticleSizes<Scalar>?,
    to evaluation: Evaluation<Scalar>, _ share: UnsafeMutablePointer<Scalar>,
    _ scratch: SweepScratch<Scalar>
  ) {
    let probes = min(max(evaluation.probes - first, 0), shape.points)
    guard probes > 0 else { return }
    let sums = share + evaluation.tangentOffset + first
    let columns = BlockShape(rows: shape.rows, points: probes, stride: shape.stride)
    let weights = layout.outputs == 1 ? a : UnsafePointer(scratch.column.base)
    guard let smoothing = evaluation.smoothing else {
      Scalar.tangentSums(
        law, z, columns, outputWeights: weights, masses: scratch.masses.base, valueSums: sums,
        derivativeSums: sums + evaluation.probes)
      return
    }
    smoothing.deviations.withUnsafeBufferPointer { deviations in
      smoothing.activation.addTangentSums(
        z, columns, outputWeights: sizes?.plain ?? weights,
        masses: sizes?.masses ?? UnsafePointer(scratch.masses.base),
        deviations: deviations.baseAddress! + first, valueSums: sums,
        derivativeSums: sums + evaluation.probes)
    }
  }

  /// What several outputs need of the output weights before ``addLogits(_:_:_:outputWeights:to:_:)``.
  func pairWeights(
    _ a: UnsafePointer<Scalar>, rows: Int, _ scratch: SweepScratch<Scalar>
  ) {
    guard layout.outputs > 1 else { return }
    Scalar.pairWeights(
      a, rows: rows, outputs: layout.outputs, into: scratch.pairedWeights.base)
    Scalar.rowRMS(a, rows: rows, outputs: layout.outputs, into: scratch.column.base)
  }

  /// Adds the block's share to the logits (point, output) of a chunk that nothing was added to yet;
  /// with several outputs it overwrites the preactivations.
  func addLogits(
    _ law: PointwiseLaw<Scalar>, _ z: UnsafeMutablePointer<Scalar>, _ shape: BlockShape,
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
