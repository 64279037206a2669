import ParticleSystems

/// Records the mean over replicates as the one member of a trajectory, and their spread as its
/// error: systems that sample one limit independently.
final class ReplicateRecorder: TrajectoryRecorder {
  private(set) var trajectory: Trajectory
  private let settings: TrainingSettings
  private let replicates: Int

  init(replicates: Int, settings: TrainingSettings) {
    trajectory = Trajectory(members: 1, settings: settings, hasError: replicates > 1)
    self.settings = settings
    self.replicates = replicates
  }

  /// The field of the solved limit is taken at the mean logits: those of single replicates have the
  /// noise of fewer particles, which the curvature of the loss gradient would turn into a bias.
  func recordUpdate(_ update: Int, batch: [Int]?, labels: [Double], logits: [[Double]]) -> [Bool] {
    noteDivergence(at: update, logits)
    if trajectory.divergedAtStep[0] == nil {
      trajectory.setLossGradient(
        member: 0, update: update, batch: batch, labels: labels, logits: mean(logits),
        loss: settings.loss)
    }
    return Array(repeating: trajectory.divergedAtStep[0] == nil, count: replicates)
  }

  func record(
    at index: Int, trainingLogits: [[Double]], testLogits: [[Double]],
    tangentKernelDiagonals: [[Double]], decompositions: [[[Double]]]?
  ) {
    noteDivergence(at: trajectory.steps[index], trainingLogits)
    noteDivergence(at: trajectory.steps[index], testLogits)
    if trajectory.divergedAtStep[0] != nil { return }
    let meanTest = mean(testLogits)
    trajectory.set(
      member: 0, stepIndex: index, trainingLogits: mean(trainingLogits), testLogits: meanTest,
      settings: settings)
    trajectory.setTangentKernelDiagonal(
      member: 0, stepIndex: index, mean(tangentKernelDiagonals))
    if replicates > 1 {
      trajectory.testLogitsError[index] = standardError(testLogits, mean: meanTest)
    }
  }

  private func noteDivergence(at step: Int, _ logits: [[Double]]) {
    if trajectory.divergedAtStep[0] == nil, !logits.allSatisfy({ $0.allSatisfy(\.isFinite) }) {
      trajectory.divergedAtStep[0] = step
    }
  }

  private func mean(_ values: [[Double]]) -> [Double] {
    var result = [Double](repeating: 0, count: values[0].count)
    for row in values { for i in row.indices { result[i] += row[i] } }
    return result.map { $0 / Double(replicates) }
  }

  /// RMS over the points of the standard error of the mean over replicates,
  /// sum_r (f_r - mean)^2 / (R (R - 1)) a point.
  private func standardError(_ values: [[Double]], mean: [Double]) -> Double {
    var sum = 0.0
    for row in values {
      for (value, center) in zip(row, mean) { sum += (value - center) * (value - center) }
    }
    return (sum / Double(replicates * (replicates - 1) * mean.count)).squareRoot()
  }
}
