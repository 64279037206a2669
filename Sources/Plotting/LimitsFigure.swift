import DataIO
import Foundation
import Networks
import ParticleSystems

/// Several limits side by side, and the reference network that all of them extend: over training, the
/// mean absolute logit over the test points, and the mean of the tangent kernel's diagonal over the
/// probes, divided by its value at the first recorded step (as in Golikov 2020, arXiv 2006.06574).
///
/// One line a limit, the mean over its realizations, with a band of one standard deviation where it
/// has several. Logits of limits are in units of powers of d/d*, so that they are those of networks
/// of the reference width d*, where they compare with the reference network's own.
///
/// - Parameters:
///   - runs: limits of one problem and one reference width.
///   - reference: nets, of which those of the runs' reference width are drawn; none where there is
///     no such width.
/// - Returns: `nil` where no run has test logits.
func limitsFigure(
  runs: [RunRecord], reference: NetsRecord?, labels: FigureLabels
) -> CurveFigure? {
  guard runs.contains(where: { !$0.trajectory.testLogits.isEmpty }) else { return nil }
  let width = runs.lazy.compactMap(\.referenceWidth).first
  let network = width.flatMap { width in
    reference?.widths.firstIndex(of: width).map { (width, reference!.trajectories[$0]) }
  }
  let lines = limitLines(runs, network: network)
  var panels = [logitPanel(lines.compactMap { $0.curve(meanAbsoluteLogit) }, lines)]
  let kernels = lines.compactMap { $0.curve(relativeKernelDiagonal) }
  if !kernels.isEmpty {
    panels.append(
      CurvePanel(
        title: "(b) tangent kernel", horizontal: PlotAxis("training step"),
        vertical: PlotAxis(
          "mean diagonal, relative to its start",
          range: linearRange(kernels, leavingOut: lines.filter(\.diverged).map(\.label))),
        curves: kernels))
  }
  return CurveFigure(
    name: "limits", title: labels.title,
    caption: "Several limits of one network: mean magnitude of the test logits, and the tangent"
      + " kernel's diagonal divided by its start.", panels: panels,
    notes: notes(lines, referenceWidth: width))
}

/// (member, step): the mean over test points and outputs of |f|; empty without test logits.
func meanAbsoluteLogit(_ trajectory: Trajectory) -> [Double] {
  let size = trajectory.testPoints * trajectory.outputs
  guard size > 0, !trajectory.testLogits.isEmpty else { return [] }
  return (0..<(trajectory.members * trajectory.steps.count)).map { row in
    trajectory.testLogits[(row * size)..<((row + 1) * size)].reduce(0) { $0 + abs($1) }
      / Double(size)
  }
}

/// What one line of the figure stands for and how it looks.
private struct LimitLine {
  var label: String
  var trajectory: Trajectory
  var style: PlotCurve.Style
  var color: UInt32
  /// What the members are: realizations, or seeds.
  var members: String

  var diverged: Bool { trajectory.divergedAtStep.contains { $0 != nil } }

  func curve(_ quantity: (Trajectory) -> [Double]) -> PlotCurve? {
    let values = quantity(trajectory)
    guard !values.isEmpty else { return nil }
    let spread = MemberSpread(values, members: trajectory.members)
    return PlotCurve(
      label: label, x: trajectory.steps.map(Double.init), y: spread.mean, lower: spread.lower,
      upper: spread.upper, style: style, color: color)
  }
}

/// The network first, so that it lies under the limits, and wide, so that it shows where they
/// coincide with it.
private func limitLines(
  _ runs: [RunRecord], network: (width: Int, trajectory: Trajectory)?
) -> [LimitLine] {
  let titles = runs.map { limitTitle($0.limit.name) }
  var lines: [LimitLine] = []
  var looks = LimitLooks()
  if let network, network.trajectory.members > 0 {
    lines.append(
      LimitLine(
        label: "network of width \(network.width)", trajectory: network.trajectory,
        style: .line(width: 5), color: Palette.auxiliary, members: "seeds"))
  }
  for (index, run) in runs.enumerated() where run.trajectory.members > 0 {
    let look = looks.look(of: run.limit.name)
    let isUnique = titles.filter { $0 == titles[index] }.count == 1
    lines.append(
      LimitLine(
        label: isUnique ? titles[index] : "\(titles[index]) (\(run.path))",
        trajectory: run.trajectory,
        style: .pattern(look.pattern, width: 2.4), color: look.color, members: "realizations"))
  }
  return lines
}

/// The name for people of a limit in a file.
package func limitTitle(_ name: String) -> String {
  if name == "ic_mean_field" { return "IC-MF" }
  return DynamicallyStableLimit(rawValue: name)?.title
    ?? (name.isEmpty ? "limit" : name.replacing("_", with: " "))
}

/// Below this fraction of the largest value a mean absolute logit is the rounding of a zero: single
/// precision, in which pairs of particles cancel, has 6e-8.
private let rounding = 1e-6

/// Logarithmic where the values span more than two decades. Zeros, as the limits have at step 0 whose
/// initial function vanishes, are gaps there, and bands that would reach zero end at the axis.
private func logitPanel(_ curves: [PlotCurve], _ lines: [LimitLine]) -> CurvePanel {
  var vertical = PlotAxis("mean |logit| over test points")
  var curves = curves
  let diverged = lines.filter(\.diverged).map(\.label)
  let kept = curves.filter { !diverged.contains($0.label ?? "") }
  let values = (kept.isEmpty ? curves : kept).flatMap(\.y).filter(\.isFinite)
  let high = values.max() ?? 0
  let usable = values.filter { $0 > rounding * high }
  if let low = usable.min(), high > 100 * low {
    vertical.isLogarithmic = true
    let tops = (kept.isEmpty ? curves : kept).flatMap(\.upper).filter(\.isFinite)
    vertical.range = (low / 1.3)...(1.3 * max(high, tops.max() ?? 0))
    for index in curves.indices {
      curves[index].y = curves[index].y.map { $0 > rounding * high ? $0 : .nan }
      curves[index].lower = curves[index].lower.map { $0.isNaN ? $0 : max($0, low / 1.3) }
    }
  } else {
    vertical.range = linearRange(curves, leavingOut: diverged)
  }
  return CurvePanel(
    title: "(a) logits", horizontal: PlotAxis("training step"), vertical: vertical, curves: curves)
}

/// What the curves that did not diverge need, where others did; `nil` (all of the data) else.
private func linearRange(_ curves: [PlotCurve], leavingOut labels: [String]) -> ClosedRange<Double>?
{
  guard !labels.isEmpty else { return nil }
  let values = curves.filter { !labels.contains($0.label ?? "") }
    .flatMap { $0.y + $0.lower + $0.upper }.filter(\.isFinite)
  guard let low = values.min(), let high = values.max(), low < high else { return nil }
  let margin = 0.1 * (high - low)
  return (low - margin)...(high + margin)
}

private func notes(_ lines: [LimitLine], referenceWidth: Int?) -> [String] {
  var notes = [
    referenceWidth.map { "logits at width \($0)" }
      ?? "logits at the reference width"
  ]
  // "bands: ±1 std over 10 realizations, 10 seeds"
  var counts: [String] = []
  for line in lines where line.trajectory.members > 1 {
    let count = "\(line.trajectory.members) \(line.members)"
    if !counts.contains(count) { counts.append(count) }
  }
  if !counts.isEmpty { notes.append("bands: ±1 std over") }
  notes += counts.reversed().map { "    \($0)" }
  for line in lines where line.diverged {
    let count = line.trajectory.divergedAtStep.filter { $0 != nil }.count
    notes.append("\(line.label): \(count) of \(line.trajectory.members) diverged")
  }
  return notes
}
