import DataIO
import Foundation

/// Gaps that are powers of the width, losses and logits around them.
struct SyntheticComparison {
  var widths = [16, 64, 256]
  var seeds = 4
  var realizations = 1
  var steps = [0, 1, 2, 5, 10, 20, 50]
  var snapshots = [0, 50]
  var name = "mean_field"
  var limit = "mean_field"

  /// 3 d^-1/2 without error, at all steps; its fit and prediction.
  var scaling: ScalingComparison {
    var result = ScalingComparison(
      name: name, title: limit == "mean_field" ? "MF" : limit.uppercased(),
      limit: LimitDescription(name: limit, alpha: -0.5, beta: 0, gamma: 0), particles: 64,
      widths: widths, seeds: Array(1...seeds), realizations: realizations, steps: steps,
      snapshots: snapshots, projections: ["a", "norm(w)"], testPoints: 6, outputs: 1,
      bins: snapshots.isEmpty ? 0 : 4)
    addGaps(&result)
    addFunctions(&result)
    if !snapshots.isEmpty { addWeights(&result) }
    return result
  }

  func gap(_ width: Int) -> Double { 3 / Double(width).squareRoot() }

  private func addGaps(_ result: inout ScalingComparison) {
    func rows(_ value: (Int) -> Double) -> [Double] {
      widths.flatMap { width in steps.map { _ in value(width) } }
    }
    let error = seeds > 1 ? 0.1 : Double.nan
    for (suffix, values) in [
      ("", rows(gap)), ("_stderr", rows { error * gap($0) }),
      ("_floor", rows { 1.4 * gap($0) }), ("_limit_error", rows { _ in 0.05 }),
    ] {
      result.arrays.append(
        ComparisonArray(
          "logit_rms_gap\(suffix)", [.width, .step], longName: "gap", values: values))
    }
    let isFitted = widths.count > 2 && seeds > 3
    result.rates = [
      ComparedRate(
        metric: "logit_rms_gap", step: steps.last!, values: widths.map(gap),
        standardErrors: widths.map { error * gap($0) }, floors: widths.map { 1.4 * gap($0) },
        limitError: 0.05, rate: isFitted ? -0.4 : .nan, rateStandardError: isFitted ? 0.016 : .nan,
        intercept: isFitted ? log(2.5) : .nan, chiSquare: isFitted ? 1 : .nan,
        fittedWidths: isFitted ? 3 : 0, predicted: -0.5, predictionSource: "theory", verdict: ""),
      ComparedRate(
        metric: "wasserstein1[norm(w)]", step: steps.last!, values: widths.map { _ in .nan },
        standardErrors: widths.map { _ in .nan }, floors: widths.map { _ in .nan },
        limitError: 0, rate: .nan, rateStandardError: .nan, intercept: .nan, chiSquare: .nan,
        fittedWidths: 0, predicted: -0.5, predictionSource: "", verdict: ""),
    ]
  }

  /// Losses 1/(1 + step) and logits 2 (point + 1) in the limit; nets are off by the gap times -1.5, -0.5,
  /// 0.5, 1.5, ... over seeds, realizations by as much over ten.
  func offset(_ member: Int, of members: Int) -> Double {
    Double(member) - Double(members - 1) / 2
  }

  private func addFunctions(_ result: inout ScalingComparison) {
    func losses(_ members: Int, _ scale: Double) -> [Double] {
      (0..<members).flatMap { member in
        steps.map { 1 / (1 + Double($0)) + scale * offset(member, of: members) }
      }
    }
    func logits(_ members: Int, _ scale: Double) -> [Double] {
      (0..<members).flatMap { member in
        (0..<6).map { 2 * (Double($0) + 1) + scale * offset(member, of: members) }
      }
    }
    for name in ["train_loss", "test_loss"] {
      result.arrays += [
        ComparisonArray(
          "network_\(name)", [.width, .seed, .step], longName: "loss",
          values: widths.flatMap { losses(seeds, gap($0) / 100) }),
        ComparisonArray(
          "limit_\(name)", [.realization, .step], longName: "loss",
          values: losses(realizations, 0.001)),
      ]
    }
    result.arrays += [
      ComparisonArray(
        "network_test_logits", [.width, .seed, .test, .output], longName: "logits",
        values: widths.flatMap { logits(seeds, gap($0)) }),
      ComparisonArray(
        "limit_test_logits", [.realization, .test, .output], longName: "logits",
        values: logits(realizations, 0.1)),
    ]
  }

  /// Four bins on each axis, of densities 0.1, 0.4, 0.4, 0.1 in the limit.
  private func addWeights(_ result: inout ScalingComparison) {
    let density = [0.1, 0.4, 0.4, 0.1]
    let ofSnapshots = snapshots.flatMap { _ in density + density }
    result.arrays += [
      ComparisonArray(
        "weight_edge", [.projection, .edge], longName: "edges",
        values: [-2, -1, 0, 1, 2, 1, 2, 3, 4, 5]),
      ComparisonArray(
        "weight_density", [.width, .snapshot, .projection, .bin], longName: "density",
        values: widths.flatMap { width in ofSnapshots.map { $0 + 1 / Double(width) } }),
      ComparisonArray(
        "weight_density_stderr", [.width, .snapshot, .projection, .bin], longName: "error",
        values: widths.flatMap { _ in ofSnapshots.map { _ in seeds > 1 ? 0.01 : .nan } }),
      ComparisonArray(
        "limit_weight_density", [.snapshot, .projection, .bin], longName: "density",
        values: ofSnapshots),
    ]
  }

  var record: ComparisonRecord {
    ComparisonRecord(
      path: "cmp.nc", title: "digits", referenceWidth: 16, scalings: [scaling], lossName: "logistic"
    )
  }

  /// Two scalings: the first is better up to step 10, both tie there, then the second.
  var ranked: ComparisonRecord {
    var other = self
    (other.name, other.limit) = ("ntk", "ntk")
    let first = steps.map { 0.1 + 0.01 * Double($0) }
    let second = steps.map { _ in 0.2 }
    return ComparisonRecord(
      path: "cmp.nc", title: "digits", referenceWidth: 16, scalings: [scaling, other.scaling],
      ranking: ReferenceRanking(
        scalings: [name, "ntk"], steps: steps,
        criteria: [
          .init(
            name: "logit_gap", longName: "gap", units: "1", values: first + second,
            standardErrors: (first + second).map { _ in 0.02 },
            best: steps.map { $0 <= 10 ? 0 : 1 },
            ties: steps.map { $0 <= 10 } + steps.map { $0 >= 10 },
            floors: steps.map { _ in 0.05 } + steps.map { _ in 0.15 },
            atFloor: steps.map { _ in false } + steps.map { _ in false })
        ]), lossName: "logistic")
  }
}
