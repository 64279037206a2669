private import COpenBLAS

extension Double: BLASScalar {
  public static func multiply(
    _ a: UnsafePointer<Double>, transposed transposeA: Bool, leading leadingA: Int,
    _ b: UnsafePointer<Double>, transposed transposeB: Bool, leading leadingB: Int,
    into c: UnsafeMutablePointer<Double>, leading leadingC: Int,
    m: Int, n: Int, k: Int, alpha: Double, beta: Double
  ) {
    OpenBLAS.prepare()
    if n == 1, leadingB == 1, leadingC == 1, !transposeB {
      // A product with one column: OpenBLAS would copy all of a into its panels first.
      cblas_dgemv(
        CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
        blasint(transposeA ? k : m), blasint(transposeA ? m : k), alpha, a, blasint(leadingA), b, 1,
        beta, c, 1)
      return
    }
    cblas_dgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
      transposeB ? CblasTrans : CblasNoTrans, blasint(m), blasint(n), blasint(k), alpha, a,
      blasint(leadingA), b, blasint(leadingB), beta, c, blasint(leadingC))
  }

  public static func multiply(
    symmetric a: UnsafePointer<Double>, leading: Int, _ x: UnsafePointer<Double>,
    into y: UnsafeMutablePointer<Double>, count n: Int
  ) {
    OpenBLAS.prepare()
    cblas_dsymv(
      CblasRowMajor, CblasUpper, blasint(n), 1, a, blasint(leading), x, 1, 0, y, 1)
  }
}
