private import COpenBLAS

extension Float: BLASScalar {
  public static func multiply(
    _ a: UnsafePointer<Float>, transposed transposeA: Bool, leading leadingA: Int,
    _ b: UnsafePointer<Float>, transposed transposeB: Bool, leading leadingB: Int,
    into c: UnsafeMutablePointer<Float>, leading leadingC: Int,
    m: Int, n: Int, k: Int, alpha: Float, beta: Float
  ) {
    OpenBLAS.prepare()
    if n == 1, leadingB == 1, leadingC == 1, !transposeB {
      // A product with one column: OpenBLAS would copy all of a into its panels first.
      cblas_sgemv(
        CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
        blasint(transposeA ? k : m), blasint(transposeA ? m : k), alpha, a, blasint(leadingA), b, 1,
        beta, c, 1)
      return
    }
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
      transposeB ? CblasTrans : CblasNoTrans, blasint(m), blasint(n), blasint(k), alpha, a,
      blasint(leadingA), b, blasint(leadingB), beta, c, blasint(leadingC))
  }

  public static func multiply(
    symmetric a: UnsafePointer<Float>, leading: Int, _ x: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>, count n: Int
  ) {
    OpenBLAS.prepare()
    cblas_ssymv(
      CblasRowMajor, CblasUpper, blasint(n), 1, a, blasint(leading), x, 1, 0, y, 1)
  }
}
