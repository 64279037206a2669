import Checkpoints
import Networks
import ParticleSystems

/// S(k), the sum of the steps along the loss gradients up to step k (the sum of the g(j), j < k, for
/// gradient descent), system by system (training point, output): to first order in the steps the logits are
/// -K S(k).
struct StepSums {
  private(set) var values: [[Double]]
  private var velocities: [[Double]]
  private let outputs: Int
  private let momentum: Double

  init(systems: Int, settings: TrainingSettings) {
    outputs = settings.outputs
    if case .momentum(let coefficient) = settings.step.update {
      momentum = coefficient
    } else {
      momentum = 0
    }
    let count = settings.problem.trainingCount * outputs
    values = Array(repeating: Array(repeating: 0, count: count), count: systems)
    velocities = values
  }

  mutating func exchange(_ state: RunState) throws {
    let lengths = values.map(\.count)
    try state.exchange("values", &values, lengths: lengths)
    try state.exchange("velocities", &velocities, lengths: lengths)
  }

  mutating func add(_ update: GradientUpdate) {
    for system in values.indices {
      for i in velocities[system].indices { velocities[system][i] *= momentum }
      for (i, g) in update.gradients[system].enumerated() {
        let point = update.batch?[i / outputs] ?? i / outputs
        velocities[system][point * outputs + i % outputs] += g
      }
      for i in values[system].indices { values[system][i] += velocities[system][i] }
    }
  }
}
