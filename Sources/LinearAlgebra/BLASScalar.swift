/// A floating-point type for which the BLAS has matrix products: algorithms are written once over
/// this protocol, and each precision supplies its C calls as witnesses.
public protocol BLASScalar: BinaryFloatingPoint, Sendable {
  /// `c = alpha op(a) op(b) + beta c` for row-major matrices: op(a) is m x k, op(b) k x n, c m x n;
  /// `leading` dimensions are numbers from row to row of the stored matrices.
  ///
  /// Runs on the calling thread alone (see `OpenBLAS`): for given shapes the result has the same
  /// bits wherever it is called from. Cost: 2 m n k operations.
  static func multiply(
    _ a: UnsafePointer<Self>, transposed transposeA: Bool, leading leadingA: Int,
    _ b: UnsafePointer<Self>, transposed transposeB: Bool, leading leadingB: Int,
    into c: UnsafeMutablePointer<Self>, leading leadingC: Int,
    m: Int, n: Int, k: Int, alpha: Self, beta: Self)

  /// `y = a x` for a symmetric n x n matrix, of which the upper triangle is read: half of the memory that
  /// ``multiply(_:transposed:leading:_:transposed:leading:into:leading:m:n:k:alpha:beta:)`` reads.
  ///
  /// - Parameter leading: numbers from row to row of `a`.
  static func multiply(
    symmetric a: UnsafePointer<Self>, leading: Int, _ x: UnsafePointer<Self>,
    into y: UnsafeMutablePointer<Self>, count n: Int)
}
