import DataIO

extension ScalingView {
  /// Histograms of the weights along each axis at the last snapshot up to the step of the fits: networks of
  /// the smallest and the largest width over the limit. `nil` where the file has none.
  var weightFigure: CurveFigure? {
    guard let limit = values("limit_weight_density"), let networks = values("weight_density"),
      let edges = values("weight_edge"),
      let snapshot = scaling.snapshots.lastIndex(where: { $0 <= rateStep })
    else { return nil }
    let (axes, bins) = (scaling.projections.count, scaling.bins)
    let errors = scaling.array("weight_density_stderr")?.values ?? networks.map { _ in .nan }
    let widths = thinnedIndices(scaling.widths.count, most: 2)
    var panels: [CurvePanel] = []
    for axis in 0..<axes {
      let limitRow = (snapshot * axes + axis) * bins
      let filled = Histogram(
        edges: Array(edges[(axis * (bins + 1))..<((axis + 1) * (bins + 1))]),
        densities: Array(limit[limitRow..<(limitRow + bins)]))
      let outline = filled.outline
      guard outline.y.contains(where: { $0 > 0 }) else { continue }
      var curves = [
        PlotCurve(
          label: "limit (filled)", x: outline.x, y: outline.y, lower: outline.y.map { _ in 0 },
          upper: outline.y, style: .line(width: 1), color: Palette.auxiliary)
      ]
      var outside: [String] = []
      for index in widths {
        let first = ((index * scaling.snapshots.count + snapshot) * axes + axis) * bins
        let row = first..<(first + bins)
        guard networks[row].contains(where: \.isFinite) else { continue }
        curves.append(
          netCurve(
            "width \(scaling.widths[index])", filled.edges, Array(networks[row]),
            Array(errors[row]), colors[index]))
        // Bins are those of the limit's law, whose networks may be wider.
        let inside = zip(networks[row], zip(filled.edges, filled.edges.dropFirst())).reduce(0) {
          $0 + $1.0 * ($1.1.1 - $1.1.0)
        }
        if inside < 0.98 {
          outside.append(
            "\(Int((100 * (1 - inside)).rounded())) % of width \(scaling.widths[index])")
        }
      }
      let top = curves.flatMap { $0.y + $0.upper }.filter(\.isFinite).max() ?? 1
      panels.append(
        CurvePanel(
          title: outside.isEmpty ? "" : "beyond: " + outside.joined(separator: ", "),
          horizontal: PlotAxis(
            scaling.projections[axis],
            tics: linearTics(filled.edges.first!...filled.edges.last!, most: 5)),
          vertical: PlotAxis("density", range: 0...(1.05 * top)), curves: curves))
    }
    guard !panels.isEmpty else { return nil }
    let notes =
      [seedsNote] + (scaling.seeds.count > 1 ? ["bands: ±1 standard error"] : [])
      + leftOutNote(shown: widths.count)
    return CurveFigure(
      name: name("densities"),
      title: title("weights at step \(scaling.snapshots[snapshot])"),
      caption:
        "Histograms of the neurons' weights in networks, over those of the limit's particles.",
      panels: panels, notes: notes, columns: columns(of: panels.count))
  }

  private func netCurve(
    _ label: String, _ edges: [Double], _ densities: [Double], _ errors: [Double], _ color: UInt32
  ) -> PlotCurve {
    func outline(_ values: [Double]) -> [Double] {
      Histogram.outline(edges, values, foot: 0).y
    }
    let hasErrors = errors.contains(where: \.isFinite)
    return PlotCurve(
      label: label, x: Histogram.outline(edges, densities, foot: 0).x, y: outline(densities),
      lower: hasErrors ? outline(zip(densities, errors).map { max(0, $0 - $1) }) : [],
      upper: hasErrors ? outline(zip(densities, errors).map { $0 + $1 }) : [],
      style: .line(width: 1.5), color: color)
  }
}
