import DataIO
import Foundation
import ParticleSystems

/// The distance between the test logits of nets and limit: over training for each width, and at the
/// last step against the width, with the slope -1/2 of fluctuations that fall like one over the
/// square root of the width. The limit's own simulation error is the floor below which a gap means
/// nothing.
///
/// `nil` where the distance has no meaning: without both files and their logits, with several
/// realizations of the limit (no net belongs to one of them), and where the limit's logits are
/// rescaled by a power of the width (exponent beta not 0). Widths with diverged nets are left out.
func logitGapFigure(run: RunRecord?, nets: NetsRecord?, labels: FigureLabels) -> CurveFigure? {
  guard let run, let nets, run.trajectory.members == 1, abs(run.limit.beta) < 1e-9,
    !run.trajectory.testLogits.isEmpty,
    nets.trajectories.allSatisfy({ !$0.testLogits.isEmpty })
  else { return nil }
  let diverged = divergedWidths(nets)
  let gap = LogitGap(run: run, nets: nets, leavingOut: diverged.map(\.index))
  guard let lastStep = gap.steps.last, !gap.gaps.isEmpty else { return nil }
  let colors = Palette.widths(nets.widths.count)
  let steps = gap.steps.map(Double.init)
  var overSteps = gap.gaps.map { entry in
    PlotCurve(
      label: "width \(entry.width)", x: steps, y: entry.values, style: .line(width: 1.8),
      color: colors[entry.index])
  }
  var overWidths = gap.gaps.map { entry in
    PlotCurve(
      label: nil, x: [Double(entry.width)], y: [entry.values.last!], style: .points,
      color: colors[entry.index])
  }
  let widths = gap.gaps.map { Double($0.width) }
  // One width alone has an axis around it, and room for the line of the limit's error.
  let aroundOneWidth = widths.count == 1 ? (widths[0] / 2)...(widths[0] * 2) : nil
  if let guide = guideLine(widths, gap.gaps.map { $0.values.last! }) {
    overWidths.insert(guide, at: 0)
  }
  if let floor = floorLine(run.trajectory, gap.steps) {
    overSteps.append(floor)
    overWidths.append(
      PlotCurve(
        label: floor.label,
        x: [
          aroundOneWidth?.lowerBound ?? widths.min()!, aroundOneWidth?.upperBound ?? widths.max()!,
        ],
        y: [floor.y.last!, floor.y.last!], style: floor.style, color: floor.color))
  }
  return CurveFigure(
    name: "logit_gap", title: labels.title,
    caption: "How far the test logits of finite networks are from the limit's: over training, and"
      + " against the width at the last step.",
    panels: [
      CurvePanel(
        title: "(a) over training", horizontal: PlotAxis("training step"),
        vertical: PlotAxis("RMS gap of the test logits", isLogarithmic: true), curves: overSteps),
      CurvePanel(
        title: "(b) at step \(lastStep)",
        horizontal: PlotAxis(
          "width", isLogarithmic: true, tics: widthTics(widths), range: aroundOneWidth),
        vertical: PlotAxis("RMS gap of the test logits", isLogarithmic: true), curves: overWidths),
    ],
    notes: ["RMS over points" + (nets.seeds.count > 1 ? " and \(nets.seeds.count) seeds" : "")]
      + diverged.map { "width \($0.width) left out: \($0.count)" })
}

/// The line of slope -1/2 nearest to the points in the doubly logarithmic plane.
private func guideLine(_ widths: [Double], _ gaps: [Double]) -> PlotCurve? {
  let points = zip(widths, gaps).filter { $1 > 0 && $1.isFinite }
  guard points.count > 1, let low = widths.min(), let high = widths.max() else { return nil }
  let level = points.reduce(0) { $0 + log($1.1) + log($1.0) / 2 } / Double(points.count)
  return PlotCurve(
    label: "slope −1/2", x: [low, high],
    y: [exp(level - log(low) / 2), exp(level - log(high) / 2)], style: .line(width: 1),
    color: Palette.auxiliary)
}

private func floorLine(_ limit: Trajectory, _ steps: [Int]) -> PlotCurve? {
  guard !limit.testLogitsError.isEmpty else { return nil }
  let errors = Dictionary(uniqueKeysWithValues: zip(limit.steps, limit.testLogitsError))
  return PlotCurve(
    label: "error of the limit", x: steps.map(Double.init), y: steps.map { errors[$0]! },
    style: .dashed(width: 1.4), color: Palette.auxiliary)
}
