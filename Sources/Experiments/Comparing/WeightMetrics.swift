import Comparison
import DataIO
import Foundation
import Measures

/// The metrics that need weights: distances between laws, increments, the coupling.
struct WeightMetrics {
  let results: [ComparedNetworks]
  let exponents: ScalingExponents
  let axes: [ProjectionAxis]
  /// Whether phi(-z) = -phi(z).
  let isOdd: Bool
  let snapshots: [Int]
  let steps: Int
  let comments: WeightComments
  /// RMS error of the limit's test logits at recorded steps, and the networks' RMS gaps to it at each width.
  let logitErrors: [Double]
  let logitGaps: [[Double]]
  var definitions: [MetricDefinition] {
    WeightLawDistances.lineMetrics.map { law($0, isLine: true) }
      + WeightLawDistances.cloudMetrics.map { law($0, isLine: false) }
      + (exponents.layers == nil ? [increment] : []) + [coupling]
  }

  private static let longNames = [
    "wasserstein1": "Wasserstein-1 distance of the neurons' law from the limit's",
    "wasserstein2": "Wasserstein-2 distance of the neurons' law from the limit's",
    "kolmogorov_smirnov": "Kolmogorov-Smirnov distance of the neurons' law from the limit's",
    "density_l1":
      "integral of the absolute difference of the smoothed densities of the neurons' law and the limit's",
    "density_l2":
      "root of the integral of the squared difference of the smoothed densities of the neurons' law and the"
      + " limit's",
    "density_hellinger":
      "Hellinger distance of the smoothed densities of the neurons' law and the limit's",
    "sliced_wasserstein2":
      "sliced Wasserstein-2 distance of the neurons' law of (a, w) from the limit's",
    "energy_distance": "energy distance of the neurons' law of (a, w) from the limit's",
  ]

  private func law(_ name: String, isLine: Bool) -> MetricDefinition {
    let (results, snapshots, axes) = (results, snapshots, axes)
    let columns = isLine ? axes.count : 1
    let between: @Sendable (Int, Int) -> Double = { width, index in
      let (snapshot, column) = index.quotientAndRemainder(dividingBy: columns)
      return results[width].limitFloors[snapshots[snapshot]]?[name]?[column] ?? .nan
    }
    var metric = MetricDefinition(
      name: name,
      longName: Self.longNames[name]!
        + (comments.haveOwnLaws ? " with the network's own initial function" : "")
        + ", mean over seeds",
      dimensions: isLine ? [.snapshot, .projection] : [.snapshot],
      count: snapshots.count * columns,
      value: { width, index, seeds, _ in
        let (snapshot, column) = index.quotientAndRemainder(dividingBy: columns)
        guard let distances = results[width].distances[snapshots[snapshot]] else { return .nan }
        return seeds.reduce(0) { $0 + (distances.values[$1][name]?[column] ?? .nan) }
          / Double(seeds.count)
      },
      floor: { width, index in
        let (snapshot, column) = index.quotientAndRemainder(dividingBy: columns)
        let floors = results[width].distances[snapshots[snapshot]]?.floors ?? []
        // The mean of none is not a number.
        return floors.reduce(0) { $0 + ($1[name]?[column] ?? .nan) } / Double(floors.count)
      }, limitError: between)
    // Halves are samples of half the size each: their distance is twice what the whole sample is away from
    // the law, where distances fall like the square root.
    metric.fitFloor = {
      let distance = between($0, $1)
      return distance.isNaN ? 0 : distance / 2
    }
    metric.comment = comments.laws ?? (isLine ? nil : comments.clouds)
    metric.predicted = RateMetric.weightLawDistance.predictedExponent(exponents)
    metric.source = RateMetric.weightLawDistance.source(exponents)
    // Measured on independent samples of 128 to 4096 points: -0.49 for a normal law, -0.44 for Laplace's,
    // -0.33 for two normal laws 8 standard deviations apart.
    if name.hasSuffix("wasserstein2") {
      metric.caveat = .init(
        text: "samples of laws with heavy tails or modes apart approach them more slowly in"
          + " Wasserstein-2", scope: .slowerOnly)
    }
    if isLine {
      let marginal = RateMetric.weightMarginalDistance.predictedExponent(exponents)
      // The law of a moves in the first order unless the mean of phi over w vanishes at all points, or its
      // means with the loss gradients do: no prediction where that would matter.
      let whole = metric.predicted
      let ofOutput = isOdd || marginal == whole ? marginal : nil
      metric.predictedOfEntry = { index in
        if case .outputWeight = axes[index % columns].quantity { ofOutput } else { marginal }
      }
    }
    return metric
  }

  private var increment: MetricDefinition {
    let (results, snapshots) = (results, snapshots)
    var metric = MetricDefinition(
      name: "weight_increment",
      longName:
        "root mean square over neurons of the length of the increment of (a, w), mean over seeds",
      dimensions: [.snapshot], count: snapshots.count
    ) { width, index, seeds, _ in
      guard let all = results[width].increments[snapshots[index]] else { return .nan }
      return seeds.reduce(0) { $0 + all[$1] } / Double(seeds.count)
    }
    metric.comment = comments.increments
    metric.predicted = RateMetric.weightIncrement.predictedExponent(exponents)
    metric.source = metric.predicted == nil ? "" : RateMetric.weightIncrement.source
    return metric
  }

  private var coupling: MetricDefinition {
    let (results, errors, gaps) = (results, logitErrors, logitGaps)
    var metric = MetricDefinition(
      name: "coupling_distance2",
      longName: "mean squared distance of neurons from their twins in the limit, mean over seeds",
      dimensions: [.step], count: steps
    ) { width, index, seeds, _ in
      guard !results[width].coupling.isEmpty else { return .nan }
      return seeds.reduce(0) { $0 + results[width].coupling[$1][index] } / Double(seeds.count)
    }
    // Twins respond linearly to errors of the loss gradients, which are in proportion to those of the logits:
    // the share of the coupling that the limit's error makes is that of its mean square in the networks' gap,
    // both summed over the steps before.
    metric.limitError = { width, index in
      guard !results[width].coupling.isEmpty, index > 0 else { return 0 }
      let error = (0..<index).reduce(0) { $0 + errors[$1] * errors[$1] }
      let gap = (0..<index).reduce(0) { $0 + gaps[width][$1] * gaps[width][$1] }
      let all = results[width].coupling
      let mean = all.reduce(0) { $0 + $1[index] } / Double(all.count)
      return gap > 0 ? mean * min(error / gap, 1) : 0
    }
    metric.correction = .plain
    metric.comment = comments.coupling
    metric.predicted = RateMetric.couplingDistanceSquared.predictedExponent(exponents)
    metric.source = metric.predicted == nil ? "" : RateMetric.couplingDistanceSquared.source
    return metric
  }
}
