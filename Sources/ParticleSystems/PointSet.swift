import LinearAlgebra

/// Inputs in the working precision, one point a row, as the input weights see them.
package struct PointSet<Scalar: ParticleScalar>: Sendable {
  package let count: Int
  package let features: Int
  package let inputs: AlignedBuffer<Scalar>

  /// - Parameters:
  ///   - matrix: one point a row, every feature included.
  package init(_ matrix: Matrix<Double>) {
    count = matrix.rows
    features = matrix.columns
    inputs = AlignedBuffer(count: count * features, repeating: 0)
    for (i, x) in matrix.elements.enumerated() { inputs.base[i] = Scalar(x) }
  }

  /// Room for up to `capacity` points of other sets.
  private init(capacity: Int, features: Int) {
    count = capacity
    self.features = features
    inputs = AlignedBuffer(count: capacity * features, repeating: 0)
  }

  /// The points with the given numbers, in that order.
  package func selecting(_ indices: [Int]) -> PointSet {
    let result = PointSet(capacity: indices.count, features: features)
    for (i, index) in indices.enumerated() {
      (result.inputs.base + i * features).update(
        from: inputs.base + index * features, count: features)
    }
    return result
  }

  /// Preactivations z = w x of `rows` particles at the points `first ..< first + count`, rows of
  /// `count` numbers.
  func preactivate(
    _ w: UnsafePointer<Scalar>, rows: Int, first: Int, count: Int,
    into z: UnsafeMutablePointer<Scalar>
  ) {
    Scalar.multiply(
      w, transposed: false, leading: features, inputs.base + first * features, transposed: true,
      leading: features, into: z, leading: count, m: rows, n: count, k: features, alpha: 1,
      beta: 0)
  }
}
