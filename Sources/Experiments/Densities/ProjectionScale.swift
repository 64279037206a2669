import Density
import Diagnostics
import Execution
import Foundation
import LinearAlgebra
import Measures

/// How wide the kernels of a law are along one projection, and where it ends: chosen from its first
/// particles, or all of them.
struct ProjectionScale {
  /// One a snapshot.
  let bandwidths: [Bandwidth]
  /// The rules that gave them, `nil` for fixed ones and histograms.
  let rules: [BandwidthRule?]
  let boundaries: [Boundary]
  /// Whether all particles were looked at.
  let isWhole: Bool
  private let statistics: [SampleStatistics]

  /// What is known of the law.
  struct Pilot {
    var group: ParticleGroup
    /// Particles of the whole law.
    var particles: Int
    var steps: [Int]

    var isWhole: Bool { group.count == particles }
  }

  /// - Parameter places: of the axes among all that are projected.
  /// - Throws: `Diagnostic` where all particles agree in an axis.
  init(
    axes: [ProjectionAxis], places: [Int], request: DensityRequest, pilot: Pilot, workers: Workers
  ) throws {
    let samples = try pilot.steps.indices.map { snapshot in
      try WeightedSample(
        points: ProjectionEstimation.points(pilot.group.columns[snapshot], places),
        dimensions: axes.count, masses: pilot.group.masses)
    }
    let shrinking = pow(
      Double(pilot.group.count) / Double(pilot.particles), 1 / Double(axes.count + 4))
    let chosen = try zip(samples, pilot.steps).map { sample, step in
      try Self.bandwidth(
        of: sample, request, axes: axes, step: step, shrinking: shrinking, workers: workers)
    }
    statistics = samples.map { SampleStatistics($0) }
    bandwidths = chosen.map(\.bandwidth)
    rules = chosen.map(\.rule)
    isWhole = pilot.isWhole
    boundaries = axes.map { axis in
      request.reflects && request.estimator != .histogram
        ? Boundary(lower: axis.bounds.lower, upper: axis.bounds.upper) : .none
    }
  }

  /// One grid for several laws: where the particles of all of them end, or bounds that were given. The points of
  /// kernels reach from end to end; those of histograms are the centres of cells that do.
  ///
  /// - Throws: `Diagnostic` where the grid cannot be made.
  static func grid(
    _ scales: [ProjectionScale], axes: [ProjectionAxis], request: DensityRequest
  ) throws -> DensityGrid {
    DensityGrid(
      try axes.enumerated().map { number, axis in
        let isHistogram = request.estimator == .histogram
        let ends = try scales.map { scale in
          try request.bounds[axis.expression].map { ($0.lowerBound, $0.upperBound) }
            ?? scale.ends(of: axis, number, isHistogram: isHistogram)
        }
        let (lower, upper) = (ends.map(\.0).min()!, ends.map(\.1).max()!)
        let bandwidths = scales.flatMap(\.bandwidths).map { $0.deviations[number] }
        let count = request.points(
          axes: axes.count, length: upper - lower, bandwidth: bandwidths.min() ?? 0)
        let margin = isHistogram ? (upper - lower) / Double(2 * count) : 0
        return try DensityGrid.Axis(lower: lower + margin, upper: upper - margin, count: count)
      })
  }

  /// Beyond a pilot's particles there is room for the rest: a quarter of their range at each end.
  private func ends(
    of axis: ProjectionAxis, _ number: Int, isHistogram: Bool
  ) throws -> (Double, Double) {
    let covering = try DensityGrid.covering(
      statistics, bandwidths: bandwidths,
      counts: Array(repeating: 2, count: boundaries.count), boundaries: boundaries
    ).axes[number]
    let room = isWhole ? 0 : (covering.upper - covering.lower) / 4
    // Without reflection kernels reach beyond the end of an axis; particles do not.
    if isWhole, !isHistogram { return (covering.lower, covering.upper) }
    return (
      max(covering.lower - room, axis.bounds.lower ?? -.infinity),
      min(covering.upper + room, axis.bounds.upper ?? .infinity)
    )
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
      let isHistogram = request.estimator == .histogram
      for (number, axis) in axes.enumerated()
      where !(isHistogram && request.bounds[axis.expression] != nil) {
        let column = sample.projected(on: number).points
        guard column.contains(where: { $0 != column[0] }) else {
          throw Diagnostic(
            .badInput,
            "\(axis.label) is \(column[0]) for every particle; "
              + (isHistogram
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
        if isHistogram {
          return (try margins(of: sample, request, axes: axes, shrinking: shrinking), nil)
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

  /// What the grid of a histogram has for bandwidths: room beyond the particles, of no meaning where bounds
  /// are given.
  private static func margins(
    of sample: WeightedSample<Double>, _ request: DensityRequest, axes: [ProjectionAxis],
    shrinking: Double
  ) throws -> Bandwidth {
    try Bandwidth(
      deviations: axes.enumerated().map { number, axis in
        request.bounds[axis.expression] != nil
          ? 1
          : try shrinking
            * BandwidthRule.silverman.bandwidth(of: sample.projected(on: number)).deviations[0]
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
