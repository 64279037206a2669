import Checkpoints
import Networks
import ParticleSystems

/// Records every system of an ensemble as a member of its own: finite networks of several seeds.
final class SeedRecorder: TrajectoryRecorder {
  private(set) var trajectory: Trajectory
  private let settings: TrainingSettings
  private var diverged: [Bool]

  init(seeds: Int, settings: TrainingSettings) {
    trajectory = Trajectory(members: seeds, settings: settings, hasError: false)
    self.settings = settings
    diverged = Array(repeating: false, count: seeds)
  }

  func recordUpdate(
    _ update: Int, batch: [Int]?, labels: [Double], logits: [[Double]], magnitude: PowerOfWidth
  ) -> [Bool] {
    for member in 0..<trajectory.members {
      noteDivergence(of: member, at: update, logits[member])
      if diverged[member] { continue }
      trajectory.setLossGradient(
        member: member, update: update, batch: batch, labels: labels, logits: logits[member],
        magnitude: magnitude, settings: settings)
    }
    return diverged.map { !$0 }
  }

  func record(at index: Int, _ logits: EvaluatedLogits, magnitude: PowerOfWidth) {
    for member in 0..<trajectory.members {
      noteDivergence(of: member, at: trajectory.steps[index], logits.training[member])
      noteDivergence(of: member, at: trajectory.steps[index], logits.test[member])
      if diverged[member] { continue }
      trajectory.set(
        member: member, stepIndex: index, trainingLogits: logits.training[member],
        testLogits: logits.test[member], magnitude: magnitude, settings: settings)
      trajectory.setTangentKernel(
        member: member, stepIndex: index, logits.tangentKernels[member])
      if let terms = logits.decompositions?[member] {
        trajectory.setDecomposition(
          member: member, stepIndex: index, terms.map(standardDeviation))
      }
      if let increments = logits.weightIncrements?[member] {
        trajectory.setWeightIncrements(member: member, stepIndex: index, increments)
      }
    }
  }

  func exchange(_ state: RunState) throws {
    try trajectory.exchange(state)
    diverged = trajectory.divergedAtStep.map { $0 != nil }
  }

  private func noteDivergence(of member: Int, at step: Int, _ logits: [Double]) {
    if diverged[member] || logits.allSatisfy({ $0.isFinite }) { return }
    diverged[member] = true
    trajectory.divergedAtStep[member] = step
  }

  /// Over the points, with the divisor n: [G20a] takes these points as the whole distribution. Of
  /// several outputs, the root of the mean of their variances.
  private func standardDeviation(_ values: [Double]) -> Double {
    let outputs = settings.outputs
    let points = Double(values.count / outputs)
    var sum = 0.0
    for output in 0..<outputs {
      let own = stride(from: output, to: values.count, by: outputs)
      let mean = own.reduce(0) { $0 + values[$1] } / points
      sum += own.reduce(0) { $0 + (values[$1] - mean) * (values[$1] - mean) }
    }
    return (sum / Double(values.count)).squareRoot()
  }
}
