public import DataIO
import Foundation

/// The figures of predictions: scores over training time, calibration, and the law at some test points.
public func figures(_ record: PredictionRecord, labels: FigureLabels) -> [CurveFigure] {
  [
    predictionScores(record, labels), predictionCalibration(record, labels),
    predictionPoints(record, labels),
  ].compactMap(\.self)
}

private let bayesianLabel = "Bayesian network"

/// Losses, accuracies and spreads over training time, with the end of training and the Bayesian network as
/// horizontal lines. `nil` with fewer than two finite times that a logarithmic axis has.
func predictionScores(_ record: PredictionRecord, _ labels: FigureLabels) -> CurveFigure? {
  let shown = record.times.indices.filter { record.times[$0] > 0 && record.times[$0] < .infinity }
  guard shown.count > 1 else { return nil }
  let times = shown.map { record.times[$0] }
  let end = record.times.last == .infinity ? record.ensembles.last : nil
  let (training, test, one) = (Palette.categories[0], Palette.categories[1], Palette.categories[2])
  func panel(
    _ title: String, _ axis: String,
    _ quantities: [(label: String, color: UInt32, value: (PredictionScores) -> Double)]
  ) -> CurvePanel {
    var curves: [PlotCurve] = []
    for (label, color, score) in quantities {
      curves.append(
        PlotCurve(
          label: label, x: times, y: shown.map { score(record.ensembles[$0].scores) },
          style: .line(width: 2), color: color))
      if let end {
        let value = score(end.scores)
        curves.append(
          PlotCurve(
            label: nil, x: [times[0], times.last!], y: [value, value],
            style: .dashed(width: 1.2), color: color))
      }
      let value = score(record.bayesian.scores)
      curves.append(
        PlotCurve(
          label: nil, x: [times[0], times.last!], y: [value, value],
          style: .pattern([2, 4], width: 1.6), color: color))
    }
    return CurvePanel(
      title: title, horizontal: PlotAxis("training time (steps)", isLogarithmic: true),
      vertical: PlotAxis(axis), curves: curves)
  }
  var panels = [
    panel(
      "(a) loss", "squared loss",
      [
        ("training points", training, \.trainingLoss), ("test points", test, \.testLoss),
        ("test points, one network", one, \.testMemberLoss),
      ])
  ]
  if !record.bayesian.scores.testAccuracy.isNaN {
    panels.append(
      panel(
        "(b) accuracy", "accuracy (%)",
        [
          ("training points", training, { 100 * $0.trainingAccuracy }),
          ("test points", test, { 100 * $0.testAccuracy }),
          ("test points, one network", one, { 100 * $0.testMemberAccuracy }),
        ]))
  }
  // Entries of the legend in a colour that is no curve's.
  let nowhere = (x: [times[0], times.last!], y: [Double.nan, .nan])
  if end != nil {
    panels[0].curves.append(
      PlotCurve(
        label: "end of training", x: nowhere.x, y: nowhere.y, style: .dashed(width: 1.2),
        color: Palette.auxiliary))
  }
  panels[0].curves.append(
    PlotCurve(
      label: bayesianLabel, x: nowhere.x, y: nowhere.y, style: .pattern([2, 4], width: 1.6),
      color: Palette.auxiliary))
  panels.append(
    panel(
      "(\(panels.count == 1 ? "b" : "c")) spread", "mean standard deviation at test points",
      [("test points", test, \.testDeviation)]))
  return CurveFigure(
    name: "prediction_scores", title: labels.title,
    caption:
      "Mean function of networks of infinite width over training time, the expected loss of one of"
      + " them, and their spread; dashed: the end of training; dotted: the Bayesian network.",
    panels: panels, notes: noise(record))
}

/// The share of test labels within central intervals of the predicted law, against the share that should be.
/// `nil` where no law has a spread.
func predictionCalibration(_ record: PredictionRecord, _ labels: FigureLabels) -> CurveFigure? {
  let targets = record.testTargets
  let levels = (0...50).map { Double($0) / 50 }
  func curve(
    _ law: PredictionRecord.FunctionLaw, _ label: String, _ style: PlotCurve.Style, _ color: UInt32
  )
    -> PlotCurve?
  {
    // A law without a spread has no intervals.
    let isSpread = record.noiseDeviation > 0 || law.testDeviation.allSatisfy { $0 > 0 }
    // Within the central interval of share p are the labels whose erf(|z| / sqrt 2) is at most p.
    let places = targets.indices.map { place -> Double in
      let deviation = law.testDeviation[place / record.outputs]
      let total = (deviation * deviation + record.noiseDeviation * record.noiseDeviation)
        .squareRoot()
      return erf(abs(targets[place] - law.testMean[place]) / (total * 2.0.squareRoot()))
    }
    guard !places.isEmpty, places.allSatisfy(\.isFinite), isSpread else { return nil }
    let sorted = places.sorted()
    var covered = 0
    let shares = levels.map { level -> Double in
      while covered < sorted.count, sorted[covered] <= level { covered += 1 }
      return Double(covered) / Double(sorted.count)
    }
    return PlotCurve(label: label, x: levels, y: shares, style: style, color: color)
  }
  let trained = record.times.indices.filter { record.times[$0] > 0 }
  let picked = thinnedIndices(trained.count, most: 5).map { trained[$0] }
  let colors = Palette.widths(max(1, picked.count))
  var curves = zip(picked, colors).compactMap { index, color in
    curve(
      record.ensembles[index], timeLabel(record.times[index]), .line(width: 1.8), color)
  }
  if let bayesian = curve(record.bayesian, bayesianLabel, .line(width: 2.4), Palette.limit) {
    curves.append(bayesian)
  }
  guard !curves.isEmpty else { return nil }
  curves.insert(
    PlotCurve(
      label: "calibrated", x: [0, 1], y: [0, 1], style: .dashed(width: 1.2),
      color: Palette.auxiliary), at: 0)
  return CurveFigure(
    name: "prediction_calibration", title: labels.title,
    caption:
      "Share of the test labels that lie in central intervals of the predicted Gaussian law, against"
      + " the probability of the interval: above the diagonal the law is too wide, below it too narrow.",
    panels: [
      CurvePanel(
        title: "coverage of test labels",
        horizontal: PlotAxis("probability of the interval", range: 0...1),
        vertical: PlotAxis("share of labels in it", range: 0...1), curves: curves)
    ], notes: noise(record))
}

/// Mean and one standard deviation at some test points, in the order of the Bayesian network's mean. With
/// several outputs the output of the point's own class.
func predictionPoints(_ record: PredictionRecord, _ labels: FigureLabels) -> CurveFigure? {
  let outputs = record.outputs
  guard let last = record.ensembles.last, !record.testLabels.isEmpty else { return nil }
  func place(_ point: Int) -> Int {
    point * outputs + (outputs == 1 ? 0 : Int(record.testLabels[point]))
  }
  let sorted = record.testLabels.indices.sorted {
    let (a, b) = (record.bayesian.testMean[place($0)], record.bayesian.testMean[place($1)])
    return a == b ? $0 < $1 : a < b
  }
  let points = thinnedIndices(sorted.count, most: 60).map { sorted[$0] }
  let targets = record.testTargets
  func panel(_ title: String, _ law: PredictionRecord.FunctionLaw) -> CurvePanel {
    let x = points.indices.map { Double($0 + 1) }
    let mean = points.map { law.testMean[place($0)] }
    let deviations = points.map { law.testDeviation[$0] }
    return CurvePanel(
      title: title, horizontal: PlotAxis("test point, in order"),
      vertical: PlotAxis(outputs == 1 ? "output" : "output of the own class"),
      curves: [
        PlotCurve(
          label: "mean, ±1 std", x: x, y: mean, lower: zip(mean, deviations).map { $0 - $1 },
          upper: zip(mean, deviations).map { $0 + $1 }, spread: .bars, style: .points,
          color: Palette.categories[1]),
        PlotCurve(
          label: "label", x: x, y: points.map { targets[place($0)] }, style: .points,
          color: Palette.categories[0]),
      ])
  }
  return CurveFigure(
    name: "prediction_points", title: labels.title,
    caption: "Mean and standard deviation of the function at \(points.count) of"
      + " \(record.testLabels.count) test points, in the order of the Bayesian network's mean, and their"
      + " labels.",
    panels: [
      panel("(a) Bayesian network", record.bayesian),
      panel("(b) trained, \(timeLabel(record.times.last ?? 0))", last),
    ])
}

private func timeLabel(_ time: Double) -> String {
  time == .infinity ? "end of training" : "\(ResultTable.text(time)) step\(time == 1 ? "" : "s")"
}

private func noise(_ record: PredictionRecord) -> [String] {
  record.noiseDeviation > 0
    ? ["label noise: std \(ResultTable.text(record.noiseDeviation))"] : ["no label noise"]
}
