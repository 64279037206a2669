import LinearAlgebra

/// The values of a random function at some points: outputs are independent and have one covariance.
public struct GaussianPrediction: Sendable {
  /// (points x outputs)
  public let mean: Matrix<Double>
  /// Of one output at each point.
  public let variances: [Double]
  /// Between the points (points x points); `nil` where it was not asked for.
  public let covariance: Matrix<Double>?
}

/// The covariance of the initial function at points to predict: its diagonal, or all of it.
public enum PriorCovariance: Sendable {
  case variances([Double])
  /// (points x points)
  case full(Matrix<Double>)

  var variances: [Double] {
    switch self {
    case .variances(let values): values
    case .full(let matrix): (0..<matrix.rows).map { matrix[$0, $0] }
    }
  }

  var matrix: Matrix<Double>? {
    if case .full(let matrix) = self { matrix } else { nil }
  }
}

/// A variance that rounding made negative is zero.
func nonNegative(_ variances: [Double]) -> [Double] { variances.map { $0 < 0 ? 0 : $0 } }

extension Matrix<Double> {
  /// Every row, element by element, times `factors`.
  func scalingColumns(by factors: [Double]) -> Matrix {
    precondition(factors.count == columns)
    var result = self
    for i in 0..<rows {
      for j in 0..<columns { result.elements[i * columns + j] *= factors[j] }
    }
    return result
  }

  /// Row k times `factors[k]`.
  func scalingRows(by factors: [Double]) -> Matrix {
    precondition(factors.count == rows)
    var result = self
    for i in 0..<rows {
      for j in 0..<columns { result.elements[i * columns + j] *= factors[i] }
    }
    return result
  }

  /// The inner products of the rows of two matrices of one shape.
  func rowProducts(_ other: Matrix) -> [Double] {
    precondition(rows == other.rows && columns == other.columns)
    return (0..<rows).map { i in
      var sum = 0.0
      for place in (i * columns)..<((i + 1) * columns) {
        sum += elements[place] * other.elements[place]
      }
      return sum
    }
  }
}
