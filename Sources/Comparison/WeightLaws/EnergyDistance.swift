import Execution
import LinearAlgebra

/// The energy distance between two laws in any number of dimensions (Székely, Rizzo 2013), zero only
/// for equal laws: D^2 = 2 E|X - Y| - E|X - X'| - E|Y - Y'| with independent copies X', Y'.
public struct EnergyDistance: Sendable, Equatable {
  /// E|X - Y|.
  public let between: Double
  /// E|X - X'| of the first sample, pairs of a point with itself counted (as zeros).
  public let withinFirst: Double
  /// E|Y - Y'| of the second sample.
  public let withinSecond: Double
  /// Sums of squared shares of both samples: 1/m for equal masses.
  let squaredShares: (first: Double, second: Double)

  /// D^2 of the two samples; not negative but for rounding.
  public var squared: Double { 2 * between - withinFirst - withinSecond }

  /// D^2 without its sampling bias, where samples are of independent points: pairs of a point with
  /// itself are left out. Its mean is the laws' D^2, zero where they are equal. `nil` where a sample has
  /// one point.
  public var squaredUnbiased: Double? {
    guard squaredShares.first < 1, squaredShares.second < 1 else { return nil }
    return 2 * between - withinFirst / (1 - squaredShares.first)
      - withinSecond / (1 - squaredShares.second)
  }

  /// sqrt(max(``squared``, 0)), in the unit of the points.
  public var value: Double { max(squared, 0).squareRoot() }

  /// Cost: (m + n)^2 (dimensions + 1 square root) operations; memory for two blocks of 256 points and
  /// 256 x 256 numbers a thread, whatever m and n. The same bits with any number of threads.
  ///
  /// Distances of a block come from one matrix product, |x - y|^2 = |x|^2 + |y|^2 - 2 x.y, after
  /// subtraction of a common origin, the mean of the pooled samples: the distances do not change, the
  /// numbers that cancel shrink. Pairs so near that more than three digits of 16 would still cancel (twins
  /// of a coupling, repeated points) are computed again from their differences.
  ///
  /// - Parameters:
  ///   - withinFirst: ``withinFirst`` of another distance from the same cloud, ``meanDistance(within:workers:)``,
  ///     which is then not computed again; it is all that a distance between several clouds repeats.
  ///   - withinSecond: likewise of the second.
  public init(
    _ first: PointCloud, _ second: PointCloud, withinFirst knownFirst: Double? = nil,
    withinSecond knownSecond: Double? = nil, workers: Workers = Workers(count: 1)
  ) {
    precondition(first.dimensions == second.dimensions, "as many dimensions")
    let origin = zip(first.mean, second.mean).map { ($0 + $1) / 2 }
    func sum(_ a: PointCloud, _ b: PointCloud, isSame: Bool) -> Double {
      PairDistances(first: a, second: b, isSame: isSame, origin: origin).mean(workers: workers)
    }
    between = sum(first, second, isSame: false)
    withinFirst = knownFirst ?? sum(first, first, isSame: true)
    withinSecond = knownSecond ?? sum(second, second, isSame: true)
    squaredShares = (
      first.shares.reduce(0) { $0 + $1 * $1 }, second.shares.reduce(0) { $0 + $1 * $1 }
    )
  }

  /// E|X - X'| of a cloud, pairs of a point with itself counted.
  public static func meanDistance(
    within cloud: PointCloud, workers: Workers = Workers(count: 1)
  ) -> Double {
    PairDistances(first: cloud, second: cloud, isSame: true, origin: cloud.mean)
      .mean(workers: workers)
  }

  public static func == (a: EnergyDistance, b: EnergyDistance) -> Bool {
    a.between == b.between && a.withinFirst == b.withinFirst && a.withinSecond == b.withinSecond
      && a.squaredShares == b.squaredShares
  }
}
