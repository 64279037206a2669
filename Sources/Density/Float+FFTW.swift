private import CFFTW

extension Float: FFTScalar {
  public static func makePlan(
    isForward: Bool, shape: [Int32], real: UnsafeMutablePointer<Float>,
    spectrum: UnsafeMutablePointer<Float>
  ) -> OpaquePointer? {
    let complex = UnsafeMutableRawPointer(spectrum).assumingMemoryBound(to: fftwf_complex.self)
    return isForward
      ? fftwf_plan_dft_r2c(Int32(shape.count), shape, real, complex, FFTW_ESTIMATE)
      : fftwf_plan_dft_c2r(Int32(shape.count), shape, complex, real, FFTW_ESTIMATE)
  }

  public static func execute(
    _ plan: OpaquePointer, isForward: Bool, real: UnsafeMutablePointer<Float>,
    spectrum: UnsafeMutablePointer<Float>
  ) {
    let complex = UnsafeMutableRawPointer(spectrum).assumingMemoryBound(to: fftwf_complex.self)
    if isForward {
      fftwf_execute_dft_r2c(plan, real, complex)
    } else {
      fftwf_execute_dft_c2r(plan, complex, real)
    }
  }
}
