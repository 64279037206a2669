import Checkpoints
import Execution
import Networks
import ParticleSystems

/// Particles of ``DrivenParticles`` that are in memory together, on their way through training.
final class DrivenGroup<Scalar: ParticleScalar> {
  let count: Int
  let store: any ParticleStore<Scalar>
  private let transport: any LogitTransport
  private let settings: TrainingSettings
  private let recordedSteps: [Int]
  private var nextStep = 0
  /// What the group makes at every recorded step so far.
  private var recorded: [EvaluatedLogits] = []

  init(
    _ window: ParticleWindow, _ representation: MeasureLimit.Representation,
    settings: TrainingSettings, inputs: TransportInputs<Scalar>, workers: Workers
  ) {
    count = window.count
    (transport, store) = representation.transport(
      [window], settings: settings, inputs: inputs, workers: workers)
    self.settings = settings
    recordedSteps = settings.recorded.list(upTo: settings.steps)
  }

  /// Takes the group through training.
  ///
  /// - Parameters:
  ///   - atBoundary: called after every step but the last one.
  ///   - atStep: called at every step.
  func drive(
    _ field: DrivingField, atBoundary: (_ step: Int) throws -> Void,
    atStep: (_ step: Int) throws -> Void
  ) rethrows -> [EvaluatedLogits] {
    for step in nextStep...settings.steps {
      let isLast = step == settings.steps
      let isRecorded = recordedSteps[recorded.count] == step
      // The next batch is named although its logits are not needed: transports prepare it.
      let logits = transport.advance(
        by: step == 0 ? nil : field.update(step - 1, batch: batch(step - 1)),
        evaluating: EvaluationRequest(
          hasNextBatch: !isLast, nextBatch: isLast ? nil : batch(step), isRecorded: isRecorded))
      if isRecorded { recorded.append(logits) }
      try atStep(step)
      nextStep = step + 1
      if !isLast { try atBoundary(step) }
    }
    return recorded
  }

  private func batch(_ update: Int) -> [Int]? {
    settings.batches.indices(update: update, points: settings.problem.trainingCount)
  }

  func exchange(_ state: RunState) throws {
    try state.exchange("next_step", &nextStep)
    guard (1...settings.steps).contains(nextStep) else {
      throw state.misfit("next_step", "the value \(nextStep)")
    }
    try recorded.exchange(
      state.part("recorded"), count: recordedSteps.prefix { $0 < nextStep }.count, settings)
    try transport.exchange(state.part("transport"))
  }
}

extension [EvaluatedLogits] {
  /// Logits and kernels of one system at several recorded steps.
  mutating func exchange(
    _ state: RunState, count: Int, _ settings: TrainingSettings
  ) throws {
    if state.isRestoring { self = (0..<count).map { _ in EvaluatedLogits() } }
    func rows(
      _ name: String, _ values: WritableKeyPath<EvaluatedLogits, [[Double]]>, _ length: Int
    ) throws {
      var all = state.isRestoring ? [] : map { $0[keyPath: values][0] }
      try state.exchange(name, &all, lengths: [Int](repeating: length, count: count))
      for index in indices { self[index][keyPath: values] = [all[index]] }
    }
    try rows("training", \.training, settings.problem.trainingCount * settings.outputs)
    try rows("test", \.test, settings.problem.testCount * settings.outputs)
    try rows("tangent_kernels", \.tangentKernels, settings.probePairs.count)
  }
}
