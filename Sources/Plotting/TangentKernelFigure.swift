import DataIO
import ParticleSystems

/// The tangent kernel over training: the mean over the probes of its diagonal, divided by the same
/// mean at the first recorded step. Constant in kernel limits. `nil` where there are no probes.
func tangentKernelFigure(
  run: RunRecord?, nets: NetsRecord?, labels: FigureLabels
) -> CurveFigure? {
  let curves = stepCurves(run: run, nets: nets, relativeKernelDiagonal)
  guard !curves.isEmpty else { return nil }
  return CurveFigure(
    name: "tangent_kernel", title: labels.title,
    caption:
      "The tangent kernel's diagonal over training, mean over the probes, divided by its start.",
    panels: [
      stepPanel(
        "tangent kernel", "mean diagonal, relative to its start", curves, run: run, nets: nets)
    ], notes: stepNotes(run: run, nets: nets))
}

/// (member, step). A ratio of means, not a mean of ratios: a probe whose entry happens to be small
/// at the start would rule the latter.
func relativeKernelDiagonal(_ trajectory: Trajectory) -> [Double] {
  let probes = trajectory.probes
  let steps = trajectory.steps.count
  guard probes > 0, steps > 0 else { return [] }
  let sums = (0..<(trajectory.members * steps)).map { row in
    trajectory.tangentKernelDiagonal[(row * probes)..<((row + 1) * probes)].reduce(0, +)
  }
  return sums.indices.map { sums[$0] / sums[$0 / steps * steps] }
}
