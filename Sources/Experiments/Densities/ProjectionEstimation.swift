import DataIO
import Density
import Diagnostics
import Execution
import Foundation
import LinearAlgebra
import Measures

/// The densities of one projection while particles are added: one estimator a snapshot, all on one
/// grid.
struct ProjectionEstimation {
  let expression: ProjectionExpression
  let axes: [ProjectionAxis]
  /// Places of the axes among all that are projected.
  let places: [Int]
  let grid: DensityGrid
  let bandwidths: [Bandwidth]
  /// The rules that gave them, `nil` for fixed ones and histograms.
  let rules: [BandwidthRule?]
  private var estimators: [any GridEstimator<Double>]

  /// What is known of the law when the grid and the bandwidths are chosen.
  struct Pilot {
    var group: ParticleGroup
    /// Particles of the whole law.
    var particles: Int
    var steps: [Int]

    var isWhole: Bool { group.count == particles }
  }

  /// - Parameters:
  ///   - other: the grid to take.
  /// - Throws: `Diagnostic` where all particles agree in an axis, or the grid cannot be made.
  init(
    _ expression: ProjectionExpression, axes: [ProjectionAxis], places: [Int],
    request: DensityRequest, grid other: DensityGrid?, pilot: Pilot, workers: Workers
  ) throws {
    self.expression = expression
    self.axes = axes
    self.places = places
    let samples = try pilot.steps.indices.map { snapshot in
      try WeightedSample(
        points: Self.points(pilot.group.columns[snapshot], places), dimensions: axes.count,
        masses: pilot.group.masses)
    }
    let statistics = samples.map { SampleStatistics($0) }
    let shrinking = pow(
      Double(pilot.group.count) / Double(pilot.particles), 1 / Double(axes.count + 4))
    let chosen = try zip(samples, pilot.steps).map { sample, step in
      try Self.bandwidth(
        of: sample, request, axes: axes, step: step, shrinking: shrinking, workers: workers)
    }
    bandwidths = chosen.map(\.bandwidth)
    rules = chosen.map(\.rule)
    let boundaries = axes.map { axis in
      request.reflects && request.estimator != .histogram
        ? Boundary(lower: axis.bounds.lower, upper: axis.bounds.upper) : .none
    }
    let grid =
      try other
      ?? Self.grid(
        statistics, bandwidths, request, axes: axes, boundaries: boundaries,
        isWhole: pilot.isWhole)
    self.grid = grid
    estimators = try bandwidths.map { bandwidth -> any GridEstimator<Double> in
      switch request.estimator {
      case .kernel(let kernel):
        DensityEstimator(
          grid: grid, bandwidth: bandwidth, kernel: kernel, boundaries: boundaries,
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
  private static func points(_ columns: [[Double]], _ places: [Int]) -> [Double] {
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

  /// - Parameter shrinking: from the bandwidth for the pilot's particles to that for all of them:
  ///   optimal ones fall like n^(-1/(d+4)).
  private static func bandwidth(
    of sample: WeightedSample<Double>, _ request: DensityRequest, axes: [ProjectionAxis],
    step: Int, shrinking: Double, workers: Workers
  ) throws -> (bandwidth: Bandwidth, rule: BandwidthRule?) {
    do {
      if case .fixed(let values) = request.bandwidth {
        let deviations =
          values.count == 1 ? Array(repeating: values[0], count: axes.count) : values
        return (try Bandwidth(deviations: deviations), nil)
      }
      for (number, axis) in axes.enumerated() {
        let column = sample.projected(on: number).points
        guard column.contains(where: { $0 != column[0] }) else {
          throw Diagnostic(
            .badInput,
            "\(axis.label) is \(column[0]) for every particle; "
              + (request.estimator == .histogram
                ? "a histogram needs different values, or --bounds"
                : "a bandwidth rule needs different values (--bandwidth with a number does not)"))
        }
      }
      func chosen(_ rule: BandwidthRule) throws -> (Bandwidth, BandwidthRule?) {
        let bandwidth = try rule.bandwidth(
          of: sample, shape: request.shape(axes: axes.count), workers: workers)
        return (
          try Bandwidth(covariance: bandwidth.covariance.map { $0 * shrinking * shrinking }), rule
        )
      }
      switch request.bandwidth {
      case .rule(let rule): return try chosen(rule)
      case .automatic, .fixed:
        // The grid of a histogram needs a margin alone.
        if request.estimator == .histogram {
          return (try chosen(.silverman).0, nil)
        }
        do {
          return try chosen(DensityRequest.automaticRule(axes: axes.count))
        } catch is Diagnostic {
          return try chosen(.silverman)
        }
      }
    } catch let diagnostic as Diagnostic {
      throw Diagnostic(
        diagnostic.kind, "step \(step): \(diagnostic.message)", file: diagnostic.file,
        key: diagnostic.key)
    }
  }

  /// Where the particles end, or bounds that were given. Beyond a pilot's particles there is room for
  /// the rest: a quarter of their range at each end.
  private static func grid(
    _ statistics: [SampleStatistics], _ bandwidths: [Bandwidth], _ request: DensityRequest,
    axes: [ProjectionAxis], boundaries: [Boundary], isWhole: Bool
  ) throws -> DensityGrid {
    return DensityGrid(
      try axes.enumerated().map { number, axis in
        let (lower, upper): (Double, Double)
        if let bounds = request.bounds[axis.expression] {
          (lower, upper) = (bounds.lowerBound, bounds.upperBound)
        } else {
          let covering = try DensityGrid.covering(
            statistics, bandwidths: bandwidths,
            counts: Array(repeating: 2, count: axes.count), boundaries: boundaries
          ).axes[number]
          let room = isWhole ? 0 : (covering.upper - covering.lower) / 4
          // Where an axis ends there are no particles beyond, reflected or not.
          lower =
            isWhole ? covering.lower : max(covering.lower - room, axis.bounds.lower ?? -.infinity)
          upper =
            isWhole ? covering.upper : min(covering.upper + room, axis.bounds.upper ?? .infinity)
        }
        return try DensityGrid.Axis(
          lower: lower, upper: upper,
          count: request.points(
            axes: axes.count, length: upper - lower,
            bandwidth: bandwidths.map { $0.deviations[number] }.min() ?? 0))
      })
  }
}

extension DensityRequest {
  static func automaticRule(axes: Int) -> BandwidthRule {
    axes == 1 ? .improvedSheatherJones : .silverman
  }

  func shape(axes: Int) -> BandwidthShape {
    if axes == 1 { return .perAxis }
    return bandwidthShape ?? (estimator == .kernel(.gaussian) ? .matrix : .perAxis)
  }
}
