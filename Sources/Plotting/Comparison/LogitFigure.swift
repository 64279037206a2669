import DataIO
import Foundation

extension ScalingView {
  /// Test logits at the step of the fits: histograms over seeds at some test points, with their Gaussian
  /// fits, and the limit: a line with its error where it is deterministic, its realizations and their
  /// Gaussian fit where it is random.
  var logitFigure: CurveFigure? {
    guard let networks = values("network_test_logits"), let limit = values("limit_test_logits")
    else { return nil }
    let points = chosenPoints(limit)
    let widths = thinnedIndices(scaling.widths.count, most: 4)
    let size = scaling.testPoints * scaling.outputs
    func column(_ values: [Double], _ members: Range<Int>, _ place: Int) -> [Double] {
      members.map { values[$0 * size + place] }.filter(\.isFinite)
    }
    let seeds = scaling.seeds.count
    var panels: [CurvePanel] = []
    for place in points {
      let law = LogitLaw(
        column(limit, 0..<scaling.realizations, place), error: limitError,
        isRandom: scaling.realizations > 1)
      let samples = widths.map { column(networks, ($0 * seeds)..<(($0 + 1) * seeds), place) }
      let range = commonRange(samples, law)
      for (width, sample) in zip(widths, samples) {
        panels.append(
          LogitPanel(sample: sample, limit: law, color: colors[width]).panel(
            title: "width \(scaling.widths[width]), " + pointName(place), range: range))
      }
    }
    return CurveFigure(
      name: name("logits"), title: title("test logits at step \(rateStep)"),
      caption: logitCaption(panels), panels: panels, notes: logitNotes(shown: widths.count),
      columns: widths.count)
  }

  /// What is drawn, and nothing else.
  private func logitCaption(_ panels: [CurvePanel]) -> String {
    let curves = panels.flatMap(\.curves)
    let labels = Set(curves.compactMap(\.label))
    let parts = [
      (curves.contains { !$0.lower.isEmpty && $0.label == nil && $0.x.count > 2 }, "histograms"),
      (labels.contains(LogitLabel.fit), "Gaussian fits"),
    ].filter(\.0).map(\.1)
    let networks =
      scaling.seeds.count > 1
      ? "Logits of single test points over seeds"
      : "Logits of single test points in one network of each width"
    let limit =
      labels.contains(LogitLabel.limitFit)
      ? "realizations of the limit with their Gaussian fit"
      : scaling.realizations > 1 ? "realizations of the limit" : "the limit's"
    return networks + (parts.isEmpty ? "" : ", with \(parts.joined(separator: " and "))")
      + ", beside \(limit)."
  }

  private func pointName(_ place: Int) -> String {
    "point \(place / scaling.outputs)"
      + (scaling.outputs > 1 ? "[\(place % scaling.outputs)]" : "")
  }

  /// The limit's error of the test logits, root mean square over points; NaN where it states none.
  private var limitError: Double {
    guard let step = scaling.steps.firstIndex(of: rateStep),
      let errors = scaling.array("logit_rms_gap_limit_error")?.values
    else { return .nan }
    return errors[step] > 0 ? errors[step] : .nan
  }

  /// Three points whose logits in the limit (means over realizations) are low, in the middle and high: at
  /// 1/6, 1/2 and 5/6 of their order. Of several outputs the largest.
  private func chosenPoints(_ limit: [Double]) -> [Int] {
    let size = scaling.testPoints * scaling.outputs
    let means = (0..<size).map { place in
      (0..<scaling.realizations).reduce(0) { $0 + limit[$1 * size + place] }
        / Double(scaling.realizations)
    }
    let places = (0..<scaling.testPoints).map { point in
      (0..<scaling.outputs).map { point * scaling.outputs + $0 }.max { means[$0] < means[$1] }!
    }.filter { means[$0].isFinite }.sorted { means[$0] < means[$1] }
    guard !places.isEmpty else { return [] }
    let chosen = [1, 3, 5].map { places[min($0 * places.count / 6, places.count - 1)] }
    return chosen.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// What the logits of one point at all widths, and the limit's, span.
  private func commonRange(_ samples: [[Double]], _ limit: LogitLaw) -> ClosedRange<Double> {
    var ends = limit.ends
    for sample in samples where !sample.isEmpty {
      ends += [sample.min()!, sample.max()!]
      if sample.count >= fewestForFit, let fit = GaussianCurve(sample) {
        ends += [-3, 3].map { fit.mean + $0 * fit.deviation }
      }
    }
    guard let low = ends.min(), let high = ends.max() else { return -1...1 }
    let margin = max(0.05 * (high - low), 1e-6 * max(abs(low), abs(high)), 1e-300)
    return (low - margin)...(high + margin)
  }

  private func logitNotes(shown: Int) -> [String] {
    var notes = [seedsNote]
    notes.append("dots: single networks")
    if scaling.realizations > 1 {
      notes += ["black dots: \(scaling.realizations) realizations", "    of the limit"]
    } else if limitError.isFinite {
      notes.append("limit ± its error (RMS over points)")
    }
    return notes + leftOutNote(shown: shown) + divergedNotes
  }
}

/// What the legend calls fits.
private enum LogitLabel {
  static let fit = "Gaussian fit over seeds"
  static let limitFit = "Gaussian fit of the limit"
}

/// The normal law of fewer values is a guess.
private let fewestForFit = 3

/// The limit's logit at one point.
struct LogitLaw {
  let values: [Double]
  let error: Double
  let isRandom: Bool
  let fit: GaussianCurve?

  init(_ values: [Double], error: Double, isRandom: Bool) {
    self.values = values
    self.error = error
    self.isRandom = isRandom
    fit = isRandom && values.count >= fewestForFit ? GaussianCurve(values) : nil
  }

  /// What an axis has to span.
  var ends: [Double] {
    if let fit { return [-3, 3].map { fit.mean + $0 * fit.deviation } + values }
    return values.flatMap { error.isFinite ? [$0 - error, $0 + error] : [$0] }
  }
}

/// One panel of logits.
private struct LogitPanel {
  let sample: [Double]
  let limit: LogitLaw
  let color: UInt32

  func panel(title: String, range: ClosedRange<Double>) -> CurvePanel {
    var curves: [PlotCurve] = []
    var top = 0.0
    if let histogram = Histogram(sample) {
      top = histogram.densities.max()!
      let outline = histogram.outline
      curves.append(
        PlotCurve(
          label: nil, x: outline.x, y: outline.y, lower: outline.y.map { _ in 0 },
          upper: outline.y, style: .line(width: 0.8), color: color))
    }
    if sample.count >= fewestForFit, let fit = GaussianCurve(sample) {
      let line = fit.line
      top = max(top, line.y.max()!)
      curves.append(
        PlotCurve(
          label: nil, x: line.x, y: line.y, style: .line(width: 1.8), color: color))
      // Widths differ in colour; the legend has none of them.
      curves.append(
        PlotCurve(
          label: LogitLabel.fit, x: [], y: [], style: .line(width: 1.8),
          color: Palette.auxiliary))
    }
    if let fit = limit.fit { top = max(top, fit.line.y.max()!) }
    let isEmpty = top == 0
    if isEmpty { top = 1 }
    curves += limitCurves(top: top)
    let dots = limit.isRandom ? limit.values : []
    curves.append(
      PlotCurve(
        label: nil, x: dots, y: dots.map { _ in -0.09 * top }, style: .points, color: Palette.limit)
    )
    curves.append(
      PlotCurve(
        label: nil, x: sample, y: sample.map { _ in -0.04 * top }, style: .points, color: color))
    return CurvePanel(
      title: title, horizontal: PlotAxis("logit", tics: linearTics(range), range: range),
      vertical: PlotAxis(
        isEmpty ? "" : "density", tics: isEmpty ? [0] : linearTics(0...(1.1 * top), most: 5),
        range: (-0.13 * top)...(1.1 * top)), curves: curves)
  }

  private func limitCurves(top: Double) -> [PlotCurve] {
    if let fit = limit.fit {
      let line = fit.line
      return [
        PlotCurve(
          label: LogitLabel.limitFit, x: line.x, y: line.y, style: .dashed(width: 2),
          color: Palette.limit)
      ]
    }
    if limit.isRandom { return [] }
    return limit.values.flatMap { value in
      let line = PlotCurve(
        label: "limit", x: [value, value], y: [0, 1.1 * top], style: .line(width: 2),
        color: Palette.limit)
      guard limit.error.isFinite else { return [line] }
      let sides = [value - limit.error, value + limit.error]
      return [
        PlotCurve(
          label: nil, x: sides, y: [.nan, .nan], lower: [0, 0], upper: [1.1 * top, 1.1 * top],
          style: .line(width: 1), color: Palette.limit),
        line,
      ]
    }
  }
}
