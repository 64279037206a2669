import DataIO

/// Which of several limits is nearest to the networks of the reference width, over training: a panel a
/// criterion. Thick dots where a limit is the nearest or ties with it. `nil` with one scaling.
func referenceFigure(_ record: ComparisonRecord) -> CurveFigure? {
  guard let ranking = record.ranking else { return nil }
  let panels = ranking.criteria.compactMap { criterionPanel($0, ranking, record) }
  guard !panels.isEmpty else { return nil }
  let curves = panels.flatMap(\.curves)
  let hasBands = curves.contains { !$0.lower.isEmpty }
  let hasDots = curves.contains { $0.style == .points && $0.y.contains(where: \.isFinite) }
  let hasFloors = curves.contains { $0.label == floorLabel }
  let caption =
    "Which limit describes the networks of width \(record.referenceWidth) best? The smaller the better"
    + (hasDots ? "; dots where a limit is the best or within two standard errors of it" : "")
    + (hasFloors
      ? "; dotted, the floor: what is to be expected where networks and limit have the same law"
      : "")
    + "."
  return CurveFigure(
    name: "\(figurePrefix)reference",
    title: [record.title, "networks of width \(record.referenceWidth) and several limits"]
      .filter { !$0.isEmpty }.joined(separator: ", "),
    caption: caption, panels: panels,
    notes: (hasBands ? ["bands: ±1 standard error"] : [])
      + (hasDots ? ["dots: the nearest limit, and", "    ties (2 standard errors)"] : [])
      + (hasFloors ? ["floors below the axis", "    are not drawn"] : [])
      + (hasLogarithmicSteps(ranking.steps) ? ["step 0 is not on the axis"] : []),
    columns: panels.count == 4 ? 2 : nil)
}

/// What the legend calls floors.
private let floorLabel = "floor: networks of the limit's law"

/// Floors of a criterion: one grey line where all limits have the same, else one in the colour of each.
private func floorCurves(
  _ criterion: ReferenceRanking.Criterion, _ rows: [[Int]], x: [Double], above bottom: Double,
  colors: [UInt32]
) -> [PlotCurve] {
  let floors = rows.map { row in
    row.map { place -> Double in
      let floor = criterion.floors[place]
      return criterion.values[place].isFinite && floor >= bottom ? floor : .nan
    }
  }
  func curve(_ values: [Double], _ color: UInt32) -> PlotCurve {
    PlotCurve(label: nil, x: x, y: values, style: .pattern([2, 4], width: 1.6), color: color)
  }
  let drawn = floors.indices.filter { floors[$0].contains(where: \.isFinite) }
  guard let first = drawn.first else { return [] }
  let legend = PlotCurve(
    label: floorLabel, x: [], y: [], style: .pattern([2, 4], width: 1.6),
    color: Palette.auxiliary)
  let isCommon =
    drawn.count > 1
    && drawn.allSatisfy { scaling in
      zip(floors[scaling], floors[first]).allSatisfy {
        $0.isNaN && $1.isNaN || abs($0 - $1) <= 1e-9 * $1
      }
    }
  return [legend]
    + (isCommon
      ? [curve(floors[first], Palette.auxiliary)]
      : drawn.map { curve(floors[$0], colors[$0]) })
}

private func hasLogarithmicSteps(_ steps: [Int]) -> Bool {
  (steps.last ?? 0) >= 50 && steps.contains { (1..<10).contains($0) }
}

private func criterionPanel(
  _ criterion: ReferenceRanking.Criterion, _ ranking: ReferenceRanking, _ record: ComparisonRecord
) -> CurvePanel? {
  let count = ranking.steps.count
  let isLogarithmic = hasLogarithmicSteps(ranking.steps)
  let places = ranking.steps.indices.filter { !isLogarithmic || ranking.steps[$0] > 0 }
  let x = places.map { Double(ranking.steps[$0]) }
  let rows = ranking.scalings.indices.map { scaling in places.map { scaling * count + $0 } }
  let positive = rows.joined().map { criterion.values[$0] }.filter { $0.isFinite && $0 > 0 }
  guard let most = positive.max() else { return nil }
  // Functions that are equal but for rounding are no point of the axis; nor are floors far below the values.
  let least = positive.filter { $0 > 1e-9 * most }.min()!
  let floors = rows.joined().filter { criterion.values[$0].isFinite }.map { criterion.floors[$0] }
  let floor = (floors.filter { $0 > least / 10 } + [least]).min()! / 1.5
  var curves: [PlotCurve] = []
  var dots: [PlotCurve] = []
  var looks = LimitLooks()
  var colors: [UInt32] = []
  for (scaling, row) in rows.enumerated() {
    let values = row.map { criterion.values[$0] < floor ? .nan : criterion.values[$0] }
    let errors = row.map { criterion.standardErrors[$0] }
    let look = looks.look(of: record.scalings[scaling].limit.name)
    colors.append(look.color)
    let hasErrors = errors.contains { $0.isFinite }
    curves.append(
      PlotCurve(
        label: record.scalings[scaling].title, x: x, y: values,
        lower: hasErrors ? zip(values, errors).map { max($0 - $1, floor) } : [],
        upper: hasErrors ? zip(values, errors).map { $0 + $1 } : [],
        style: .pattern(look.pattern, width: 2), color: look.color))
    dots.append(
      PlotCurve(
        label: nil, x: x, y: zip(row, values).map { criterion.ties[$0] ? $1 : .nan },
        style: .points, color: look.color))
  }
  let shown = floors.filter { $0.isFinite && $0 > 0 } + [most]
  let range = floor...(shown.max()! * 1.5)
  let labels = [
    "logit_gap": "RMS logit gap", "logit_law_distance": "W2 of the logits' laws",
    "logit_kl": "KL of the logits' laws", "widest_logit_kl": "KL, widest networks",
  ]
  return CurvePanel(
    title: "",
    horizontal: PlotAxis(
      "training step", isLogarithmic: isLogarithmic,
      tics: isLogarithmic ? decimalTics(x.first!...x.last!) : []),
    vertical: PlotAxis(
      (labels[criterion.name] ?? criterion.name)
        + (criterion.units == "1" ? "" : " (\(criterion.units))"), isLogarithmic: true,
      tics: decimalTics(range), range: range),
    curves: curves + floorCurves(criterion, rows, x: x, above: floor, colors: colors) + dots)
}
