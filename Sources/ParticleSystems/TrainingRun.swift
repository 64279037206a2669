import Networks

/// Trains every system of a transport by (mini-batch) gradient descent: limits of every kind and
/// finite networks alike. The gradient of a batch is that of its mean loss.
///
/// - Parameters:
///   - rule: at which logits the loss gradient is taken, and when `offset` is added to them.
///   - recorder: receives logits and gradients; it decides what becomes of the systems.
///   - progress: called with the number of updates made so far.
///   - atStep: called at every step, after the transport has reached it.
/// - Throws: what `atStep` throws.
public func runTraining(
  _ transport: any LogitTransport, settings: TrainingSettings, rule: TrainingRule = .plain,
  offset: InitialFunction = .none, recorder: any TrajectoryRecorder,
  progress: (_ updates: Int) -> Void = { _ in },
  atStep: (_ step: Int) throws -> Void
) rethrows {
  let problem = settings.problem
  let recordedSteps = settings.recorded.list(upTo: settings.steps)
  var initial: (training: [[Double]], test: [[Double]])?
  if case .values(let training, let test) = offset { initial = (training, test) }
  var nextRecord = 0
  var update: GradientUpdate?

  for step in 0...settings.steps {
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
    if let initial, rule.addsOffset(at: step) { logits.add(initial, batch: batch) }
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
        zip(labels, logits).map { y, f in
          // A diverged system stands still: its numbers are no longer recorded.
          isAlive
            ? settings.loss.derivative(label: y, logit: f, magnitude: magnitude)
              / Double(labels.count) : 0
        }
      })
    progress(step + 1)
  }
}

extension EvaluatedLogits {
  fileprivate mutating func add(
    _ initial: (training: [[Double]], test: [[Double]]), batch indices: [Int]?
  ) {
    for system in initial.training.indices {
      if !training.isEmpty { training[system].add(initial.training[system]) }
      if !test.isEmpty { test[system].add(initial.test[system]) }
      if !batch.isEmpty {
        let values = initial.training[system]
        batch[system].add(indices.map { $0.map { values[$0] } } ?? values)
      }
    }
  }
}

extension [Double] {
  fileprivate mutating func add(_ other: [Double]) {
    precondition(count == other.count, "an initial function has one value a point")
    for i in indices { self[i] += other[i] }
  }
}

extension [[Double]] {
  fileprivate func scaled(by factor: Double) -> [[Double]] { map { $0.map { factor * $0 } } }
}
