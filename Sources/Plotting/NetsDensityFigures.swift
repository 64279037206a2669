import DataIO

/// The law of nets of several widths over that of the limit, along one projection.
///
/// - Parameters:
///   - nets: one a width, increasing, on one grid and at the same steps.
///   - limit: on the same grid, where there is one.
func netsFigures(
  _ nets: [ProjectionDensity], limit: ProjectionDensity?, title: String
) throws -> [any ScriptedFigure] {
  switch nets[0].axes.count {
  case 1: [netsCurves(nets, limit: limit, title: title)]
  case 2: [netsMaps(nets, limit: limit, title: title)]
  default:
    try axisPairs.map { pair in
      netsMaps(
        try nets.map { try $0.marginal(of: pair) }, limit: try limit?.marginal(of: pair),
        title: title)
    }
  }
}

/// Curves of one axis: a panel for some of the snapshots, the limit filled, the nets in colours.
func netsCurves(
  _ nets: [ProjectionDensity], limit: ProjectionDensity?, title: String
) -> CurveFigure {
  let first = nets[0]
  let shown = thinnedIndices(first.steps.count, most: mostMaps)
  let drawn = thinnedIndices(nets.count, most: mostWidths).map { nets[$0] }
  let laws = (limit.map { [$0] } ?? []) + drawn
  let all = laws.flatMap { law in shown.map { law.density(snapshot: $0) } }
  let peak = all.joined().max() ?? 0
  let window = visibleWindow(all, floor: 1e-3 * peak)
  let x = Array(first.axes[0].points[window])
  let colors = Palette.widths(drawn.count)
  func panel(_ snapshot: Int) -> CurvePanel {
    func values(_ law: ProjectionDensity) -> [Double] {
      law.density(snapshot: snapshot)[window].map { max(0, $0) }
    }
    var curves: [PlotCurve] = []
    let filled = limit.map(values)
    // One axis for all panels, but for those that would be flat below the peak of another.
    let own = laws.map { values($0).max() ?? 0 }.max() ?? 0
    let height = 4 * own < peak ? own : peak
    if let filled {
      curves.append(
        PlotCurve(
          label: nil, x: x, y: filled, lower: filled.map { _ in 0 }, upper: filled,
          style: .line(width: 1), color: Palette.auxiliary))
    }
    for (law, color) in zip(drawn, colors) {
      curves.append(
        PlotCurve(
          label: "width \(law.width!)", x: x, y: values(law), style: .line(width: 1.8), color: color
        ))
    }
    // Over the nets, which may cover it.
    if let filled {
      curves.append(
        PlotCurve(
          label: "limit (filled)", x: x, y: filled, style: .dashed(width: 1.2), color: Palette.limit
        ))
    }
    return CurvePanel(
      title: "step \(first.steps[snapshot])", horizontal: PlotAxis(first.axisLabel(0)),
      vertical: PlotAxis(
        "density" + (first.axes[0].units == "1" ? "" : " (1/\(first.axes[0].units))"),
        range: 0...max(1.05 * height, 1e-299)), curves: curves)
  }
  return CurveFigure(
    name: "density_\(first.identifier)_nets", title: title,
    caption: "The law of \(first.expression) in finite networks"
      + (limit == nil ? "." : ", over that of the limit."), panels: shown.map(panel),
    notes: netsNotes(drawn, of: nets, limit: limit), columns: shown.count > 3 ? 3 : nil)
}

/// Heat maps of two axes at the last snapshot: a panel for the limit and one for each width, contours of the
/// limit in the background; without a limit, of the widest nets at the first snapshot.
func netsMaps(
  _ nets: [ProjectionDensity], limit: ProjectionDensity?, title: String
) -> HeatMapFigure {
  let last = nets[0].steps.count - 1
  let places = thinnedIndices(nets.count, most: limit == nil ? mostMaps : mostMaps - 1)
  let drawn = places.map { nets[$0] }
  let laws = drawn + (limit.map { [$0] } ?? [])
  let maps = laws.map { law in
    (
      title: law.width.map { "width \($0)" } ?? "limit", density: law.density(snapshot: last)
    )
  }
  let background = (limit ?? drawn.last!).density(snapshot: limit == nil ? 0 : last)
  return DensityMapGrid(nets[0], densities: maps.map(\.density) + [background]).figure(
    name: "density_\(nets[0].identifier)_nets", title: "\(title), step \(nets[0].steps[last])",
    maps: maps, background: background,
    backgroundLabel: limit == nil
      ? "the same of width \(drawn.last!.width!), step \(nets[0].steps[0])"
      : "the same of the limit",
    notes: netsNotes(drawn, of: nets, limit: limit))
}

private let mostWidths = 8

private func netsNotes(
  _ drawn: [ProjectionDensity], of nets: [ProjectionDensity], limit: ProjectionDensity?
) -> [String] {
  let seeds = nets[0].seeds ?? 1
  let rules = Set((nets + (limit.map { [$0] } ?? [])).map(\.bandwidthRule))
  var notes = ["\(seeds) net\(seeds == 1 ? "" : "s") of each width"]
  // Rules name the steps where another stands in, law by law.
  if nets[0].isHistogram {
    notes.append("histograms")
  } else if let rule = rules.min(by: { $0.count < $1.count }) {
    notes.append("bandwidth: \(rule.split(separator: ";")[0])")
  }
  let left = nets.count - drawn.count
  if left > 0 { notes.append("\(left) more width\(left == 1 ? "" : "s") not drawn") }
  return notes
}
