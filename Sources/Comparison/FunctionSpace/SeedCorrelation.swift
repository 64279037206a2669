import LinearAlgebra

/// How far the values of two kinds of networks go together over seeds: the sum of covariances over points by
/// that of geometric means of variances. Of all points together, as that of a single point is known badly from
/// a handful of seeds. In -1...1; `nil` with one seed and where nothing varies.
///
/// - Parameters:
///   - first: a row for every seed, a column for every point and output.
///   - second: the same of the same seeds.
public func seedCorrelation(_ first: Matrix<Double>, _ second: Matrix<Double>) -> Double? {
  precondition(
    first.rows == second.rows && first.columns == second.columns, "the same seeds and points")
  guard first.rows > 1 else { return nil }
  let (a, b) = (SeedMoments(first), SeedMoments(second))
  var (products, sizes) = (0.0, 0.0)
  for j in 0..<first.columns {
    for seed in 0..<first.rows {
      products +=
        (first.elements[seed * first.columns + j] - a.means[j])
        * (second.elements[seed * first.columns + j] - b.means[j])
    }
    sizes += (a.squares[j] * b.squares[j]).squareRoot()
  }
  guard sizes > 0 else { return nil }
  // Rounding may exceed the bounds of the Cauchy-Schwarz inequality.
  return min(max(products / sizes, -1), 1)
}
