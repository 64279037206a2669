/// A pair of nearly collinear inputs: what their difference says, where that of products of norms would
/// lose all digits, in double precision and in units of x . x' / D.
///
/// With p = x . x', the residual e = x' - p / |x|^2 x is orthogonal to x, and |x|^2 |x'|^2 - p^2 = |x|^2
/// |e|^2. Rounding errors of p enter |e|^2 by their squares.
struct NearPair {
  let product: Double
  /// K11 K22 - K12^2.
  let determinant: Double
  /// |x - x'|^2 / D.
  let distance: Double

  init(
    _ x: UnsafePointer<Double>, _ other: UnsafePointer<Double>, features: Int,
    norms: (Double, Double)
  ) {
    let unit = 1 / Double(features)
    var sum = 0.0
    for j in 0..<features { sum += x[j] * other[j] }
    let sign = sum < 0 ? -1.0 : 1.0
    let slope = sum * unit / norms.0
    var residual = 0.0
    var nearest = 0.0
    for j in 0..<features {
      let e = other[j] - slope * x[j]
      residual += e * e
      let difference = other[j] - sign * x[j]
      nearest += difference * difference
    }
    nearest *= unit
    // Of equal or opposite points the product and the norm are one number.
    product = nearest == 0 ? sign * norms.0 : sum * unit
    determinant = nearest == 0 ? 0 : norms.0 * (residual * unit)
    distance = sign > 0 ? nearest : norms.0 + norms.1 - 2 * product
  }

  /// The first dense layer.
  func write<Scalar: DeepKernelScalar>(_ dense: DenseKernel, at place: Int, _ row: PairRow<Scalar>)
  {
    row.q[place] = Scalar(dense.weight * product + dense.bias)
    row.r[place] = Scalar(
      (dense.weight * (dense.weight * determinant + dense.bias * distance)).squareRoot())
    row.d[place] = Scalar(dense.weight * distance)
    row.theta[place] = Scalar(dense.gradient * product + dense.biasGradient)
  }
}
