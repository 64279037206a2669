import Execution
import Foundation
import LinearAlgebra

/// A sample on a line in double precision with its Fourier coefficients: what the bandwidth rules
/// of one dimension are computed from.
///
/// Coefficients are those of a period of four times the sample's range, in the middle of whose
/// first half the sample lies: no kernel of a quarter of the range or less reaches around.
struct LineSample {
  let points: [Double]
  /// Masses that sum to 1.
  let weights: [Double]
  /// (sum m)^2 / sum m^2.
  let effectiveSize: Double
  let range: Double

  init(_ points: [Double], masses: [Double]?, effectiveSize: Double) {
    self.points = points
    let total = masses?.reduce(0, +) ?? Double(points.count)
    weights =
      masses?.map { $0 / total } ?? Array(repeating: 1 / Double(points.count), count: points.count)
    self.effectiveSize = effectiveSize
    range = (points.max() ?? 0) - (points.min() ?? 0)
  }

  /// Fourier coefficients of a sample on a period.
  struct Spectrum {
    /// Where the period starts.
    var first: Double
    var period: Double
    /// Sums of weight exp(-i k (x - first)), k = 2 pi j / period, as pairs.
    var coefficients: [Double]

    var count: Int { coefficients.count / 2 }
    func frequency(_ index: Int) -> Double { 2 * .pi * Double(index) / period }
  }

  /// The coefficients of the points with `masses` up to frequency number `count` - 1, the highest
  /// to 1e-8 and those below an eighth of it to 1e-15 of the mass.
  func spectrum(count: Int, masses: [Double], workers: Workers) -> Spectrum {
    let low = (points.min() ?? 0) - range / 2
    let cells = 8 * count
    let axis = CellAxis(first: low, size: 4 * range / Double(cells), cells: cells)
    let spreading = MomentSpreading(axis: axis, terms: 8)
    points.withUnsafeBufferPointer { points in
      masses.withUnsafeBufferPointer { masses in
        guard let block = PointBlock(points, masses: masses, dimensions: 1) else { return }
        spreading.add(block, workers: workers)
      }
    }
    return Spectrum(
      first: axis.first, period: axis.period, coefficients: spreading.spectrum(count: count))
  }
}
