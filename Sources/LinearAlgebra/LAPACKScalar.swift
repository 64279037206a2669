/// A floating-point type for which LAPACK factorizes matrices: `Cholesky` and `SymmetricEigen`
/// are written once over this protocol, and each precision supplies its C calls as witnesses.
///
/// LAPACK's matrices are column-major: the *lower* triangle of a row-major matrix is its *upper*
/// triangle. Both run on the calling thread alone (see `OpenBLAS`), so that a result has the same
/// bits wherever it is called from.
package protocol LAPACKScalar: BLASScalar {
  /// The Cholesky factor of a symmetric matrix in place (LAPACK's `potrf`).
  ///
  /// Reads and writes the row-major lower triangle with the diagonal, `order` numbers from row to
  /// row: A = L L^T becomes L. What lies above the diagonal is left as it was.
  ///
  /// - Returns: 0, or the order of the first leading minor that is not positive.
  static func factorizeLower(_ a: UnsafeMutablePointer<Self>, order: Int) -> Int

  /// Eigenvalues and orthonormal eigenvectors of a symmetric matrix (LAPACK's divide and conquer,
  /// `syevd`).
  ///
  /// Reads the row-major lower triangle of `a` and overwrites all of it: row k becomes the
  /// eigenvector of `eigenvalues[k]`; eigenvalues ascend.
  ///
  /// - Returns: whether the iteration converged.
  static func diagonalize(
    _ a: UnsafeMutablePointer<Self>, order: Int, eigenvalues: UnsafeMutablePointer<Self>
  ) -> Bool
}
