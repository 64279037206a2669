import DataIO

extension ScalingView {
  /// Losses, test accuracy and the gap of the logits over training. `nil` where the file has none of them.
  var trainingFigure: CurveFigure? {
    let labels = FigureLabels(title: "", lossName: record.lossName)
    var panels: [CurvePanel] = []
    func add(_ array: String, _ label: String, scale: Double = 1, isLinear: Bool = false) {
      let curves = memberCurves(array, scale: scale)
      guard curves.contains(where: { $0.y.contains(where: \.isFinite) }) else { return }
      panels.append(
        stepPanel("", label, curves, diverged: divergedLabels, isLinear: isLinear))
    }
    add("train_loss", labels.loss("training"))
    add("test_loss", labels.loss("test"))
    add("test_accuracy", "test accuracy (%)", scale: 100, isLinear: true)
    let hasLosses = !panels.isEmpty
    let gaps = gapPanel
    if let gaps { panels.append(gaps) }
    guard !panels.isEmpty else { return nil }
    var notes: [String] = []
    if scaling.seeds.count > 1 {
      notes += ["bands: ±1 std over", "    \(scaling.seeds.count) seeds"]
      if scaling.realizations > 1 { notes.append("    \(scaling.realizations) realizations") }
    }
    if scaling.seeds.count > 1, gaps != nil {
      notes += ["logit gap: ±1 standard error"]
    }
    if scaling.limit.beta > 0 {
      notes += [
        "networks in the limit's units:",
        "    divided by (d/d*)^\(PlotScript.number(scaling.limit.beta))",
      ]
    }
    return CurveFigure(
      name: name("training"), title: title("over training"),
      caption: trainingCaption(hasLosses: hasLosses, hasGaps: gaps != nil),
      panels: panels, notes: notes + divergedNotes, columns: panels.count > 2 ? 2 : nil)
  }

  /// What is drawn, and nothing else.
  private func trainingCaption(hasLosses: Bool, hasGaps: Bool) -> String {
    let losses =
      values("network_test_accuracy") == nil && values("limit_test_accuracy") == nil
      ? "losses" : "losses and test accuracy"
    let parts =
      (hasLosses ? ["\(losses) of networks of each width and of the limit"] : [])
      + (hasGaps ? ["the root mean square gap of the networks' test logits to the limit"] : [])
    let text = parts.joined(separator: ", and ")
    return "Over training: \(text)."
  }

  /// Networks of each width, then the limit.
  private func memberCurves(_ array: String, scale: Double) -> [PlotCurve] {
    var curves: [PlotCurve] = []
    let x = scaling.steps.map(Double.init)
    func curve(
      _ label: String, _ values: ArraySlice<Double>, members: Int, _ width: Double, _ color: UInt32
    ) {
      let spread = MemberSpread(values.map { scale * $0 }, members: members)
      curves.append(
        PlotCurve(
          label: label, x: x, y: spread.mean, lower: spread.lower, upper: spread.upper,
          style: .line(width: width), color: color))
    }
    if let networks = scaling.array("network_\(array)")?.values {
      let size = scaling.seeds.count * x.count
      for (index, width) in scaling.widths.enumerated() {
        curve(
          widthLabel(width), networks[(index * size)..<((index + 1) * size)],
          members: scaling.seeds.count, 1.6, colors[index])
      }
    }
    if let limit = scaling.array("limit_\(array)")?.values {
      curve("limit", limit[...], members: scaling.realizations, 2.6, Palette.limit)
    }
    return curves
  }

  private func widthLabel(_ width: Int) -> String { "width \(width)" }

  /// The root mean square gap of the logits, paired where the limit is random.
  private var gapPanel: CurvePanel? {
    let isPaired = values("paired_logit_rms_gap") != nil
    let metric = isPaired ? "paired_logit_rms_gap" : "logit_rms_gap"
    guard let gaps = values(metric) else { return nil }
    let steps = scaling.steps.count
    let x = scaling.steps.map(Double.init)
    let kept = scaling.widths.indices.filter {
      !divergedLabels.contains(widthLabel(scaling.widths[$0]))
    }
    let least = kept.flatMap { gaps[($0 * steps)..<(($0 + 1) * steps)] }
      .filter { $0.isFinite && $0 > 0 }
    guard let low = least.min(), let high = least.max() else { return nil }
    // Initial functions that are equal but for rounding are no point of the axis.
    let floor = least.filter { $0 > 1e-6 * high }.min() ?? low
    var curves: [PlotCurve] = []
    if let errors = scaling.array(metric + "_limit_error")?.values,
      errors[..<steps].contains(where: { $0 > floor / 10 })
    {
      curves.append(
        PlotCurve(
          label: "error of the limit", x: x, y: Array(errors[..<steps]), style: .dashed(width: 1.4),
          color: Palette.auxiliary))
    }
    let errors = scaling.array(metric + "_stderr")?.values ?? gaps.map { _ in .nan }
    for (index, width) in scaling.widths.enumerated() {
      let row = (index * steps)..<((index + 1) * steps)
      let hasErrors = errors[row].contains(where: \.isFinite)
      curves.append(
        PlotCurve(
          label: widthLabel(width), x: x, y: gaps[row].map { $0 < floor ? .nan : $0 },
          lower: hasErrors ? zip(gaps[row], errors[row]).map { max($0 - $1, floor / 2) } : [],
          upper: hasErrors ? zip(gaps[row], errors[row]).map { $0 + $1 } : [],
          style: .line(width: 1.6), color: colors[index]))
    }
    let bottom =
      curves[0].label == "error of the limit"
      ? max(floor / 10, min(floor, curves[0].y.filter { $0 > 0 }.min() ?? floor)) : floor
    let range = (bottom / 1.3)...(high * 1.5)
    return CurvePanel(
      title: "", horizontal: PlotAxis("training step"),
      vertical: PlotAxis(
        isPaired ? "paired RMS logit gap" : "RMS logit gap", isLogarithmic: true,
        tics: decimalTics(range), range: range), curves: curves)
  }

  /// How many networks of each width have a loss that is not a number.
  private var divergedCounts: [Int] {
    guard let losses = scaling.array("network_train_loss")?.values else {
      return scaling.widths.map { _ in 0 }
    }
    let steps = scaling.steps.count
    return scaling.widths.indices.map { width in
      scaling.seeds.indices.count { seed in
        let first = (width * scaling.seeds.count + seed) * steps
        return losses[first..<(first + steps)].contains { !$0.isFinite }
      }
    }
  }

  private var isLimitDiverged: Bool {
    scaling.array("limit_train_loss")?.values.contains { !$0.isFinite } ?? false
  }

  var divergedLabels: Set<String> {
    var labels = Set(
      zip(scaling.widths, divergedCounts).filter { $1 > 0 }.map { widthLabel($0.0) })
    if isLimitDiverged { labels.insert("limit") }
    return labels
  }

  var divergedNotes: [String] {
    (isLimitDiverged ? ["the limit diverged"] : [])
      + zip(scaling.widths, divergedCounts).filter { $1 > 0 }.map {
        "\(widthLabel($0)): \($1) of \(scaling.seeds.count) diverged"
      }
  }
}
