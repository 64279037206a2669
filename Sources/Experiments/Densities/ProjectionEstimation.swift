import DataIO
import Density
import Diagnostics
import Execution
import Foundation
import LinearAlgebra
import Measures

/// The densities of one law along one projection while particles are added: one estimator a snapshot, all
/// on one grid.
struct ProjectionEstimation {
  let expression: ProjectionExpression
  let axes: [ProjectionAxis]
  /// Places of the axes among all that are projected.
  let places: [Int]
  let grid: DensityGrid
  let scale: ProjectionScale
  private var estimators: [any GridEstimator<Double>]

  init(
    _ expression: ProjectionExpression, axes: [ProjectionAxis], places: [Int],
    request: DensityRequest, scale: ProjectionScale, grid: DensityGrid, workers: Workers
  ) {
    self.expression = expression
    self.axes = axes
    self.places = places
    self.scale = scale
    self.grid = grid
    estimators = scale.bandwidths.map { bandwidth -> any GridEstimator<Double> in
      switch request.estimator {
      case .kernel(let kernel):
        DensityEstimator(
          grid: grid, bandwidth: bandwidth, kernel: kernel, boundaries: scale.boundaries,
          workers: workers)
      case .histogram: HistogramEstimator(grid: grid)
      }
    }
  }

  mutating func add(_ group: ParticleGroup) throws {
    for snapshot in estimators.indices {
      let points = Self.points(group.columns[snapshot], places)
      try points.withUnsafeBufferPointer { points in
        try group.masses.withUnsafeBufferPointer {
          try estimators[snapshot].add(points, masses: $0)
        }
      }
    }
  }

  func estimates() throws -> [DensityEstimate<Double>] {
    try estimators.map { try $0.estimate() }
  }

  /// Coordinates point after point.
  static func points(_ columns: [[Double]], _ places: [Int]) -> [Double] {
    if places.count == 1 { return columns[places[0]] }
    let count = columns[places[0]].count
    let k = places.count
    return [Double](unsafeUninitializedCapacity: count * k) { buffer, initialized in
      for (axis, place) in places.enumerated() {
        columns[place].withUnsafeBufferPointer { column in
          for i in 0..<count { buffer[i * k + axis] = column[i] }
        }
      }
      initialized = count * k
    }
  }
}
