public import LinearAlgebra

/// Principal components of a set of points: unit eigenvectors of the covariance of the centred points,
/// by falling variance.
///
/// Centred, because the mean of images (their overall brightness) would otherwise be the first
/// component and say nothing about how they differ. Of the two signs the one is taken that makes the
/// largest entry (the first of equal ones) positive.
public struct PrincipalComponents: Sendable {
  /// One component a row.
  public let vectors: Matrix<Double>
  /// Variances along the components, falling.
  public let variances: [Double]

  /// Components whose variance is below this part of the largest are rounding errors.
  private static let tolerance = 1e-12

  /// - Parameter points: one a row.
  /// - Cost: 2 n D min(n, D) operations for n points in D dimensions, and 9 min(n, D)^3.
  public init(of points: Matrix<Double>) {
    let (n, dimension) = (points.rows, points.columns)
    precondition(n >= 1 && dimension >= 1)
    var centred = points
    for j in 0..<dimension {
      var mean = 0.0
      for i in 0..<n { mean += points[i, j] }
      mean /= Double(n)
      for i in 0..<n { centred[i, j] -= mean }
    }
    let transposed = centred.transposed()
    let isWide = dimension > n
    // X X^T u = s u makes X^T u an eigenvector of X^T X of the same eigenvalue.
    let gram = isWide ? centred.times(transposed: centred) : transposed.times(centred)
    guard let eigen = SymmetricEigen(gram), let largest = eigen.values.last, largest > 0 else {
      vectors = Matrix(rows: 0, columns: dimension, elements: [])
      variances = []
      return
    }
    let kept = eigen.values.indices.reversed().filter {
      eigen.values[$0] > Self.tolerance * largest
    }
    var elements: [Double] = []
    for index in kept {
      let row = Matrix(
        rows: 1, columns: eigen.vectors.columns, elements: Array(eigen.vectors.row(index)))
      elements += Self.oriented((isWide ? row.times(centred) : row).elements)
    }
    vectors = Matrix(rows: kept.count, columns: dimension, elements: elements)
    variances = kept.map { eigen.values[$0] / Double(n) }
  }

  private static func oriented(_ vector: [Double]) -> [Double] {
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let largest = vector.max { abs($0) < abs($1) }!
    return vector.map { $0 / (largest < 0 ? -length : length) }
  }

  /// Whether a component, counted from 0, is a direction of its own: its variance is not that of a
  /// neighbour, in which case any vector of the plane of both would do.
  public func isDetermined(_ number: Int) -> Bool {
    let variance = variances[number]
    return [number - 1, number + 1].allSatisfy {
      !variances.indices.contains($0) || abs(variances[$0] - variance) > 1e-9 * variances[0]
    }
  }
}
