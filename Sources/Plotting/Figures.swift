public import DataIO
import Diagnostics
import ParticleSystems

/// The figures that suit what the files hold: losses, accuracies, logit gaps, tangent kernels.
///
/// - Throws: `Diagnostic(.badInput)` where run and nets are about different training or test points,
///   which one figure must not mix.
public func figures(
  run: RunRecord?, nets: NetsRecord?, labels: FigureLabels? = nil
) throws -> [CurveFigure] {
  if let run, let nets { try checkSameProblem(run, nets) }
  let limit = (run?.limit ?? nets?.limit)?.name ?? ""
  let labels =
    labels
    ?? FigureLabels(title: limit.isEmpty ? "" : "limit: \(limit.replacing("_", with: " "))")
  return [lossFigure, accuracyFigure, logitGapFigure, tangentKernelFigure]
    .compactMap { $0(run, nets, labels) }
}

/// The figures of several limits: one that compares them and the reference network. Of a single limit,
/// or none, as ``figures(run:nets:labels:)``.
///
/// - Throws: `Diagnostic(.badInput)` where the files are about different training or test points, or
///   about different reference networks, in whose units logits are given.
public func figures(
  runs: [RunRecord], nets: NetsRecord?, labels: FigureLabels? = nil
) throws -> [CurveFigure] {
  guard let first = runs.first, runs.count > 1 else {
    return try figures(run: runs.first, nets: nets, labels: labels)
  }
  for run in runs.dropFirst() {
    try checkSameProblem(first, run)
    try checkSameReference(first, run.referenceWidth, in: run.path)
  }
  if let nets {
    try checkSameProblem(first, nets)
    try checkSameReference(first, nets.referenceWidth, in: nets.path)
  }
  return [limitsFigure(runs: runs, reference: nets, labels: labels ?? FigureLabels(title: ""))]
    .compactMap(\.self)
}

private func checkSameProblem(_ first: RunRecord, _ run: RunRecord) throws {
  guard first.trainingLabels == run.trainingLabels, first.testLabels == run.testLabels,
    first.trajectory.outputs == run.trajectory.outputs
  else {
    throw Diagnostic(
      .badInput,
      "the training or test points are not those of \(first.path); "
        + "give files of one configuration", file: run.path)
  }
}

private func checkSameReference(_ first: RunRecord, _ width: Int?, in path: String) throws {
  guard let expected = first.referenceWidth, let width, width != expected else { return }
  throw Diagnostic(
    .badInput,
    "the reference width is \(width), that of \(first.path) is \(expected); "
      + "give files of one reference network", file: path)
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
