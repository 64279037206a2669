import Checkpoints
import Networks

/// Trains every system of a transport by (mini-batch) gradient descent: limits of every kind and
/// finite networks alike. The gradient of a batch is that of its mean loss.
///
/// Networks of several outputs have logits and gradients in flat arrays (point, output).
///
/// - Parameters:
///   - rule: at which logits the loss gradient is taken, and when `offset` is added to them.
///   - recorder: receives logits and gradients; it decides what becomes of the systems.
///   - progress: called with the number of updates made so far.
///   - atBoundary: called before the first step, where an interrupted run takes its state, and at the end of
///     every step but the last one.
///   - atStep: called at every step, after the transport has reached it.
/// - Throws: what `atBoundary` and `atStep` throw.
package func runTraining(
  _ transport: any LogitTransport, settings: TrainingSettings, rule: TrainingRule = .plain,
  offset: InitialFunction = .none, recorder: any TrajectoryRecorder,
  progress: (_ updates: Int) -> Void = { _ in }, atBoundary: BoundaryAction? = nil,
  atStep: (_ step: Int) throws -> Void
) rethrows {
  let problem = settings.problem
  let recordedSteps = settings.recorded.list(upTo: settings.steps)
  var initial: (training: [[Double]], test: [[Double]])?
  if case .values(let training, let test) = offset { initial = (training, test) }
  var nextRecord = 0
  var update: GradientUpdate?
  var firstStep = 0

  /// After step number `last`.
  func exchange(_ state: RunState, last: Int) throws {
    var last = last
    try state.exchange("step", &last)
    guard (0..<settings.steps).contains(last) else {
      throw state.misfit("step", "the value \(last)")
    }
    let batch = settings.batches.indices(update: last, points: problem.trainingCount)
    let count = (batch?.count ?? problem.trainingCount) * problem.outputs
    var gradients = update?.gradients ?? []
    try state.exchange(
      "gradients", &gradients, lengths: Array(repeating: count, count: transport.systems))
    if case .multipleOfInitialLogits = offset {
      var (training, test) = initial ?? ([], [])
      let lengths = { Array(repeating: $0 * problem.outputs, count: transport.systems) }
      try state.exchange(
        "initial.training", &training, lengths: lengths(problem.trainingCount))
      try state.exchange("initial.test", &test, lengths: lengths(problem.testCount))
      initial = (training, test)
    }
    try transport.exchange(state.part("transport"))
    try recorder.exchange(state.part("recorder"))
    guard state.isRestoring else { return }
    update = GradientUpdate(batch: batch, gradients: gradients)
    firstStep = last + 1
    nextRecord = recordedSteps.prefix { $0 <= last }.count
  }
  try atBoundary?(.start) { try exchange($0, last: 0) }

  for step in firstStep...settings.steps {
    let isLast = step == settings.steps
    let batch =
      isLast ? nil : settings.batches.indices(update: step, points: problem.trainingCount)
    let isRecorded = recordedSteps[nextRecord] == step
    var logits = transport.advance(
      by: update,
      evaluating: EvaluationRequest(
        hasNextBatch: !isLast, nextBatch: batch, isRecorded: isRecorded))
    if step == 0, case .multipleOfInitialLogits(let factor) = offset {
      // Step 0 is always recorded, so the logits on all points are there.
      initial = (logits.training.scaled(by: factor), logits.test.scaled(by: factor))
    }
    if let initial, rule.addsOffset(at: step) {
      logits.add(initial, batch: batch, outputs: problem.outputs)
    }
    let magnitude = rule.magnitude(at: step)

    if isRecorded {
      recorder.record(at: nextRecord, logits, magnitude: magnitude)
      nextRecord += 1
    }
    try atStep(step)
    if isLast { break }

    let labels = batch.map { $0.map { problem.trainingLabels[$0] } } ?? problem.trainingLabels
    let alive = recorder.recordUpdate(
      step, batch: batch, labels: labels, logits: logits.batch, magnitude: magnitude)
    if !alive.contains(true) { return }
    update = GradientUpdate(
      batch: batch,
      gradients: zip(logits.batch, alive).map { logits, isAlive in
        // A diverged system gets no more gradients: its numbers are no longer recorded.
        isAlive
          ? settings.lossGradients(labels: labels, logits: logits, magnitude: magnitude)
          : Array(repeating: 0, count: logits.count)
      })
    progress(step + 1)
    try atBoundary?(.step(step)) { try exchange($0, last: step) }
  }
}

extension EvaluatedLogits {
  fileprivate mutating func add(
    _ initial: (training: [[Double]], test: [[Double]]), batch indices: [Int]?, outputs: Int
  ) {
    for system in initial.training.indices {
      if !training.isEmpty { training[system].add(initial.training[system]) }
      if !test.isEmpty { test[system].add(initial.test[system]) }
      if !batch.isEmpty {
        batch[system].add(
          indices.map { initial.training[system].rows($0, of: outputs) }
            ?? initial.training[system])
      }
    }
  }
}

extension [Double] {
  /// The rows of the given numbers, one after another, of a flat array (point, output).
  package func rows(_ indices: [Int], of outputs: Int) -> [Double] {
    outputs == 1
      ? indices.map { self[$0] }
      : indices.flatMap { self[($0 * outputs)..<(($0 + 1) * outputs)] }
  }

  fileprivate mutating func add(_ other: [Double]) {
    precondition(count == other.count, "an initial function has one value a logit")
    for i in indices { self[i] += other[i] }
  }
}

extension [[Double]] {
  fileprivate func scaled(by factor: Double) -> [[Double]] { map { $0.map { factor * $0 } } }
}
