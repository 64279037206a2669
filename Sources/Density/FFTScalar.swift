/// Which way a transform of real data goes.
enum FFTDirection: Hashable, Sendable {
  /// Real values to the coefficients sum_x f(x) exp(-i k x).
  case forward
  /// Coefficients to the real values sum_k F(k) exp(i k x), not divided by the number of points.
  case backward
}

/// A precision that FFTW knows. Complex numbers are pairs of reals.
public protocol FFTScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// A plan for arrays aligned like these, which planning does not touch; `nil` where FFTW has none.
  static func makePlan(
    isForward: Bool, shape: [Int32], real: UnsafeMutablePointer<Self>,
    spectrum: UnsafeMutablePointer<Self>
  ) -> OpaquePointer?
  /// Runs a plan on arrays of its shape and alignment; the input may be overwritten.
  static func execute(
    _ plan: OpaquePointer, isForward: Bool, real: UnsafeMutablePointer<Self>,
    spectrum: UnsafeMutablePointer<Self>)
}
