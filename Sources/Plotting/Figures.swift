public import DataIO
import Diagnostics
import ParticleSystems

/// The figures that suit what the files hold: losses, accuracies, logit gaps, tangent kernels.
///
/// - Throws: `Diagnostic(.badInput)` where run and nets are about different training or test points,
///   which one figure must not mix.
public func figures(
  run: RunRecord?, nets: NetsRecord?, labels: FigureLabels? = nil
) throws -> [Figure] {
  if let run, let nets { try checkSameProblem(run, nets) }
  let limit = (run?.limit ?? nets?.limit)?.name ?? ""
  let labels =
    labels
    ?? FigureLabels(title: limit.isEmpty ? "" : "limit: \(limit.replacing("_", with: " "))")
  return [lossFigure, accuracyFigure, logitGapFigure, tangentKernelFigure]
    .compactMap { $0(run, nets, labels) }
}

private func checkSameProblem(_ run: RunRecord, _ nets: NetsRecord) throws {
  guard run.trainingLabels == nets.trainingLabels, run.testLabels == nets.testLabels,
    nets.trajectories.allSatisfy({ $0.outputs == run.trajectory.outputs })
  else {
    throw Diagnostic(
      .badInput,
      "the training or test points are not those of \(run.path); "
        + "give files of one configuration", file: nets.path)
  }
}
