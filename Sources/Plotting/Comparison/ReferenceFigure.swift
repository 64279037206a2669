import DataIO

/// Which of several limits is nearest to the networks of the reference width, over training: a panel a
/// criterion. Thick dots where a limit is the nearest or ties with it. `nil` with one scaling.
func referenceFigure(_ record: ComparisonRecord) -> Figure? {
  guard let ranking = record.ranking else { return nil }
  let panels = ranking.criteria.compactMap { criterionPanel($0, ranking, record) }
  guard !panels.isEmpty else { return nil }
  return Figure(
    name: "\(figurePrefix)reference",
    title: [record.title, "networks of width \(record.referenceWidth) and several limits"]
      .filter { !$0.isEmpty }.joined(separator: ", "),
    caption:
      "Which limit describes the networks of width \(record.referenceWidth) best? The smaller"
      + " the better; dots where a limit is the best or within two standard errors of it.",
    panels: panels,
    notes: [
      "bands: ±1 standard error", "dots: the nearest limit, and", "    ties (2 standard errors)",
    ]
      + (hasLogarithmicSteps(ranking.steps) ? ["step 0 is not on the axis"] : []))
}

private func hasLogarithmicSteps(_ steps: [Int]) -> Bool {
  (steps.last ?? 0) >= 50 && steps.contains { (1..<10).contains($0) }
}

private func criterionPanel(
  _ criterion: ReferenceRanking.Criterion, _ ranking: ReferenceRanking, _ record: ComparisonRecord
) -> Panel? {
  let count = ranking.steps.count
  let isLogarithmic = hasLogarithmicSteps(ranking.steps)
  let places = ranking.steps.indices.filter { !isLogarithmic || ranking.steps[$0] > 0 }
  let x = places.map { Double(ranking.steps[$0]) }
  let rows = ranking.scalings.indices.map { scaling in places.map { scaling * count + $0 } }
  let positive = rows.joined().map { criterion.values[$0] }.filter { $0.isFinite && $0 > 0 }
  guard let most = positive.max() else { return nil }
  // Functions that are equal but for rounding are no point of the axis.
  let floor = positive.filter { $0 > 1e-9 * most }.min()! / 1.5
  var curves: [Curve] = []
  var dots: [Curve] = []
  var looks = LimitLooks()
  for (scaling, row) in rows.enumerated() {
    let values = row.map { criterion.values[$0] < floor ? .nan : criterion.values[$0] }
    let errors = row.map { criterion.standardErrors[$0] }
    let look = looks.look(of: record.scalings[scaling].limit.name)
    let hasErrors = errors.contains { $0.isFinite }
    curves.append(
      Curve(
        label: record.scalings[scaling].title, x: x, y: values,
        lower: hasErrors ? zip(values, errors).map { max($0 - $1, floor) } : [],
        upper: hasErrors ? zip(values, errors).map { $0 + $1 } : [],
        style: .pattern(look.pattern, width: 2), color: look.color))
    dots.append(
      Curve(
        label: nil, x: x, y: zip(row, values).map { criterion.ties[$0] ? $1 : .nan },
        style: .points, color: look.color))
  }
  let range = floor...(most * 1.5)
  let labels = [
    "logit_gap": "RMS logit gap", "logit_law_distance": "W2 of the logits' laws",
    "logit_kl": "KL of the logits' laws", "widest_logit_kl": "KL of the widest networks' laws",
  ]
  return Panel(
    title: "",
    horizontal: Axis(
      "training step", isLogarithmic: isLogarithmic,
      tics: isLogarithmic ? decimalTics(x.first!...x.last!) : []),
    vertical: Axis(
      (labels[criterion.name] ?? criterion.name)
        + (criterion.units == "1" ? "" : " (\(criterion.units))"), isLogarithmic: true,
      tics: decimalTics(range), range: range),
    curves: curves + dots)
}
