private import CFFTW

extension Double: FFTScalar {
  public static func makePlan(
    isForward: Bool, shape: [Int32], real: UnsafeMutablePointer<Double>,
    spectrum: UnsafeMutablePointer<Double>
  ) -> OpaquePointer? {
    let complex = UnsafeMutableRawPointer(spectrum).assumingMemoryBound(to: fftw_complex.self)
    return isForward
      ? fftw_plan_dft_r2c(Int32(shape.count), shape, real, complex, FFTW_ESTIMATE)
      : fftw_plan_dft_c2r(Int32(shape.count), shape, complex, real, FFTW_ESTIMATE)
  }

  public static func execute(
    _ plan: OpaquePointer, isForward: Bool, real: UnsafeMutablePointer<Double>,
    spectrum: UnsafeMutablePointer<Double>
  ) {
    let complex = UnsafeMutableRawPointer(spectrum).assumingMemoryBound(to: fftw_complex.self)
    if isForward {
      fftw_execute_dft_r2c(plan, real, complex)
    } else {
      fftw_execute_dft_c2r(plan, complex, real)
    }
  }
}
