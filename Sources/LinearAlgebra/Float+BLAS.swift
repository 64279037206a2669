private import COpenBLAS

extension Float: BLASScalar {
  public static func multiply(
    _ a: UnsafePointer<Float>, transposed transposeA: Bool, leading leadingA: Int,
    _ b: UnsafePointer<Float>, transposed transposeB: Bool, leading leadingB: Int,
    into c: UnsafeMutablePointer<Float>, leading leadingC: Int,
    m: Int, n: Int, k: Int, alpha: Float, beta: Float
  ) {
    OpenBLAS.prepare()
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
      transposeB ? CblasTrans : CblasNoTrans, blasint(m), blasint(n), blasint(k), alpha, a,
      blasint(leadingA), b, blasint(leadingB), beta, c, blasint(leadingC))
  }
}
