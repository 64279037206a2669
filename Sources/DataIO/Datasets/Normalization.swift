import Diagnostics
import LinearAlgebra

/// Normalizes both sets in place.
///
/// - Throws: `Diagnostic` for a standard deviation that is not positive and finite, and features
///   that normalization makes infinite.
func normalize(
  _ training: inout Matrix<Double>, _ test: inout Matrix<Double>,
  by normalization: DatasetRequest.Normalization
) throws {
  switch normalization {
  case .none: return
  case .meanStd(let mean, let std):
    guard mean.isFinite, std.isFinite, std > 0 else {
      throw Diagnostic(
        .badInput, "received mean \(mean) and std \(std); accepted: finite numbers, std above 0",
        key: "data.normalize")
    }
    let columns = training.columns
    let statistics = FeatureStatistics(
      means: Array(repeating: mean, count: columns),
      deviations: Array(repeating: std, count: columns))
    apply(statistics, to: &training)
    apply(statistics, to: &test)
  case .standardize:
    try checkForConstantFeatures(training)
    let statistics = FeatureStatistics(of: training)
    apply(statistics, to: &training)
    apply(statistics, to: &test)
  }
  guard training.elements.allSatisfy(\.isFinite), test.elements.allSatisfy(\.isFinite) else {
    throw Diagnostic(
      .badInput,
      "normalizing makes features infinite; accepted: features of moderate size",
      key: "data.normalize")
  }
}

private struct FeatureStatistics {
  var means: [Double]
  /// Population standard deviations.
  var deviations: [Double]
}

extension FeatureStatistics {
  /// Two passes: squares are taken of differences from the mean, so a large mean costs no digits.
  init(of points: Matrix<Double>) {
    let count = Double(points.rows)
    var means = [Double](repeating: 0, count: points.columns)
    for i in 0..<points.rows {
      for j in 0..<points.columns { means[j] += points.elements[i * points.columns + j] / count }
    }
    var squares = [Double](repeating: 0, count: points.columns)
    for i in 0..<points.rows {
      for j in 0..<points.columns {
        let difference = points.elements[i * points.columns + j] - means[j]
        squares[j] += difference * difference
      }
    }
    self.init(means: means, deviations: squares.map { ($0 / count).squareRoot() })
  }
}

private func apply(_ statistics: FeatureStatistics, to points: inout Matrix<Double>) {
  for i in 0..<points.rows {
    for j in 0..<points.columns {
      let index = i * points.columns + j
      points.elements[index] =
        (points.elements[index] - statistics.means[j]) / statistics.deviations[j]
    }
  }
}

/// Constant features are found by comparison: rounding in the mean of equal numbers can make their
/// computed deviation a tiny positive number.
private func checkForConstantFeatures(_ points: Matrix<Double>) throws {
  var isConstant = [Bool](repeating: true, count: points.columns)
  for i in 1..<max(1, points.rows) {
    for j in 0..<points.columns
    where points.elements[i * points.columns + j] != points.elements[j] { isConstant[j] = false }
  }
  let constant = isConstant.indices.filter { isConstant[$0] }.map { "\($0 + 1)" }
  guard constant.isEmpty else {
    throw Diagnostic(
      .badInput,
      "received standardize, but \(constant.count) of \(points.columns) features have one value at "
        + "all training points (\(listing(constant, limit: 5))); accepted: "
        + "normalize: {mean: ..., std: ...} or none", key: "data.normalize")
  }
}
