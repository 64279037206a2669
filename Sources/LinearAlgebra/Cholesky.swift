/// The Cholesky factorization A = L L^T of a symmetric positive definite matrix.
///
/// Cost: n^3 / 3 operations, on the calling thread. Backward stable: L L^T differs from A by a
/// small multiple of n times the rounding unit, relative to the largest diagonal element.
package struct Cholesky<Scalar: LAPACKScalar>: Sendable {
  /// L: row-major, lower triangular with a positive diagonal, zeros above it.
  package let factor: Matrix<Scalar>

  /// A factorization, or why there is none.
  package enum Outcome: Sendable {
    case factorized(Cholesky)
    /// The leading minor of this order (counted from 1) is not positive, or not a number, in
    /// working precision.
    case notPositiveDefinite(leadingMinor: Int)
  }

  /// Factorizes the symmetric matrix whose lower triangle, diagonal included, is that of `matrix`;
  /// what lies above the diagonal is not read.
  ///
  /// - Parameter shift: a number added to every diagonal element first.
  package static func factorize(_ matrix: Matrix<Scalar>, addingToDiagonal shift: Scalar = 0)
    -> Outcome
  {
    let n = matrix.rows
    precondition(matrix.columns == n, "\(n) x \(matrix.columns) is not square")
    var factor = matrix
    for i in 0..<n {
      factor.elements[i * n + i] += shift
      for j in (i + 1)..<n { factor.elements[i * n + j] = 0 }
    }
    let minor = factor.elements.withUnsafeMutableBufferPointer { elements in
      elements.baseAddress.map { n == 0 ? 0 : Scalar.factorizeLower($0, order: n) } ?? 0
    }
    // LAPACK's own test, pivot <= 0, is false for NaN, and optimized versions have no other: they
    // go on to a later minor or to the end.
    let sound = minor > 0 ? minor - 1 : n
    for i in 0..<sound where !factor.elements[i * n + i].isFinite {
      return .notPositiveDefinite(leadingMinor: i + 1)
    }
    if minor > 0 { return .notPositiveDefinite(leadingMinor: minor) }
    return .factorized(Cholesky(factor: factor))
  }
}
