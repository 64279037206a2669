private import CKernels
import Foundation

/// The functions of ``KinkMoments`` as piecewise polynomials for the compiled loops, in the layout
/// that `iw_smoothing.h` describes.
///
/// Each piece interpolates K(v) / w, w = 1 / (v + 1), at Chebyshev points: an algebraic tail
/// v^(-j) is the smooth w^j, and a Gaussian one is flat at w = 0. Absolute error in double precision at most
/// 1e-13 (k = 1) and 4e-13 (k = 0, 2), in single precision that of rounding, 1e-7 and 1.5e-7, for every
/// law. Rejected: one polynomial in w, which needs 30
/// terms for p = 2 and 55 for the Gaussian at this accuracy, with cancelling coefficients.
struct KinkTable<Scalar: BinaryFloatingPoint & Sendable>: Sendable {
  /// The table of E max(T - v, 0).
  let value: [Scalar]
  /// The tables of P(T > v) and of E max(T - v, 0)^2.
  let squares: [Scalar]

  init(_ law: SmoothingLaw, terms: Int) {
    let moments = KinkMoments(law)
    let intervals = Int(IW_KINK_INTERVALS)
    let points = (0..<terms).map { cos(.pi * (Double($0) + 0.5) / Double(terms)) }
    var tables = [[Scalar]](repeating: [], count: 3)
    for row in 0..<Int(IW_KINK_ROWS) {
      // The first and the last piece are half as long: w is in [0, 1].
      let from = row == 0 ? 0 : -0.5
      let to = row == intervals ? 0 : 0.5
      let d = points.map { (from + to) / 2 + (to - from) / 2 * $0 }
      let values = d.map {
        let w = (Double(row) + $0) / Double(intervals)
        return moments((1 - w) / w).map { $0 / w }
      }
      for k in 0..<3 {
        tables[k] += Self.coefficients(at: d, of: values.map { $0[k] }).map { Scalar($0) }
      }
    }
    value = tables[1]
    squares = tables[0] + tables[2]
  }

  /// Coefficients of rising powers of the polynomial through the points (x, y): divided differences,
  /// then Newton's form multiplied out.
  private static func coefficients(at x: [Double], of y: [Double]) -> [Double] {
    var differences = y
    for order in 1..<x.count {
      for i in stride(from: x.count - 1, through: order, by: -1) {
        differences[i] = (differences[i] - differences[i - 1]) / (x[i] - x[i - order])
      }
    }
    var sum = [Double](repeating: 0, count: x.count)
    for i in stride(from: x.count - 1, through: 0, by: -1) {
      // sum <- sum (d - x_i) + difference i
      for power in stride(from: x.count - 1, through: 1, by: -1) {
        sum[power] = sum[power - 1] - x[i] * sum[power]
      }
      sum[0] = differences[i] - x[i] * sum[0]
    }
    return sum
  }
}
