internal import CKernels

/// What coordinates are accepted, and which lie outside a grid.
public struct PointLimits: Sendable {
  var lower: [Double]
  var upper: [Double]
  var first: [Double]
  var last: [Double]

  /// Finite coordinates within the boundaries; outside are those beyond the grid.
  init(grid: DensityGrid, boundaries: [Boundary]) {
    let largest = Double.greatestFiniteMagnitude
    lower = grid.axes.map(\.lower)
    upper = grid.axes.map(\.upper)
    first = boundaries.map { $0.lower ?? -largest }
    last = boundaries.map { $0.upper ?? largest }
  }

  /// Any finite coordinate.
  init(dimensions: Int) {
    let largest = Double.greatestFiniteMagnitude
    first = Array(repeating: -largest, count: dimensions)
    last = Array(repeating: largest, count: dimensions)
    lower = first
    upper = last
  }
}

/// Sums over a block of points.
public struct PointCheck: BitwiseCopyable, Sendable {
  var mass = 0.0
  var squaredMass = 0.0
  var outsideMass = 0.0
  var outside = 0
  var bad = 0

  init() {}

  init(_ sums: iw_point_check) {
    mass = sums.mass
    squaredMass = sums.squared_mass
    outsideMass = sums.outside_mass
    outside = Int(sums.outside)
    bad = Int(sums.bad)
  }
}
