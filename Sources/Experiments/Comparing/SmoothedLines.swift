import Comparison
import Density
import Execution
import Foundation

/// Distances between kernel densities of laws on the line, all with one Gaussian bandwidth and on one
/// grid.
///
/// They are distances between the *smoothed* laws, the same for networks of all widths, and not between
/// estimates of densities that get sharper with the width: for a fixed bandwidth they fall like the square
/// root of the number of independent points.
struct SmoothedLines {
  /// The metrics, by name.
  static let metrics = ["density_l1", "density_l2", "density_hellinger"]

  /// `nil` where the laws have no densities, as points that all agree.
  private let densities: [DensityEstimate<Double>]?

  /// Grid points in a bandwidth: the trapezoidal rule is then exact to rounding but for the kinks of
  /// |p - q|, which cost the square of this.
  private static let pointsPerBandwidth = 8.0
  /// Bandwidths beyond the outermost points, where a Gaussian is 1e-8 of its peak.
  private static let margin = 6.0
  private static let largestGrid = 1 << 18

  /// - Parameter bandwidth: a standard deviation; not positive or not a number where there is none.
  init(_ laws: [SortedSample], bandwidth: Double, workers: Workers) {
    densities = try? Self.estimate(laws, bandwidth, workers)
  }

  private static func estimate(
    _ laws: [SortedSample], _ deviation: Double, _ workers: Workers
  ) throws -> [DensityEstimate<Double>]? {
    let margin = Self.margin * deviation
    guard deviation > 0, let lower = laws.map({ $0.values.first! - margin }).min(),
      let upper = laws.map({ $0.values.last! + margin }).max()
    else { return nil }
    let cells = ((upper - lower) / deviation * pointsPerBandwidth).rounded(.up)
    guard cells < Double(largestGrid) else { return nil }
    let bandwidth = try Bandwidth(deviation)
    let grid = DensityGrid([try .init(lower: lower, upper: upper, count: Int(cells) + 1)])
    return try laws.map { law in
      let estimator = DensityEstimator<Double>(
        grid: grid, bandwidth: bandwidth, workers: workers)
      try estimator.add(WeightedSample(points: law.values, masses: law.masses))
      return try estimator.estimate()
    }
  }

  /// By metric, between two of the laws.
  func distances(_ first: Int, _ second: Int) -> [String: Double] {
    guard let densities else {
      return Dictionary(uniqueKeysWithValues: Self.metrics.map { ($0, .nan) })
    }
    let (p, q) = (densities[first], densities[second])
    return [
      "density_l1": p.l1Distance(to: q), "density_l2": p.l2Distance(to: q),
      "density_hellinger": p.hellingerDistance(to: q),
    ]
  }

  /// The bandwidth with which a sample of so many points has the best density of a normal law with the
  /// mean variance of `laws` (Silverman 1986, equation 3.28); not a number for laws that are points.
  static func bandwidth(_ laws: [SortedSample], points: Int) -> Double {
    let variance = laws.reduce(0) { $0 + $1.variance / Double(laws.count) }
    return variance > 0 ? variance.squareRoot() * pow(4 / (3 * Double(points)), 0.2) : .nan
  }
}
