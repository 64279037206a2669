import Networks
import ParticleSystems

/// Records the mean over replicates as one member of a trajectory for each realization, and the
/// replicates' spread as the error: systems that sample one limit independently. Systems are
/// numbered realization by realization.
final class ReplicateRecorder: TrajectoryRecorder {
  private(set) var trajectory: Trajectory
  private let settings: TrainingSettings
  private let replicates: Int

  init(realizations: Int, replicates: Int, settings: TrainingSettings) {
    trajectory = Trajectory(
      members: realizations, settings: settings, hasError: replicates > 1)
    self.settings = settings
    self.replicates = replicates
  }

  /// The field of the solved limit is taken at the mean logits: those of single replicates have the
  /// noise of fewer particles, which the curvature of the loss gradient would turn into a bias.
  func recordUpdate(
    _ update: Int, batch: [Int]?, labels: [Double], logits: [[Double]], magnitude: PowerOfWidth
  ) -> [Bool] {
    (0..<trajectory.members).flatMap { realization in
      let values = systems(of: realization, in: logits)
      noteDivergence(of: realization, at: update, values)
      let isAlive = trajectory.divergedAtStep[realization] == nil
      if isAlive {
        trajectory.setLossGradient(
          member: realization, update: update, batch: batch, labels: labels, logits: mean(values),
          magnitude: magnitude, settings: settings)
      }
      return Array(repeating: isAlive, count: replicates)
    }
  }

  func record(at index: Int, _ logits: EvaluatedLogits, magnitude: PowerOfWidth) {
    var squaredErrors: [Double] = []
    for realization in 0..<trajectory.members {
      let training = systems(of: realization, in: logits.training)
      let test = systems(of: realization, in: logits.test)
      noteDivergence(of: realization, at: trajectory.steps[index], training)
      noteDivergence(of: realization, at: trajectory.steps[index], test)
      if trajectory.divergedAtStep[realization] != nil { continue }
      let meanTest = mean(test)
      trajectory.set(
        member: realization, stepIndex: index, trainingLogits: mean(training),
        testLogits: meanTest, magnitude: magnitude, settings: settings)
      trajectory.setTangentKernelDiagonal(
        member: realization, stepIndex: index,
        mean(systems(of: realization, in: logits.tangentKernelDiagonals)))
      if replicates > 1 { squaredErrors.append(squaredError(test, mean: meanTest)) }
    }
    if !squaredErrors.isEmpty {
      trajectory.testLogitsError[index] =
        (squaredErrors.reduce(0, +) / Double(squaredErrors.count)).squareRoot()
    }
  }

  private func systems(of realization: Int, in values: [[Double]]) -> ArraySlice<[Double]> {
    values[(realization * replicates)..<((realization + 1) * replicates)]
  }

  private func noteDivergence(of realization: Int, at step: Int, _ logits: ArraySlice<[Double]>) {
    if trajectory.divergedAtStep[realization] == nil,
      !logits.allSatisfy({ $0.allSatisfy(\.isFinite) })
    {
      trajectory.divergedAtStep[realization] = step
    }
  }

  private func mean(_ values: ArraySlice<[Double]>) -> [Double] {
    var result = [Double](repeating: 0, count: values.first!.count)
    for row in values { for i in row.indices { result[i] += row[i] } }
    return result.map { $0 / Double(replicates) }
  }

  /// Mean over the points of the squared standard error of the mean over replicates,
  /// sum_r (f_r - mean)^2 / (R (R - 1)) a point.
  private func squaredError(_ values: ArraySlice<[Double]>, mean: [Double]) -> Double {
    var sum = 0.0
    for row in values {
      for (value, center) in zip(row, mean) { sum += (value - center) * (value - center) }
    }
    return sum / Double(replicates * (replicates - 1) * mean.count)
  }
}
