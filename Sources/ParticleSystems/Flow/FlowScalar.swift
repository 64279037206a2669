private import CKernels
import LinearAlgebra

/// A precision with compiled combinations of slopes; what each loop computes is said in `iw_flow.h`.
public protocol FlowScalar: BLASScalar, BitwiseCopyable {
  /// `to = from + sum_j weights[j] slopes[j]`
  static func combine(
    into to: UnsafeMutablePointer<Self>, from: UnsafePointer<Self>,
    slopes: [UnsafePointer<Self>], weights: [Double], count: Int)

  /// The sum of the squares of `sum_j weights[j] slopes[j]`.
  static func combinedSquares(
    slopes: [UnsafePointer<Self>], weights: [Double], count: Int
  ) -> Double
}

extension Double: FlowScalar {
  public static func combine(
    into to: UnsafeMutablePointer<Double>, from: UnsafePointer<Double>,
    slopes: [UnsafePointer<Double>], weights: [Double], count: Int
  ) {
    iw_combine_f64(to, from, slopes.map(Optional.some), weights, slopes.count, count)
  }

  public static func combinedSquares(
    slopes: [UnsafePointer<Double>], weights: [Double], count: Int
  ) -> Double {
    iw_combined_squares_f64(slopes.map(Optional.some), weights, slopes.count, count)
  }
}

extension Float: FlowScalar {
  public static func combine(
    into to: UnsafeMutablePointer<Float>, from: UnsafePointer<Float>,
    slopes: [UnsafePointer<Float>], weights: [Double], count: Int
  ) {
    iw_combine_f32(
      to, from, slopes.map(Optional.some), weights.map { Float($0) }, slopes.count, count)
  }

  public static func combinedSquares(
    slopes: [UnsafePointer<Float>], weights: [Double], count: Int
  ) -> Double {
    iw_combined_squares_f32(
      slopes.map(Optional.some), weights.map { Float($0) }, slopes.count, count)
  }
}
