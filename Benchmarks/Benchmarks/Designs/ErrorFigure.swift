import InfiniteWidth

/// RMS error against the number of particles: a row of panels a step, a column a setting.
func errorFigure(_ comparisons: [Comparison]) -> CurveFigure {
  let particles = Setting.particles.map(Double.init)
  let panels = Setting.steps.indices.flatMap { step in
    comparisons.map { comparison in
      var curves = comparison.rows.map { row in
        let label = row.isAutomatic ? automaticLabel : row.label
        let (style, color) = looks[label]!
        return PlotCurve(
          label: label, x: particles, y: row.errors.map { $0.roots[step] }, style: style,
          color: color)
      }
      let error = comparison.referenceErrors[step]
      curves.append(
        PlotCurve(
          label: "stated error of the reference", x: [particles.first!, particles.last!],
          y: [error, error], style: .dashed(width: 1), color: 0x808080))
      return CurvePanel(
        title: "\(comparison.setting.title.prefix { $0 != "," }), step \(Setting.steps[step])",
        horizontal: PlotAxis("particles", isLogarithmic: true, tics: particles),
        vertical: PlotAxis("RMS error of the test logits", isLogarithmic: true), curves: curves)
    }
  }
  return CurveFigure(
    name: "designs", title: "Errors of initial samples", panels: panels,
    notes: ["RMS over 256 test points and 8 seeds", "(4 at 16384, independent: 8)"],
    columns: comparisons.count)
}

private let automaticLabel = "automatic"

/// Symmetric designs of independent points are warm, Sobol' points cold; the radius is dashed.
private let looks: [String: (PlotCurve.Style, UInt32)] = [
  "independent": (.line(width: 2), 0x000000),
  "antithetic": (.line(width: 1.6), 0x999999),
  "quadruples": (.line(width: 1.6), 0xE69F00),
  "quadruples+moments": (.line(width: 1.6), 0xD55E00),
  "sobol+quadruples+moments": (.line(width: 1.6), 0x56B4E9),
  "sobol+moments": (.line(width: 1.6), 0x0072B2),
  "sobol+reflected+moments": (.line(width: 1.6), 0x009E73),
  "sobol+moments+importance": (.dashed(width: 1.6), 0x0072B2),
  "sobol+reflected+moments+importance": (.dashed(width: 1.6), 0x009E73),
  "sobol+radius": (.pattern([14, 6, 3, 6], width: 2), 0x0072B2),
  "sobol+moments+radius": (.pattern([14, 6, 3, 6], width: 2), 0xD55E00),
  "sphere": (.pattern([5, 4], width: 2.4), 0x009E73),
  automaticLabel: (.line(width: 3), 0xCC79A7),
]
