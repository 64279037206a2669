public import DataIO
import Foundation

/// The figures of a study: test accuracy (test loss where labels are numbers) against depth, against the ratio of
/// widths, and against the width of finite networks.
public func figures(_ record: StudyRecord, labels: FigureLabels) -> [CurveFigure] {
  let study = StudyFigures(record: record, labels: labels)
  return [study.depths, study.ratios, study.widths].compactMap(\.self)
}

struct StudyFigures {
  let record: StudyRecord
  let labels: FigureLabels

  private var hasAccuracy: Bool {
    record.cases.contains { !$0.bayesian.meanFunction.testAccuracy.isNaN }
  }

  private func score(_ scores: StudyScores) -> Double {
    hasAccuracy ? 100 * scores.testAccuracy : scores.testLoss
  }

  private var axis: PlotAxis { PlotAxis(hasAccuracy ? "test accuracy (%)" : "test loss (squared)") }

  private var parameterizations: [String] {
    record.cases.map(\.parameterization).reduce(into: []) { names, name in
      if !names.contains(name) { names.append(name) }
    }
  }

  private func distinct<Value: Hashable & Comparable>(
    _ value: (StudyRecord.Case) -> Value
  ) -> [Value] { Set(record.cases.map(value)).sorted() }

  private typealias Law = (
    label: String, color: UInt32, style: PlotCurve.Style, scores: (StudyRecord.Case) -> StudyScores
  )

  private var laws: [Law] {
    let (mean, one) = (Palette.categories[1], Palette.limit)
    return [
      (
        "Bayesian mean (NNGP)", Palette.categories[2], .pattern([2, 4], width: 1.8),
        { $0.bayesian.meanFunction }
      ),
      ("mean, end of training", mean, .dashed(width: 1.6), { $0.end.meanFunction }),
      ("mean, \(steps)", mean, .line(width: 2), { $0.trained.meanFunction }),
      ("one network, end of training", one, .dashed(width: 1.6), { $0.end.one }),
      ("one network, \(steps)", one, .line(width: 2), { $0.trained.one }),
    ]
  }

  private var steps: String { "\(record.steps) step\(record.steps == 1 ? "" : "s")" }

  /// Lines of the kernels and points of finite networks over some coordinate of the networks.
  ///
  /// - Parameter moved: a coordinate, some bars further.
  private func curves(
    _ cases: [StudyRecord.Case], moved: (Double, Double) -> Double,
    _ coordinate: (StudyRecord.Case) -> Double
  ) -> [PlotCurve] {
    let x = cases.map(coordinate)
    var curves = laws.map { law in
      PlotCurve(
        label: law.label, x: x, y: cases.map { score(law.scores($0)) }, style: law.style,
        color: law.color)
    }
    let colors = Palette.widths(max(1, record.widths.count))
    for (place, width) in record.widths.enumerated() {
      // Beside each other, lest bars hide bars.
      let shift = Double(2 * place + 1 - record.widths.count) / 2
      curves.append(
        networks(
          "one of width \(width)", x.map { moved($0, shift) }, cases.map { $0.networks[place] },
          colors[place]))
    }
    return curves
  }

  /// Mean and standard error over the seeds; without bars where there is one seed.
  private func networks(
    _ label: String, _ x: [Double], _ networks: [StudyRecord.Networks], _ color: UInt32
  ) -> PlotCurve {
    let statistics = networks.map { $0.statistics(score) }
    let means = statistics.map(\.mean)
    let errors = statistics.map(\.standardError)
    let hasBars = errors.contains { !$0.isNaN }
    return PlotCurve(
      label: label, x: x, y: means,
      lower: hasBars ? zip(means, errors).map { $0 - ($1.isNaN ? 0 : $1) } : [],
      upper: hasBars ? zip(means, errors).map { $0 + ($1.isNaN ? 0 : $1) } : [], spread: .bars,
      style: .points, color: color)
  }

  private var notes: [String] {
    guard hasAccuracy else { return [] }
    let error = (1000 * record.largestSamplingError).rounded() / 10
    return ["\(record.testPoints) test points: ±\(ResultTable.text(error)) %"]
  }

  private func caption(_ text: String) -> String {
    let points =
      record.widths.isEmpty
      ? ""
      : " Points: single finite networks after as many steps, mean over \(record.seeds)"
        + " seed\(record.seeds == 1 ? "" : "s") and its standard error, by the width of the first hidden layer."
    return text + " Lines: infinite width, mean function and one network (expected)." + points
  }

  /// The ratio nearest to 1 of those that every depth has.
  private var mainRatio: Double {
    distinct(\.widthRatio).filter { ratio in
      record.cases.contains { $0.widthRatio == ratio && $0.hiddenLayers > 1 }
    }.min { abs($0 - 1) < abs($1 - 1) } ?? 1
  }

  /// Against the number of hidden layers, a panel a parameterization. `nil` with one depth.
  var depths: CurveFigure? {
    let layers = distinct(\.hiddenLayers)
    guard layers.count > 1 else { return nil }
    let ratio = mainRatio
    let panels = parameterizations.enumerated().map { number, name in
      let cases = record.cases
        .filter {
          $0.parameterization == name && ($0.hiddenLayers == 1 || $0.widthRatio == ratio)
        }
        .sorted { $0.hiddenLayers < $1.hiddenLayers }
      return CurvePanel(
        title: "\(letter(number)) \(name), ratio of widths \(ResultTable.text(ratio))",
        horizontal: PlotAxis(
          "hidden layers", tics: layers.map(Double.init),
          range: (Double(layers[0]) - 0.4)...(Double(layers.last!) + 0.4)), vertical: axis,
        curves: curves(cases, moved: { $0 + 0.08 * $1 }) { Double($0.hiddenLayers) })
    }
    return CurveFigure(
      name: "study_depth", title: labels.title,
      caption: caption(
        "Test \(hasAccuracy ? "accuracy" : "loss") against depth, widths of hidden layers in the ratio"
          + " \(ResultTable.text(ratio))."), panels: panels, notes: notes)
  }

  /// Against the ratio of widths, a row a parameterization and a panel a depth. `nil` with one ratio.
  var ratios: CurveFigure? {
    let layers = distinct(\.hiddenLayers).filter { $0 > 1 }
    let all = Set(record.cases.filter { $0.hiddenLayers > 1 }.map(\.widthRatio)).sorted()
    guard all.count > 1 else { return nil }
    var panels: [CurvePanel] = []
    for name in parameterizations {
      for depth in layers {
        let cases = record.cases
          .filter { $0.parameterization == name && $0.hiddenLayers == depth }
          .sorted { $0.widthRatio < $1.widthRatio }
        panels.append(
          CurvePanel(
            title: "\(letter(panels.count)) \(name), \(depth) hidden layers",
            horizontal: PlotAxis(
              "width of a hidden layer over the one before", isLogarithmic: true, tics: all,
              range: (all[0] / 1.25)...(all.last! * 1.25)),
            vertical: axis, curves: curves(cases, moved: { $0 * pow(1.05, $1) }, \.widthRatio)))
      }
    }
    return CurveFigure(
      name: "study_width_ratio", title: labels.title,
      caption: caption(
        "Test \(hasAccuracy ? "accuracy" : "loss") against the ratio of widths of consecutive hidden layers."
      ),
      panels: panels, notes: notes, columns: layers.count)
  }

  /// Finite networks against their width, beside infinite width, a panel a parameterization. `nil` with fewer
  /// than two widths.
  var widths: CurveFigure? {
    guard record.widths.count > 1 else { return nil }
    let layers = distinct(\.hiddenLayers)
    let colors = Palette.widths(layers.count)
    let x = record.widths.map(Double.init)
    let ratio = mainRatio
    let panels = parameterizations.enumerated().map { number, name in
      var curves: [PlotCurve] = []
      for (depth, color) in zip(layers, colors) {
        guard
          let entry = record.cases.first(where: {
            $0.parameterization == name && $0.hiddenLayers == depth
              && (depth == 1 || $0.widthRatio == ratio)
          })
        else { continue }
        let limit = score(entry.trained.one)
        let text = "\(depth) hidden layer\(depth == 1 ? "" : "s")"
        curves.append(
          PlotCurve(
            label: "infinite width, \(text)", x: [x[0], x.last!], y: [limit, limit],
            style: .dashed(width: 1.4), color: color))
        curves.append(networks("one network, \(text)", x, entry.networks, color))
      }
      return CurvePanel(
        title: "\(letter(number)) \(name), ratio of widths \(ResultTable.text(ratio))",
        horizontal: PlotAxis("width of the first hidden layer", isLogarithmic: true, tics: x),
        vertical: axis, curves: curves)
    }
    return CurveFigure(
      name: "study_width", title: labels.title,
      caption:
        "Test \(hasAccuracy ? "accuracy" : "loss") of finite networks after \(steps) against their width: mean"
        + " over \(record.seeds) seed\(record.seeds == 1 ? "" : "s") and its standard error, and expected of one"
        + " network of infinite width (dashed). Widths of hidden layers in the ratio"
        + " \(ResultTable.text(ratio)).", panels: panels, notes: notes)
  }

  private func letter(_ number: Int) -> String {
    "(\(Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8(number % 26)))))"
  }
}
