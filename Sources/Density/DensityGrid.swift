import Diagnostics

/// A regular grid in one, two or three dimensions on which densities are evaluated; one grid is
/// shared by all snapshots of a run, so that their densities can be compared point by point.
public struct DensityGrid: Sendable, Equatable {
  /// Equidistant coordinates, both ends included.
  public struct Axis: Sendable, Equatable {
    /// The first coordinate.
    public let lower: Double
    /// The last coordinate, above ``lower``.
    public let upper: Double
    /// Grid points, at least 2.
    public let count: Int

    /// - Throws: a ``Diagnostic`` where there are fewer than two points or the bounds are not
    ///   finite and ascending, with room for `count` different numbers between them.
    public init(lower: Double, upper: Double, count: Int) throws {
      guard count >= 2 else {
        throw Diagnostic(
          .badInput,
          "a grid of \(count) point\(count == 1 ? "" : "s") has no spacing; each axis needs at "
            + "least 2")
      }
      guard lower.isFinite, upper.isFinite, lower < upper, (upper - lower).isFinite else {
        throw Diagnostic(
          .badInput,
          "a grid from \(lower) to \(upper) is empty; the bounds must be finite and ascending")
      }
      guard (upper - lower) / Double(count - 1) > 4 * max(abs(lower), abs(upper)).ulp else {
        throw Diagnostic(
          .badInput,
          "a grid of \(count) points from \(lower) to \(upper) is finer than double precision")
      }
      self.lower = lower
      self.upper = upper
      self.count = count
    }

    /// The distance of neighbouring points.
    public var spacing: Double { (upper - lower) / Double(count - 1) }

    /// The position of a point, from 0; the last one is the upper bound to the bit.
    public func coordinate(_ index: Int) -> Double {
      index == count - 1 ? upper : lower + Double(index) * spacing
    }

    /// The positions of all points, ascending.
    public var coordinates: [Double] { (0..<count).map(coordinate) }
  }

  /// One to three; values on the grid have the last one fastest.
  public let axes: [Axis]

  /// The product of one to three axes.
  public init(_ axes: [Axis]) {
    precondition((1...3).contains(axes.count), "\(axes.count) axes")
    self.axes = axes
  }

  /// Axes.
  public var dimensions: Int { axes.count }
  /// Points on each axis; values on the grid are stored with the last axis fastest.
  public var shape: [Int] { axes.map(\.count) }
  /// Grid points in all.
  public var count: Int { axes.reduce(1) { $0 * $1.count } }
  /// The volume of one cell: the product of the spacings.
  var cellVolume: Double { axes.reduce(1) { $0 * $1.spacing } }

  /// A grid that holds every sample with a margin of `padding` bandwidths, but ends at the
  /// boundaries, where there are any.
  ///
  /// - Parameters:
  ///   - statistics: of the samples of *all* snapshots.
  ///   - bandwidths: one for each of them.
  ///   - counts: grid points on each axis.
  /// - Throws: a ``Diagnostic`` where a count is below 2 or where all points agree in a coordinate
  ///   and the bandwidth leaves no room for a grid.
  public static func covering(
    _ statistics: [SampleStatistics], bandwidths: [Bandwidth], padding: Double = 4, counts: [Int],
    boundaries: [Boundary]? = nil
  ) throws -> DensityGrid {
    precondition(!statistics.isEmpty && statistics.count == bandwidths.count)
    precondition(statistics.allSatisfy { $0.dimensions == counts.count })
    let axes = try counts.indices.map { axis in
      var lower = Double.infinity
      var upper = -Double.infinity
      for (statistics, bandwidth) in zip(statistics, bandwidths) {
        let margin = padding * bandwidth.deviations[axis]
        lower = min(lower, statistics.minima[axis] - margin)
        upper = max(upper, statistics.maxima[axis] + margin)
      }
      if let boundary = boundaries?[axis] {
        lower = max(lower, boundary.lower ?? lower)
        upper = min(upper, boundary.upper ?? upper)
      }
      return try Axis(lower: lower, upper: upper, count: counts[axis])
    }
    return DensityGrid(axes)
  }
}
