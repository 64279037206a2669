import LinearAlgebra

/// The sums over points that move a block of particles: with loss gradients g_i,
///
///     S_a = sum_i g_i phi(w . x_i),   S_w = sum_i (g_i . a) phi'(w . x_i) x_i
struct GradientSums<Scalar: ParticleScalar>: Sendable {
  let law: PointwiseLaw<Scalar>
  let layout: ParticleLayout

  /// One output: S_a, and S_w without the factor a.
  func ofOneOutput(
    inputWeights w: UnsafePointer<Scalar>, rows: Int, _ points: PointSet<Scalar>,
    _ g: UnsafePointer<Scalar>, intoOutput sums: UnsafeMutablePointer<Scalar>,
    intoInput v: UnsafeMutablePointer<Scalar>, _ scratch: SweepScratch<Scalar>
  ) {
    let z = scratch.preactivations.base
    sums.update(repeating: 0, count: rows)
    PointChunks.forEach(of: points.count) { first, count in
      let shape = BlockShape(rows: rows, points: count, stride: count)
      points.preactivate(w, rows: rows, first: first, count: count, into: z)
      Scalar.backward(law, z, shape, gradient: g + first, sums: sums)
      addProduct(z, rows: rows, points, first: first, count: count, into: v)
    }
  }

  /// Several outputs.
  func ofSeveralOutputs(
    outputWeights a: UnsafePointer<Scalar>, inputWeights w: UnsafePointer<Scalar>, rows: Int,
    _ points: PointSet<Scalar>, _ g: UnsafePointer<Scalar>,
    intoOutput sums: UnsafeMutablePointer<Scalar>, intoInput v: UnsafeMutablePointer<Scalar>,
    _ scratch: SweepScratch<Scalar>
  ) {
    let outputs = layout.outputs
    let z = scratch.preactivations.base
    let backward = scratch.backward.base
    PointChunks.forEach(of: points.count) { first, count in
      let shape = BlockShape(rows: rows, points: count, stride: count)
      let chunk = g + first * outputs
      points.preactivate(w, rows: rows, first: first, count: count, into: z)
      Scalar.multiply(
        a, transposed: false, leading: outputs, chunk, transposed: true, leading: outputs,
        into: backward, leading: count, m: rows, n: count, k: outputs, alpha: 1, beta: 0)
      Scalar.backwardOutputs(law, z, backward, shape)
      Scalar.multiply(
        z, transposed: false, leading: count, chunk, transposed: false, leading: outputs,
        into: sums, leading: outputs, m: rows, n: outputs, k: count, alpha: 1,
        beta: first == 0 ? 0 : 1)
      addProduct(backward, rows: rows, points, first: first, count: count, into: v)
    }
  }

  /// Any number of outputs, in the middle of a block of training steps.
  ///
  /// - Parameters:
  ///   - w: input weights in the middle, as the output weights.
  ///   - start: input weights before the block.
  func ofBlock(
    _ means: BlockMeans<Scalar>, outputWeights a: UnsafePointer<Scalar>,
    inputWeights w: UnsafePointer<Scalar>, startingAt start: UnsafePointer<Scalar>, rows: Int,
    _ points: PointSet<Scalar>, _ g: UnsafePointer<Scalar>,
    intoOutput sums: UnsafeMutablePointer<Scalar>, intoInput v: UnsafeMutablePointer<Scalar>,
    _ scratch: SweepScratch<Scalar>
  ) {
    let outputs = layout.outputs
    let z = scratch.preactivations.base
    let first = scratch.startPreactivations.base
    let backward = scratch.backward.base
    PointChunks.forEach(of: points.count) { number, count in
      let shape = BlockShape(rows: rows, points: count, stride: count)
      let chunk = g + number * outputs
      points.preactivate(w, rows: rows, first: number, count: count, into: z)
      if means.needsStart {
        points.preactivate(start, rows: rows, first: number, count: count, into: first)
      }
      Scalar.multiply(
        a, transposed: false, leading: outputs, chunk, transposed: true, leading: outputs,
        into: backward, leading: count, m: rows, n: count, k: outputs, alpha: 1, beta: 0)
      means.apply(z, start: first, backward, shape)
      Scalar.multiply(
        z, transposed: false, leading: count, chunk, transposed: false, leading: outputs,
        into: sums, leading: outputs, m: rows, n: outputs, k: count, alpha: 1,
        beta: number == 0 ? 0 : 1)
      addProduct(backward, rows: rows, points, first: number, count: count, into: v)
    }
  }

  /// Adds the product of a block's rows, one number a point of a chunk, with the inputs; the first
  /// chunk overwrites.
  func addProduct(
    _ factors: UnsafePointer<Scalar>, rows: Int, _ points: PointSet<Scalar>, first: Int,
    count: Int, into v: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.multiply(
      factors, transposed: false, leading: count, points.inputs.base + first * points.features,
      transposed: false, leading: points.features, into: v, leading: layout.features, m: rows,
      n: layout.features, k: count, alpha: 1, beta: first == 0 ? 0 : 1)
  }
}
