import LinearAlgebra
import Measures

/// A centred Gaussian vector with a given covariance, factorized for drawing: the values of the
/// initial function f_0 of an infinitely wide network on all points of interest together.
///
/// A realization is S z with z standard normal and S S^T the covariance, up to the defect that
/// ``Factorization`` states.
public struct GaussianProcess: Sendable {
  /// How S was made, and what it costs in accuracy.
  public enum Factorization: Sendable, Equatable {
    /// S = L, the Cholesky factor of the covariance plus `relativeJitter` times the mean of its
    /// diagonal times the identity: independent noise of that variance on every point.
    case cholesky(relativeJitter: Double)
    /// S = V sqrt(max(D, 0)) V^T of the covariance V D V^T: negative eigenvalues, the smallest of
    /// them `minimumEigenvalue`, count as zero. `clippedMass` is the sum of their absolute values
    /// over that of all eigenvalues.
    case eigenvalues(minimumEigenvalue: Double, clippedMass: Double)
  }

  /// How S was factorized, and what was clipped for it.
  public let factorization: Factorization
  /// Points.
  public let dimension: Int
  private let factor: Factor

  private enum Factor: Sendable {
    case lower(Matrix<Double>)
    /// Eigenvectors as rows, and the roots of the clipped eigenvalues.
    case spectral(vectors: Matrix<Double>, roots: [Double])
  }

  /// Relative jitters tried, in this order: rounding of the kernel's elements, about 1e-16 of the
  /// diagonal each, moves eigenvalues by up to n times that.
  static let relativeJitters = [
    0, 1e-15, 1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6,
  ]

  /// Factorizes a covariance (n x n, of which the lower triangle is read): by Cholesky with the
  /// smallest of a series of jitters that suffices, from 0 to 1e-6 of the mean diagonal, else by
  /// its eigenvalues. `nil` where the covariance is not finite.
  ///
  /// Cost: n^3 / 3 operations for each jitter tried; 9 n^3 for eigenvalues.
  public init?(covariance: Matrix<Double>) {
    let n = covariance.rows
    precondition(covariance.columns == n, "\(n) x \(covariance.columns) is not square")
    guard covariance.elements.allSatisfy(\.isFinite) else { return nil }
    dimension = n
    let meanDiagonal = (0..<n).reduce(0) { $0 + covariance.elements[$1 * n + $1] / Double(n) }
    for jitter in Self.relativeJitters {
      let outcome = Cholesky.factorize(covariance, addingToDiagonal: jitter * meanDiagonal)
      if case .factorized(let cholesky) = outcome {
        factor = .lower(cholesky.factor)
        factorization = .cholesky(relativeJitter: jitter)
        return
      }
    }
    guard let eigen = SymmetricEigen(covariance) else { return nil }
    factor = .spectral(
      vectors: eigen.vectors, roots: eigen.values.map { max($0, 0).squareRoot() })
    let total = eigen.values.reduce(0) { $0 + abs($1) }
    let clipped = eigen.values.reduce(0) { $0 + max(-$1, 0) }
    factorization = .eigenvalues(
      minimumEigenvalue: eigen.values[0], clippedMass: total > 0 ? clipped / total : 0)
  }

  /// Realizations of one product: each realization is always computed in a product of this shape,
  /// at this place, because a matrix product's order of sums may depend on both.
  private static let blockSize = 16

  /// Joint realizations, one a column (n x count): realization r is a pure function of the
  /// covariance, the seed and r, the same to the bit whatever others are asked for.
  ///
  /// Number i of realization r in the stream, by default `gaussianProcess`, is z_i. Cost: 2 n^2 operations a
  /// realization (4 n^2 by eigenvalues), rounded up to 16 realizations.
  public func realizations(
    _ range: Range<Int>, seed: UInt64, stream identifier: StreamIdentifier = .gaussianProcess
  ) -> Matrix<Double> {
    precondition(range.lowerBound >= 0)
    let n = dimension
    let size = Self.blockSize
    let stream = RandomStream(seed: seed, stream: identifier)
    var result = Matrix<Double>(rows: n, columns: range.count, repeating: 0)
    guard n > 0, !range.isEmpty else { return result }
    var normals = [Double](repeating: 0, count: n * size)
    for block in (range.lowerBound / size)...((range.upperBound - 1) / size) {
      for column in 0..<size {
        let draws = stream.normals(n, particle: block * size + column)
        for i in 0..<n { normals[i * size + column] = draws[i] }
      }
      let values = multiply(normals)
      for r in range.clamped(to: (block * size)..<((block + 1) * size)) {
        for i in 0..<n {
          result.elements[i * range.count + r - range.lowerBound] =
            values[
              i * size + r - block * size]
        }
      }
    }
    return result
  }

  /// S z for the columns of one block.
  private func multiply(_ normals: [Double]) -> [Double] {
    switch factor {
    case .lower(let lower): return product(lower, transposed: false, normals)
    case .spectral(let vectors, let roots):
      // The symmetric root, rather than V sqrt(D): it does not depend on the signs of eigenvectors
      // or on their choice within a multiple eigenvalue.
      var coordinates = product(vectors, transposed: false, normals)
      for k in 0..<dimension {
        for column in 0..<Self.blockSize { coordinates[k * Self.blockSize + column] *= roots[k] }
      }
      return product(vectors, transposed: true, coordinates)
    }
  }

  private func product(_ matrix: Matrix<Double>, transposed: Bool, _ columns: [Double]) -> [Double]
  {
    var result = [Double](repeating: 0, count: columns.count)
    matrix.elements.withUnsafeBufferPointer { elements in
      Double.multiply(
        elements.baseAddress!, transposed: transposed, leading: dimension, columns,
        transposed: false, leading: Self.blockSize, into: &result, leading: Self.blockSize,
        m: dimension, n: Self.blockSize, k: dimension, alpha: 1, beta: 0)
    }
    return result
  }
}
