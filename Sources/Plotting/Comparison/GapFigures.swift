import DataIO
import Foundation

extension ScalingView {
  /// Metrics against the width, a panel each: of functions, of functions beside paired limits, of weights, of the
  /// terms of the logits, and of what several hidden layers move.
  var gapFigures: [CurveFigure?] {
    [
      gapFigure(
        "functions", "functions", Self.functionMetrics,
        { _ in "Distances between the functions of networks and of their limit against the width." }
      ),
      gapFigure(
        "paired", "functions beside the paired limit", Self.functionMetrics.map { "paired_\($0)" },
        { _ in
          "Distances between the functions of networks and of the limit that has each network's own"
            + " initial function, against the width."
        }),
      gapFigure(
        "weights", "laws of weights",
        scaling.projections.map { "wasserstein1[\($0)]" } + [
          "sliced_wasserstein2", "energy_distance", "coupling_distance2", "weight_increment",
        ],
        GapCaption.weights),
      gapFigure(
        "terms", "terms of the logits",
        GapCaption.termNames.map { "decomposition_\($0)" },
        GapCaption.terms),
      gapFigure(
        "increments", "increments of the weights",
        scaling.arrays.map(\.name).filter {
          $0.hasPrefix(GapCaption.layerPrefix)
            && Int($0.dropFirst(GapCaption.layerPrefix.count)) != nil
        } + ["logit_increment_rms"],
        { _ in
          "Root mean square increments since step 0 of the hatted weights, layer by layer, and of the test"
            + " logits, against the width."
        }),
    ]
  }

  private static let functionMetrics = [
    "logit_rms_gap", "logit_bias", "logit_fluctuation", "logit_law_distance", "logit_kl",
    "probability_kl", "class_disagreement", "train_loss_gap", "test_loss_gap",
    "test_accuracy_gap", "tangent_kernel_gap",
  ]

  private func gapFigure(
    _ stem: String, _ what: String, _ metrics: [String], _ caption: (_ drawn: [String]) -> String
  ) -> CurveFigure? {
    let gaps = metrics.compactMap { WidthGaps($0, in: self) }
    guard !gaps.isEmpty else { return nil }
    var notes = [seedsNote]
    let curves = gaps.flatMap(\.panel.curves).compactMap(\.label)
    let hasErrors = gaps.contains(where: \.hasErrors)
    if hasErrors { notes.append("bars: ±1 standard error") }
    let isFitted = curves.contains(GapLabel.fitted)
    let isPredicted = gaps.contains { !$0.predicted.isNaN }
    if isFitted || isPredicted {
      notes.append("above panels: exponent" + (isFitted ? " of the fit" : ""))
      if isPredicted { notes.append("    (and that of theory)") }
    }
    if gaps.contains(where: \.isErrorBelow) {
      notes += ["error of the limit below the", "    axis where it is not drawn"]
    }
    let steps = Set(gaps.map(\.step)).sorted().map(String.init)
    return CurveFigure(
      name: name(stem),
      title: title(
        "\(what) at step\(steps.count == 1 ? "" : "s") \(steps.joined(separator: ", "))"),
      caption: caption(gaps.map(\.metric)) + GapCaption.legend(curves, hasErrors: hasErrors),
      panels: gaps.map(\.panel), notes: notes, columns: columns(of: gaps.count))
  }
}

/// One metric against the width.
private struct WidthGaps {
  let metric: String
  let panel: CurvePanel
  let step: Int
  let predicted: Double
  /// Whether the limit's error is too small to be drawn.
  let isErrorBelow: Bool
  /// Whether any point has an error.
  let hasErrors: Bool

  /// - Parameter metric: as ``ComparedRate/metric``, or the array of a metric without a rate.
  /// - Returns: `nil` where there is no number.
  init?(_ metric: String, in view: ScalingView) {
    guard let rate = Self.rate(metric, in: view) else { return nil }
    let widths = view.scaling.widths.map(Double.init)
    // Signed gaps of losses have a size.
    let values = rate.values.map(abs)
    let usable = zip(widths, values).filter { $1.isFinite && $1 > 0 }
    guard let least = usable.map(\.1).min(), let most = usable.map(\.1).max() else { return nil }
    let errors = rate.standardErrors.map { $0.isFinite ? $0 : 0 }
    let floors = rate.floors.map { $0 > least / 30 && $0.isFinite ? $0 : .nan }
    let limitError =
      rate.limitError > least / 30 && rate.limitError.isFinite ? rate.limitError : .nan
    isErrorBelow = rate.limitError > 0 && limitError.isNaN
    hasErrors = zip(values, rate.standardErrors).contains { $0.isFinite && $0 > 0 && $1 > 0 }
    let fit = Self.power(rate.intercept, rate.rate, usable.map(\.0))
    // By relative errors, so that gaps lost in them do not carry it away.
    var weights: [Double] = []
    for (value, error) in zip(values, errors) where value.isFinite && value > 0 {
      weights.append(error > 0 ? (value / error) * (value / error) : 1)
    }
    let guide = Self.guide(usable, weights: weights, rate.predicted)
    var shown = [least, most, limitError] + floors + (fit + guide).map(\.y)
    for (value, error) in zip(values, errors) where value.isFinite && value > 0 {
      shown += [max(value - error, value / 2), value + error]
    }
    let drawn = shown.filter { $0.isFinite && $0 > 0 }
    let range = (drawn.min()! / 1.25)...(drawn.max()! * 1.25)

    var curves: [PlotCurve] = []
    if limitError.isFinite {
      curves.append(
        PlotCurve(
          label: GapLabel.error, x: [widths.min()! / 1.3, widths.max()! * 1.3],
          y: [limitError, limitError], style: .dashed(width: 1.4), color: Palette.auxiliary))
    }
    curves.append(
      PlotCurve(
        label: floors.contains { $0.isFinite } ? GapLabel.floor : nil, x: widths, y: floors,
        style: .pattern([3, 4], width: 1.8), color: Palette.categories[1]))
    if !guide.isEmpty {
      curves.append(
        PlotCurve(
          label: GapLabel.predicted, x: guide.map(\.x), y: guide.map(\.y),
          style: .line(width: 4), color: Self.guideColor))
    }
    if !fit.isEmpty {
      curves.append(
        PlotCurve(
          label: GapLabel.fitted, x: fit.map(\.x), y: fit.map(\.y), style: .line(width: 1.4),
          color: Palette.categories[0]))
    }
    curves.append(
      PlotCurve(
        label: GapLabel.measured, x: widths, y: values,
        lower: zip(values, errors).map { max($0 - $1, range.lowerBound) },
        upper: zip(values, errors).map { $0 + $1 }, spread: .bars, style: .points,
        color: Palette.limit))
    panel = CurvePanel(
      title: Self.title(rate),
      horizontal: PlotAxis(
        "width", isLogarithmic: true, tics: widthTics(widths, most: 4),
        range: (widths.min()! / 1.3)...(widths.max()! * 1.3)),
      vertical: PlotAxis(
        Self.label(metric, in: view), isLogarithmic: true, tics: decimalTics(range), range: range),
      curves: curves)
    self.metric = metric
    step = rate.step
    predicted = rate.predicted
  }

  private static let guideColor: UInt32 = 0xC8C8C8

  /// The row of a metric, or the entries of its arrays at the step of the fits.
  private static func rate(_ metric: String, in view: ScalingView) -> ComparedRate? {
    let scaling = view.scaling
    if let rate = scaling.rates.first(where: { $0.metric == metric }) { return rate }
    guard let step = scaling.steps.firstIndex(of: view.rateStep),
      let array = scaling.array(metric), array.dimensions == [.width, .step]
    else { return nil }
    func row(_ suffix: String) -> [Double] {
      scaling.widths.indices.map {
        scaling.array(metric + suffix)?.values[$0 * scaling.steps.count + step] ?? .nan
      }
    }
    return ComparedRate(
      metric: metric, step: view.rateStep, values: row(""), standardErrors: row("_stderr"),
      floors: row("_floor"), limitError: row("_limit_error").max() ?? .nan, rate: .nan,
      rateStandardError: .nan, intercept: .nan, chiSquare: .nan, fittedWidths: 0, predicted: .nan,
      predictionSource: "", verdict: "")
  }

  /// exp(intercept) d^slope between the least and the largest width; empty where there is no fit.
  private static func power(
    _ intercept: Double, _ slope: Double, _ widths: [Double]
  ) -> [(x: Double, y: Double)] {
    guard intercept.isFinite, slope.isFinite, widths.count > 1 else { return [] }
    return [widths.min()!, widths.max()!].map { ($0, exp(intercept + slope * log($0))) }
  }

  /// The line of the predicted slope nearest to the points in the doubly logarithmic plane; empty where
  /// there is none.
  private static func guide(
    _ points: [(Double, Double)], weights: [Double], _ slope: Double
  ) -> [(x: Double, y: Double)] {
    guard points.count > 1, slope.isFinite else { return [] }
    var level = 0.0
    for (point, weight) in zip(points, weights) {
      level += weight * (log(point.1) - slope * log(point.0))
    }
    level /= weights.reduce(0, +)
    return power(level, slope, points.map(\.0))
  }

  private static func title(_ rate: ComparedRate) -> String {
    let theory = rate.predicted.isNaN ? nil : "theory \(signed(rate.predicted, decimals: nil))"
    guard rate.rate.isFinite else { return "no fit" + (theory.map { " (\($0))" } ?? "") }
    let error = rate.rateStandardError
    let decimals =
      error > 0 && error.isFinite ? min(max(1 - Int(log10(error).rounded(.down)), 1), 4) : 3
    return signed(rate.rate, decimals: decimals) + String(format: " ± %.\(decimals)f", error)
      + (theory.map { " (\($0))" } ?? "")
  }

  private static func signed(_ value: Double, decimals: Int?) -> String {
    let text =
      decimals.map { String(format: "%.\($0)f", value) } ?? String(format: "%g", value)
    return text.replacing("-", with: "−")
  }

  private static let labels = [
    "logit_rms_gap": "RMS logit gap", "logit_bias": "gap of the mean logit",
    "logit_fluctuation": "std of logits over seeds", "logit_law_distance": "W2 of the logits' laws",
    "logit_kl": "KL of the logits' laws", "probability_kl": "KL of probabilities",
    "class_disagreement": "class disagreement", "train_loss_gap": "|gap| of the training loss",
    "test_loss_gap": "|gap| of the test loss", "test_accuracy_gap": "|gap| of the test accuracy",
    "tangent_kernel_gap": "relative kernel gap", "sliced_wasserstein2": "sliced W2 of (a, w)",
    "energy_distance": "energy distance of (a, w)",
    "coupling_distance2": "mean squared coupling", "weight_increment": "RMS weight increment",
    "logit_increment_rms": "RMS change of the logits",
  ]

  private static func label(_ metric: String, in view: ScalingView) -> String {
    let plain = metric.hasPrefix("paired_") ? String(metric.dropFirst(7)) : metric
    let base = String(plain.prefix { $0 != "[" })
    let text =
      labels[plain]
      ?? (base == "wasserstein1"
        ? "W1 of \(plain.dropFirst(base.count + 1).dropLast())"
        : plain.hasPrefix("decomposition_")
          ? "std of \(plain.dropFirst(14))"
          : plain.hasPrefix(GapCaption.layerPrefix)
            ? "RMS increment, layer \(plain.dropFirst(GapCaption.layerPrefix.count))" : plain)
    let units = view.scaling.array(metric.hasPrefix("wasserstein1") ? base : metric)?.units ?? "1"
    return text + (units == "1" ? "" : " (\(units))")
  }
}
