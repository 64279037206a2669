import DataIO
import ParticleSystems

/// The curves of one quantity over training steps: a line a width for the nets, light to dark, and
/// the limit in black on top.
///
/// - Parameter quantity: (member, step) of a trajectory; empty where it is not recorded.
func stepCurves(
  run: RunRecord?, nets: NetsRecord?, _ quantity: (Trajectory) -> [Double]
) -> [PlotCurve] {
  var curves: [PlotCurve] = []
  if let nets {
    let colors = Palette.widths(nets.widths.count)
    for (index, trajectory) in nets.trajectories.enumerated() {
      let values = quantity(trajectory)
      guard !values.isEmpty, trajectory.members > 0 else { continue }
      let spread = MemberSpread(values, members: trajectory.members)
      curves.append(
        PlotCurve(
          label: "width \(nets.widths[index])", x: trajectory.steps.map(Double.init),
          y: spread.mean, lower: spread.lower, upper: spread.upper, style: .line(width: 1.6),
          color: colors[index]))
    }
  }
  if let trajectory = run?.trajectory, trajectory.members > 0 {
    let values = quantity(trajectory)
    if !values.isEmpty {
      let spread = MemberSpread(values, members: trajectory.members)
      curves.append(
        PlotCurve(
          label: "limit", x: trajectory.steps.map(Double.init), y: spread.mean,
          lower: spread.lower, upper: spread.upper, style: .line(width: 2.6),
          color: Palette.limit))
    }
  }
  return curves
}

/// A panel of such curves. Where some nets (or the limit) diverged, the vertical axis spans what the
/// others need: numbers on their way to infinity would press all else into a line. What then still
/// spans more than four decades is drawn on a logarithmic axis.
///
/// - Parameter isLinear: never on a logarithmic axis: a quantity that may be 0.
func stepPanel(
  _ title: String, _ label: String, _ curves: [PlotCurve], run: RunRecord?, nets: NetsRecord?,
  isLinear: Bool = false
) -> CurvePanel {
  var diverged = Set(divergedWidths(nets).map { "width \($0.width)" })
  if run?.trajectory.divergedAtStep.contains(where: { $0 != nil }) == true {
    diverged.insert("limit")
  }
  return stepPanel(title, label, curves, diverged: diverged, isLinear: isLinear)
}

/// The same where the labels of the curves are known that belong to what diverged.
func stepPanel(
  _ title: String, _ label: String, _ curves: [PlotCurve], diverged: Set<String>,
  isLinear: Bool = false
) -> CurvePanel {
  let others = curves.filter { !diverged.contains($0.label ?? "") }
  let deciding = others.contains { $0.y.contains(where: \.isFinite) } ? others : curves
  var panel = CurvePanel(
    title: title, horizontal: PlotAxis("training step"), vertical: PlotAxis(label), curves: curves)
  if !isLinear, let range = logarithmicRange(deciding) {
    panel.vertical = PlotAxis(label, isLogarithmic: true, range: range)
    for index in panel.curves.indices {
      // A band that reaches down to 0 goes to the foot of the axis.
      panel.curves[index].lower = panel.curves[index].lower.map { $0 <= 0 ? range.lowerBound : $0 }
    }
  } else if deciding.count < curves.count {
    let values = deciding.flatMap { $0.y + $0.lower + $0.upper }.filter(\.isFinite)
    if let low = values.min(), let high = values.max(), low < high {
      let margin = 0.1 * (high - low)
      panel.vertical.range = (low - margin)...(high + margin)
    }
  }
  return panel
}

/// The range of a logarithmic axis for curves whose finite entries span more than four decades,
/// `nil` for others.
private func logarithmicRange(_ curves: [PlotCurve]) -> ClosedRange<Double>? {
  let values = curves.flatMap(\.y).filter { $0.isFinite && $0 > 0 }
  guard let low = values.min(), let high = values.max(), high / low > 1e4 else { return nil }
  let top = curves.flatMap(\.upper).filter(\.isFinite).max() ?? high
  // Ends that gnuplot can still take the logarithm of.
  let ends = (low / 2, max(high, top) * 2)
  return max(ends.0, .leastNormalMagnitude)...min(ends.1, .greatestFiniteMagnitude)
}

/// What a reader must know about such curves: the bands, and who diverged.
func stepNotes(run: RunRecord?, nets: NetsRecord?) -> [String] {
  var notes: [String] = []
  if let nets, nets.seeds.count > 1 {
    notes.append("bands: ±1 std over \(nets.seeds.count) seeds")
  }
  if let members = run?.trajectory.members, members > 1 {
    notes.append("limit: ±1 std over \(members) realizations")
  }
  if let trajectory = run?.trajectory, let step = trajectory.divergedAtStep.compactMap(\.self).min()
  {
    notes.append("the limit diverged at step \(step)")
  }
  return notes + divergedWidths(nets).map { "width \($0.width): \($0.count)" }
}

/// The widths at which nets diverged, by index, and how many did.
func divergedWidths(_ nets: NetsRecord?) -> [(index: Int, width: Int, count: String)] {
  guard let nets else { return [] }
  return nets.trajectories.enumerated().compactMap { index, trajectory in
    let count = trajectory.divergedAtStep.filter { $0 != nil }.count
    guard count > 0 else { return nil }
    return (index, nets.widths[index], "\(count) of \(trajectory.members) diverged")
  }
}
