import Checkpoints
import Networks
import ParticleSystems

/// Records the mean over replicates as one member of a trajectory for each realization, and their
/// spread as the error: systems that sample one limit independently.
///
/// Systems are numbered realization by realization; after all of them, where the bias is estimated,
/// come four halves for each realization (``ReplicateEstimate``).
package final class ReplicateRecorder: TrajectoryRecorder {
  package private(set) var trajectory: Trajectory
  private let settings: TrainingSettings
  private let replicates: Int
  private let hasHalves: Bool
  private let factor: Double

  package init(
    realizations: Int, replicates: Int, settings: TrainingSettings, hasHalves: Bool = false
  ) {
    trajectory = Trajectory(
      members: realizations, settings: settings, hasError: replicates > 1)
    if hasHalves { trajectory.testLogitsBias = trajectory.testLogitsError }
    self.settings = settings
    self.replicates = replicates
    self.hasHalves = hasHalves
    factor = replicates > 1 ? studentFactor(samples: replicates) : 0
  }

  private var realizations: Int { trajectory.members }

  /// The field of the solved limit is taken at the mean logits: those of single replicates have the
  /// noise of fewer particles, which the curvature of the loss gradient would turn into a bias.
  package func recordUpdate(
    _ update: Int, batch: [Int]?, labels: [Double], logits: [[Double]], magnitude: PowerOfWidth
  ) -> [Bool] {
    let alive = (0..<realizations).map { realization in
      noteDivergence(of: realization, at: update, logits)
      let isAlive = trajectory.divergedAtStep[realization] == nil
      if isAlive {
        trajectory.setLossGradient(
          member: realization, update: update, batch: batch, labels: labels,
          logits: estimate(realization, logits).values, magnitude: magnitude, settings: settings)
      }
      return isAlive
    }
    return alive.flatMap { Array(repeating: $0, count: replicates) }
      + (hasHalves ? alive.flatMap { Array(repeating: $0, count: 4) } : [])
  }

  package func record(at index: Int, _ logits: EvaluatedLogits, magnitude: PowerOfWidth) {
    var squaredErrors: [Double] = []
    var squaredBiases: [Double] = []
    for realization in 0..<realizations {
      noteDivergence(of: realization, at: trajectory.steps[index], logits.training)
      noteDivergence(of: realization, at: trajectory.steps[index], logits.test)
      if trajectory.divergedAtStep[realization] != nil { continue }
      let training = estimate(realization, logits.training)
      let test = estimate(realization, logits.test)
      let kernel = ReplicateEstimate(systems(of: realization, in: logits.tangentKernels))
      trajectory.set(
        member: realization, stepIndex: index, trainingLogits: training.values,
        testLogits: test.values, magnitude: magnitude, settings: settings)
      trajectory.setTangentKernel(member: realization, stepIndex: index, kernel.values)
      guard replicates > 1 else { continue }
      trajectory.setStandardErrors(
        member: realization, stepIndex: index,
        trainingLogits: training.standardErrors(factor: factor),
        testLogits: test.standardErrors(factor: factor),
        trainingLoss: lossError(
          systems(of: realization, in: logits.training), settings.problem.trainingLabels,
          magnitude),
        testLoss: lossError(
          systems(of: realization, in: logits.test), settings.problem.testLabels, magnitude),
        tangentKernel: kernel.standardErrors(factor: factor))
      squaredErrors.append(test.squaredError)
      if let bias = test.squaredBias { squaredBiases.append(bias) }
    }
    if !squaredErrors.isEmpty {
      trajectory.testLogitsError[index] = mean(squaredErrors).squareRoot()
    }
    if !squaredBiases.isEmpty {
      trajectory.testLogitsBias[index] = max(mean(squaredBiases), 0).squareRoot()
    }
  }

  package func exchange(_ state: RunState) throws { try trajectory.exchange(state) }

  private func estimate(_ realization: Int, _ values: [[Double]]) -> ReplicateEstimate {
    let halves =
      hasHalves
      ? Array(values[(realizations * replicates)...][firstHalf(realization)...].prefix(4)) : []
    return ReplicateEstimate(systems(of: realization, in: values), halves: halves)
  }

  private func firstHalf(_ realization: Int) -> Int { realizations * replicates + 4 * realization }

  private func systems(of realization: Int, in values: [[Double]]) -> ArraySlice<[Double]> {
    values[(realization * replicates)..<((realization + 1) * replicates)]
  }

  /// The spread of the replicates' own losses: the loss of the mean logits varies as much, to first
  /// order.
  private func lossError(
    _ logits: ArraySlice<[Double]>, _ labels: [Double], _ magnitude: PowerOfWidth
  ) -> Double {
    let losses = logits.map {
      [
        settings.loss.mean(
          labels: labels, logits: $0, outputs: settings.outputs, magnitude: magnitude)
      ]
    }
    return ReplicateEstimate(losses[...]).standardErrors(factor: factor)[0]
  }

  private func noteDivergence(of realization: Int, at step: Int, _ logits: [[Double]]) {
    guard trajectory.divergedAtStep[realization] == nil else { return }
    let halves = hasHalves ? logits[firstHalf(realization)..<(firstHalf(realization) + 4)] : []
    if !(systems(of: realization, in: logits) + halves).allSatisfy({ $0.allSatisfy(\.isFinite) }) {
      trajectory.divergedAtStep[realization] = step
    }
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
