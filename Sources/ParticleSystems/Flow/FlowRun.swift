import Checkpoints
import Networks
import TimeIntegration

/// Follows the gradient flow of every system through `settings.steps` units of time, and hands out what
/// `runTraining(_:settings:rule:offset:recorder:progress:atBoundary:atStep:)` does, at the same steps.
///
/// Steps of the integrator are as long as the tolerance allows; what lies within them (logits and the
/// driving field at every whole step, tangent kernel and particles where they are recorded) is
/// evaluated at states of the integrator's continuous extension, of order 4. All systems share the step
/// sizes. A step size that collapses ends the run: the first whole step that was not reached is that of
/// the divergence.
///
/// - Parameters:
///   - field: the one that drives `system`.
///   - tolerance: of the estimated error of one step, relative to the scale of the state.
///   - progress: called with the whole steps passed so far.
///   - atBoundary: called before the first step, where an interrupted run takes its state, and after every step
///     of the integrator, with the last whole step in it.
///   - atStep: called at every whole step, while the system holds the state there.
/// - Throws: what `atBoundary` and `atStep` throw.
package func runFlow(
  _ system: any FlowSystem, field: FlowField, settings: TrainingSettings, rule: TrainingRule,
  tolerance: Double, recorder: any TrajectoryRecorder, progress: (_ steps: Int) -> Void = { _ in },
  atBoundary: BoundaryAction? = nil, atStep: (_ step: Int) throws -> Void
) rethrows -> IntegrationRecord {
  var visits = FlowVisits(
    system: system, field: field, settings: settings, rule: rule, recorder: recorder)
  var restored: AdaptiveIntegrator.State?
  func exchange(_ state: RunState, _ integrator: AdaptiveIntegrator.State) throws {
    var integrator = integrator
    try integrator.exchange(state.part("integrator"))
    try visits.exchange(state)
    try integrator.check(state, end: settings.steps, next: visits.next)
    try field.exchange(state)
    try system.exchange(state.part("system"))
    try recorder.exchange(state.part("recorder"))
    if state.isRestoring { restored = integrator }
  }
  try atBoundary?(.start) { try exchange($0, AdaptiveIntegrator.State()) }
  if restored == nil {
    guard try visits.visit(at: [], atStep), settings.steps > 0 else {
      return IntegrationRecord(tolerance: tolerance, accepted: 0, rejected: 0)
    }
  }
  let end = Double(settings.steps)
  var integrator =
    restored.map { AdaptiveIntegrator($0, end: end, tolerance: tolerance) }
    ?? AdaptiveIntegrator(system, end: end, tolerance: tolerance)
  while let step = integrator.findStep(system) {
    while visits.next <= settings.steps, Double(visits.next) <= step.end {
      progress(visits.next)
      guard try visits.visit(at: step.weights(at: Double(visits.next)), atStep) else {
        return integrator.record
      }
    }
    integrator.finish(step, system)
    try atBoundary?(.step(visits.next - 1)) { try exchange($0, integrator.state) }
  }
  if !integrator.isAtEnd { visits.recordCollapse() }
  return integrator.record
}

/// Passes the whole steps of a flow on to a recorder.
private struct FlowVisits {
  let system: any FlowSystem
  let field: FlowField
  let settings: TrainingSettings
  let rule: TrainingRule
  let recorder: any TrajectoryRecorder
  let recordedSteps: [Int]
  private(set) var next = 0
  private var nextRecord = 0

  init(
    system: any FlowSystem, field: FlowField, settings: TrainingSettings, rule: TrainingRule,
    recorder: any TrajectoryRecorder
  ) {
    self.system = system
    self.field = field
    self.settings = settings
    self.rule = rule
    self.recorder = recorder
    recordedSteps = settings.recorded.list(upTo: settings.steps)
  }

  mutating func exchange(_ state: RunState) throws {
    try state.exchange("next", &next)
    guard (0...(settings.steps + 1)).contains(next) else {
      throw state.misfit("next", "the value \(next)")
    }
    nextRecord = recordedSteps.prefix { $0 < next }.count
  }

  private var isRecorded: Bool { recordedSteps[nextRecord] == next }

  /// Step number `next`, at y + sum_j weights_j k_j. Answers whether any system goes on.
  mutating func visit(at weights: [Double], _ atStep: (Int) throws -> Void) rethrows -> Bool {
    var logits = system.evaluate(at: weights, isRecorded: isRecorded)
    field.complete(&logits)
    try hand(logits, over: atStep)
    return field.isAlive.contains(true)
  }

  /// Step number `next` was not reached.
  mutating func recordCollapse() {
    var logits = system.evaluate(at: [], isRecorded: isRecorded)
    func lose(_ values: inout [[Double]]) {
      values = values.map { Array(repeating: .nan, count: $0.count) }
    }
    lose(&logits.batch)
    lose(&logits.training)
    lose(&logits.test)
    hand(logits, over: { _ in })
  }

  private mutating func hand(
    _ logits: EvaluatedLogits, over atStep: (Int) throws -> Void
  ) rethrows {
    let step = next
    let magnitude = rule.magnitude(at: step)
    if isRecorded {
      recorder.record(at: nextRecord, logits, magnitude: magnitude)
      nextRecord += 1
    }
    next += 1
    try atStep(step)
    guard step < settings.steps else { return }
    let alive = recorder.recordUpdate(
      step, batch: nil, labels: settings.problem.trainingLabels, logits: logits.batch,
      magnitude: magnitude)
    for (index, isAlive) in alive.enumerated() where !isAlive { field.isAlive[index] = false }
  }
}
