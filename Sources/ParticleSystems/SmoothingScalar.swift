private import CKernels
import LinearAlgebra

/// A precision with compiled loops for smoothed activations; what each computes is said in
/// `iw_smoothing.h`.
public protocol SmoothingScalar: BLASScalar, BitwiseCopyable {
  /// Coefficients of each piece of a kink table.
  static var kinkTerms: Int { get }

  /// `z[r][i]` becomes E phi(z[r][i] + deviations[i] T).
  static func smooth(
    _ law: PointwiseLaw<Self>, kink: UnsafePointer<Self>, _ z: UnsafeMutablePointer<Self>,
    _ shape: BlockShape, deviations: UnsafePointer<Self>)
  /// `z[r][i]` becomes E phi'(z[r][i] + deviations[i] T).
  static func smoothSlopes(
    _ law: PointwiseLaw<Self>, kinks: UnsafePointer<Self>, _ z: UnsafeMutablePointer<Self>,
    _ shape: BlockShape, deviations: UnsafePointer<Self>)
  /// `valueSums[i] += sum_r masses[r] E[phi(z[r][i] + deviations[i] T)^2]`, and `derivativeSums[i]`
  /// the same with a[r]^2 and phi'.
  static func smoothTangentSums(
    _ law: PointwiseLaw<Self>, kinks: UnsafePointer<Self>, _ z: UnsafePointer<Self>,
    _ shape: BlockShape, deviations: UnsafePointer<Self>, outputWeights: UnsafePointer<Self>,
    masses: UnsafePointer<Self>, valueSums: UnsafeMutablePointer<Self>,
    derivativeSums: UnsafeMutablePointer<Self>)
}

extension Double: SmoothingScalar {
  public static var kinkTerms: Int { Int(IW_KINK_TERMS_f64) }

  public static func smooth(
    _ law: PointwiseLaw<Double>, kink: UnsafePointer<Double>, _ z: UnsafeMutablePointer<Double>,
    _ shape: BlockShape, deviations: UnsafePointer<Double>
  ) {
    iw_smooth_f64(
      law.kind, law.slope, kink, z, shape.rows, shape.points, shape.stride, deviations)
  }

  public static func smoothSlopes(
    _ law: PointwiseLaw<Double>, kinks: UnsafePointer<Double>, _ z: UnsafeMutablePointer<Double>,
    _ shape: BlockShape, deviations: UnsafePointer<Double>
  ) {
    iw_smooth_slopes_f64(
      law.kind, law.slope, kinks, z, shape.rows, shape.points, shape.stride, deviations)
  }

  public static func smoothTangentSums(
    _ law: PointwiseLaw<Double>, kinks: UnsafePointer<Double>, _ z: UnsafePointer<Double>,
    _ shape: BlockShape, deviations: UnsafePointer<Double>, outputWeights: UnsafePointer<Double>,
    masses: UnsafePointer<Double>, valueSums: UnsafeMutablePointer<Double>,
    derivativeSums: UnsafeMutablePointer<Double>
  ) {
    iw_smooth_tangent_sums_f64(
      law.kind, law.slope, kinks, z, shape.rows, shape.points, shape.stride, deviations,
      outputWeights, masses, valueSums, derivativeSums)
  }
}

extension Float: SmoothingScalar {
  public static var kinkTerms: Int { Int(IW_KINK_TERMS_f32) }

  public static func smooth(
    _ law: PointwiseLaw<Float>, kink: UnsafePointer<Float>, _ z: UnsafeMutablePointer<Float>,
    _ shape: BlockShape, deviations: UnsafePointer<Float>
  ) {
    iw_smooth_f32(
      law.kind, law.slope, kink, z, shape.rows, shape.points, shape.stride, deviations)
  }

  public static func smoothSlopes(
    _ law: PointwiseLaw<Float>, kinks: UnsafePointer<Float>, _ z: UnsafeMutablePointer<Float>,
    _ shape: BlockShape, deviations: UnsafePointer<Float>
  ) {
    iw_smooth_slopes_f32(
      law.kind, law.slope, kinks, z, shape.rows, shape.points, shape.stride, deviations)
  }

  public static func smoothTangentSums(
    _ law: PointwiseLaw<Float>, kinks: UnsafePointer<Float>, _ z: UnsafePointer<Float>,
    _ shape: BlockShape, deviations: UnsafePointer<Float>, outputWeights: UnsafePointer<Float>,
    masses: UnsafePointer<Float>, valueSums: UnsafeMutablePointer<Float>,
    derivativeSums: UnsafeMutablePointer<Float>
  ) {
    iw_smooth_tangent_sums_f32(
      law.kind, law.slope, kinks, z, shape.rows, shape.points, shape.stride, deviations,
      outputWeights, masses, valueSums, derivativeSums)
  }
}
