import Checkpoints
import TimeIntegration

extension Trajectory {
  /// All that is recorded, in a trajectory of the same shape. There may be more arrays: a run may still have
  /// added some at its end.
  ///
  /// - Throws: what ``RunState`` does.
  package mutating func exchange(_ state: RunState) throws {
    let rows = members * steps.count
    let (n, t) = (trainingPoints * outputs, testPoints * outputs)
    var shape = [members, updates, trainingPoints, testPoints, outputs, probes] + steps
    let own = shape
    try state.exchange("shape", &shape)
    guard shape == own else { throw state.misfit("shape", "other dimensions than the run") }
    var arrays: [(name: String, array: WritableKeyPath<Trajectory, [Double]>, count: Int)] = [
      ("training_logits", \.trainingLogits, rows * n),
      ("test_logits", \.testLogits, rows * t),
      ("training_loss", \.trainingLoss, rows),
      ("test_loss", \.testLoss, rows),
      ("training_accuracy", \.trainingAccuracy, rows),
      ("test_accuracy", \.testAccuracy, rows),
      ("loss_gradient", \.lossGradient, members * updates * n),
      ("tangent_kernel_diagonal", \.tangentKernelDiagonal, rows * probes),
      ("tangent_kernel", \.tangentKernel, rows * probes * probes),
      ("decomposition", \.decompositionStandardDeviation, rows * terms.names.count),
      ("test_logits_error", \.testLogitsError, steps.count),
      ("test_logits_bias", \.testLogitsBias, steps.count),
      ("training_logits_se", \.trainingLogitsStandardError, rows * n),
      ("test_logits_se", \.testLogitsStandardError, rows * t),
      ("training_loss_se", \.trainingLossStandardError, rows),
      ("test_loss_se", \.testLossStandardError, rows),
      ("tangent_kernel_diagonal_se", \.tangentKernelDiagonalStandardError, rows * probes),
      ("tangent_kernel_se", \.tangentKernelStandardError, rows * probes * probes),
    ]
    if incrementLayers > 0 {
      arrays.append(("weight_increments", \.weightIncrements, rows * incrementLayers))
    }
    for (name, array, count) in arrays {
      let isThere = !self[keyPath: array].isEmpty
      try state.exchange(name, &self[keyPath: array])
      let found = self[keyPath: array].count
      guard found == count || found == 0 && !isThere else {
        throw state.misfit(name, "\(found) numbers, not \(count)")
      }
    }
    var diverged = divergedAtStep.map { $0 ?? -1 }
    try state.exchange("diverged_at_step", &diverged, count: members)
    guard diverged.allSatisfy({ (-1...max(updates, steps.last ?? 0)).contains($0) }) else {
      throw state.misfit("diverged_at_step", "steps that there are not")
    }
    divergedAtStep = diverged.map { $0 < 0 ? nil : $0 }
    try state.exchange("integration", &integration) { try $1.exchange($0) }
    try state.exchange("multirate", &multirate) { try $1.exchange($0) }
  }
}

extension RunState {
  /// A value that there may be.
  fileprivate func exchange<Value: BlankRecord>(
    _ name: String, _ value: inout Value?, _ exchange: (RunState, inout Value) throws -> Void
  ) throws {
    var exists = value != nil
    try self.exchange(name, &exists)
    guard exists else {
      value = nil
      return
    }
    var record = value ?? Value.blank
    try exchange(part(name), &record)
    value = record
  }
}

/// A record that can be filled in.
private protocol BlankRecord {
  static var blank: Self { get }
}

extension IntegrationRecord: BlankRecord {
  fileprivate static var blank: IntegrationRecord { .init(tolerance: 0, accepted: 0, rejected: 0) }

  fileprivate mutating func exchange(_ state: RunState) throws {
    try state.exchange("tolerance", &tolerance)
    try state.exchange("accepted", &accepted)
    try state.exchange("rejected", &rejected)
  }
}

extension MultirateRecord: BlankRecord {
  fileprivate static var blank: MultirateRecord { .init(smallParticles: 0) }

  fileprivate mutating func exchange(_ state: RunState) throws {
    try state.exchange("small_particles", &smallParticles)
    try state.exchange("blocks", &blocks)
    try state.exchange("particle_steps", &particleSteps)
    try state.exchange("correction", &correction)
    try state.exchange("correction_error", &correctionError)
    var fast = fastCoordinates.map { [$0.count, $0.slowSteps] } ?? []
    try state.exchange("fast_coordinates", &fast)
    guard fast.isEmpty || fast.count == 2 && fast.allSatisfy({ $0 >= 1 }) else {
      throw state.misfit("fast_coordinates", "numbers that are none")
    }
    fastCoordinates = fast.isEmpty ? nil : FastCoordinates(count: fast[0], slowSteps: fast[1])
  }
}
