private import COpenBLAS

extension Double: BLASScalar {
  public static func multiply(
    _ a: UnsafePointer<Double>, transposed transposeA: Bool, leading leadingA: Int,
    _ b: UnsafePointer<Double>, transposed transposeB: Bool, leading leadingB: Int,
    into c: UnsafeMutablePointer<Double>, leading leadingC: Int,
    m: Int, n: Int, k: Int, alpha: Double, beta: Double
  ) {
    OpenBLAS.prepare()
    cblas_dgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
      transposeB ? CblasTrans : CblasNoTrans, blasint(m), blasint(n), blasint(k), alpha, a,
      blasint(leadingA), b, blasint(leadingB), beta, c, blasint(leadingC))
  }
}
