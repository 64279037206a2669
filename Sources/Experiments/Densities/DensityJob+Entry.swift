import DataIO
import Density
import Foundation
import LinearAlgebra
import Measures

extension DensityJob {
  /// Probabilities of the quantiles that files hold.
  static let quantileLevels = [0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999]

  /// What the file says of one law along one projection.
  ///
  /// - Parameters:
  ///   - steps: of the snapshots.
  ///   - limit: of nets, the limit's densities along the same projection.
  func entry(
    _ estimation: ProjectionEstimation, _ accumulation: DensityAccumulation,
    of source: DensitySource, steps: [Int], limit: ProjectionDensity?
  ) throws -> ProjectionDensity {
    var names = UniqueNames()
    let grid = estimation.grid
    let estimates = try estimation.estimates()
    var entry = ProjectionDensity(
      identifier: estimation.expression.identifier, expression: estimation.expression.text,
      axes: zip(estimation.axes, grid.axes).map { axis($0, $1, &names) }, steps: steps,
      density: estimates.flatMap(\.values))
    entry.width = source.width
    entry.seeds = source.seeds
    entry.estimator = estimatorText(estimates[0])
    entry.bandwidthRule = ruleText(estimation, steps: steps)
    entry.bandwidthMatrix =
      request.estimator == .histogram
      ? steps.flatMap { _ in
        (0..<grid.dimensions).flatMap { i in
          (0..<grid.dimensions).map { i == $0 ? pow(grid.axes[i].spacing, 2) : 0 }
        }
      } : estimation.scale.bandwidths.flatMap(\.covariance.elements)
    for estimate in estimates {
      entry.outsideCount.append(estimate.provenance?.outsideCount ?? 0)
      entry.outsideMass.append(estimate.provenance?.outsideShare ?? 0)
    }
    entry.effectiveSampleSize = steps.map { _ in accumulation.effectiveSize }
    let moments = accumulation.moments.map { all in estimation.places.map { all[$0] } }
    entry.mean = moments.flatMap { $0.map { $0.means[0] } }
    entry.standardDeviation = moments.flatMap { axes in
      axes.map { (try? $0.covariance()[0, 0].squareRoot()) ?? 0 }
    }
    entry.entropy = estimates.map(\.entropy)
    entry.modes = estimates.map { estimate in
      estimate.modes().map {
        ProjectionDensity.Mode(
          position: $0.position, density: $0.value, prominence: $0.prominence)
      }
    }
    if grid.dimensions == 1 {
      entry.cumulative = estimates.flatMap { $0.cumulative() }
      entry.quantileLevels = Self.quantileLevels
      entry.quantiles = estimates.flatMap { $0.quantiles(Self.quantileLevels) }
    }
    for estimate in estimates { add(distances(estimate, estimates[0]), to: &entry.fromFirst) }
    entry.fromLimit = try limit.map { try distances(estimates, $0, steps: steps) }
    entry.fromOther = try compared(estimation.expression, width: source.width).map {
      try distances(estimates, $0, steps: steps)
    }
    return entry
  }

  /// From the densities of another law at the same steps.
  private func distances(
    _ estimates: [DensityEstimate<Double>], _ other: ProjectionDensity, steps: [Int]
  ) throws -> ProjectionDensity.Distances {
    var distances = ProjectionDensity.Distances()
    for (estimate, step) in zip(estimates, steps) {
      let theirs = try other.steps.firstIndex(of: step).map { try other.estimate(snapshot: $0) }
      add(theirs.map { self.distances(estimate, $0) }, to: &distances)
    }
    return distances
  }

  private func axis(
    _ axis: ProjectionAxis, _ grid: DensityGrid.Axis, _ names: inout UniqueNames
  ) -> ProjectionDensity.Axis {
    let reflects = request.reflects && request.estimator != .histogram
    return ProjectionDensity.Axis(
      identifier: names.unique(axis.identifier), label: axis.label, longName: axis.longName,
      units: axis.units,
      points: grid.coordinates, lowerBound: reflects ? axis.bounds.lower : nil,
      upperBound: reflects ? axis.bounds.upper : nil)
  }

  private func distances(
    _ a: DensityEstimate<Double>, _ b: DensityEstimate<Double>
  ) -> [Double] {
    let (divergence, beyond) = a.kullbackLeiblerDivergence(
      from: b, accuracy: request.estimator == .histogram ? 0 : 1e-12)
    return [
      a.l1Distance(to: b), a.l2Distance(to: b), a.hellingerDistance(to: b), divergence, beyond,
    ]
  }

  private func add(_ values: [Double]?, to distances: inout ProjectionDensity.Distances) {
    let values = values ?? Array(repeating: .nan, count: 5)
    distances.l1.append(values[0])
    distances.l2.append(values[1])
    distances.hellinger.append(values[2])
    distances.kullbackLeibler.append(values[3])
    distances.massBeyond.append(values[4])
  }

  private func estimatorText(_ estimate: DensityEstimate<Double>) -> String {
    switch request.estimator {
    case .histogram:
      "histogram: the mass in the cell around each grid point, divided by the cell's volume"
    case .kernel(let kernel):
      "kernel density estimate, \(kernel.rawValue) kernel, within"
        + " \(String(format: "%.1g", estimate.provenance?.relativeError ?? 0)) of the height of one"
        + " kernel from the sum over all particles"
    }
  }

  private func ruleText(_ estimation: ProjectionEstimation, steps: [Int]) -> String {
    let rules = estimation.scale.rules
    guard let rule = rules.first, let rule else {
      return request.estimator == .histogram ? "none" : "fixed"
    }
    // Where the automatic rule has no solution another stands in.
    let usual =
      rules.contains(where: { $0 != .silverman }) ? rules.first { $0 != .silverman }! : rule
    let others = zip(steps, rules).filter { $1 != usual }.map { String($0.0) }
    let axes = estimation.axes.count
    return (usual?.rawValue ?? "")
      + (axes == 1 ? "" : ", \(request.shape(axes: axes).rawValue)")
      + (others.isEmpty
        ? ""
        : "; silverman at step \(wordList(others)), where it has no solution")
      + (estimation.scale.isWhole ? "" : "; of the first particles, scaled to the number of all")
  }
}
