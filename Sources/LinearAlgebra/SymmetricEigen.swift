/// Eigenvalues and eigenvectors of a real symmetric matrix: A = sum_k values[k] v_k v_k^T.
///
/// Cost: about 9 n^3 operations at most and 2 n^2 numbers of scratch, on the calling thread.
/// Eigenvalues are accurate to a small multiple of the rounding unit times the largest of them in
/// absolute value.
package struct SymmetricEigen<Scalar: LAPACKScalar>: Sendable {
  /// Eigenvalues in ascending order.
  package let values: [Scalar]
  /// Row k is the eigenvector v_k of unit length that belongs to `values[k]`. Its sign, and the
  /// choice of vectors within a multiple eigenvalue, are LAPACK's: use what does not depend on
  /// them.
  package let vectors: Matrix<Scalar>

  /// Largest order whose workspace LAPACK's 32-bit integers can count.
  package static var largestOrder: Int { 32_766 }

  /// Decomposes the symmetric matrix whose lower triangle, diagonal included, is that of `matrix`;
  /// what lies above the diagonal is not read.
  ///
  /// `nil` where an element is not finite, or where the iteration does not converge (LAPACK knows
  /// no finite matrix for which it does not, but allows for it).
  package init?(_ matrix: Matrix<Scalar>) {
    let n = matrix.rows
    precondition(matrix.columns == n, "\(n) x \(matrix.columns) is not square")
    precondition(n <= Self.largestOrder, "order \(n) exceeds \(Self.largestOrder)")
    for i in 0..<n {
      guard matrix.elements[(i * n)...(i * n + i)].allSatisfy(\.isFinite) else { return nil }
    }
    var vectors = matrix
    var values = [Scalar](repeating: 0, count: n)
    if n > 0 {
      let converged = vectors.elements.withUnsafeMutableBufferPointer {
        Scalar.diagonalize($0.baseAddress!, order: n, eigenvalues: &values)
      }
      guard converged else { return nil }
    }
    self.values = values
    self.vectors = vectors
  }
}
