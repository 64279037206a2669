import Execution
import LinearAlgebra
import Networks

/// Everything that defines the training of an ensemble but its particles.
public struct TrainingSettings: Sendable {
  public var problem: LearningProblem
  public var architecture: Architecture
  public var loss: Loss
  public var step: ParticleStep
  /// Number of updates.
  public var steps: Int
  public var batches: BatchSchedule
  public var recorded: RecordedSteps
  /// Test points, the first ones, whose tangent-kernel diagonal is recorded.
  public var probes: Int
  /// Steps at which the particles are handed out.
  public var snapshots: [Int]
  /// Whether the four terms of the logits (Golikov 2020) are recorded; piecewise linear
  /// activations only.
  public var decomposes: Bool

  public init(
    problem: LearningProblem, architecture: Architecture, loss: Loss, step: ParticleStep,
    steps: Int, batches: BatchSchedule = .full, recorded: RecordedSteps = .every(1),
    probes: Int = 0, snapshots: [Int] = [], decomposes: Bool = false
  ) {
    precondition(steps >= 0 && probes >= 0 && probes <= problem.testCount)
    precondition(!decomposes || architecture.activation.negativeSlope != nil)
    self.problem = problem
    self.architecture = architecture
    self.loss = loss
    self.step = step
    self.steps = steps
    self.batches = batches
    self.recorded = recorded
    self.probes = probes
    self.snapshots = snapshots
    self.decomposes = decomposes
  }
}

/// Trains every system of an ensemble by (mini-batch) gradient descent on the hatted parameters:
/// the exact discrete-time dynamics of a mean-field limit's particles and of finite networks alike
/// (``ParticleStep`` says which). The gradient of a batch is that of its mean loss.
///
/// - Parameters:
///   - recorder: receives logits and gradients; it decides what becomes of the systems.
///   - progress: called with the number of updates made so far.
///   - snapshot: called with the step and the ensemble at `settings.snapshots`.
/// - Throws: what `snapshot` throws.
/// - Complexity: for D features, N particles in all and n points a batch, 4 n D N operations a step
///   (6 n D N for activations that are not piecewise linear), and 2 D N for every point evaluated
///   at a recorded step. Memory is that of the particles, up to twice that for the kept signs, and
///   a share of one number for each point and block of 512 particles.
public func train<Scalar: ParticleScalar>(
  _ ensemble: ParticleEnsemble<Scalar>, settings: TrainingSettings, workers: Workers,
  recorder: any TrajectoryRecorder,
  progress: (_ updates: Int) -> Void = { _ in },
  snapshot: (_ step: Int, _ ensemble: ParticleEnsemble<Scalar>) throws -> Void
) rethrows {
  let problem = settings.problem
  let n = problem.trainingCount
  let training = PointSet<Scalar>(problem.trainingInputs, architecture: settings.architecture)
  let test = PointSet<Scalar>(problem.testInputs, architecture: settings.architecture)
  precondition(ensemble.features == training.features, "particles and inputs of one dimension")
  let isFullBatch = settings.batches == .full

  let sweep = ParticleSweep(
    ensemble: ensemble, activation: settings.architecture.activation, step: settings.step,
    largestBatch: settings.batches.largestBatch(points: n),
    largestPointSet: max(n, test.count), decomposes: settings.decomposes, workers: workers)
  let trainingEvaluation = Evaluation(training, ensemble: ensemble, keepsMask: isFullBatch)
  let testEvaluation = Evaluation(
    test, ensemble: ensemble, probes: settings.probes, decomposes: settings.decomposes)
  let probeNorms = (0..<settings.probes).map { test.squaredNorm($0) }
  let factor = settings.step.logitScale / Double(ensemble.particles)
  let systems = 0..<ensemble.systems

  let recordedSteps = settings.recorded.list(upTo: settings.steps)
  let snapshotSteps = Set(settings.snapshots)
  var nextRecord = 0
  var update: ParticleSweep<Scalar>.Update?

  for step in 0...settings.steps {
    let isLast = step == settings.steps
    let isRecorded = recordedSteps[nextRecord] == step
    // Without an update to come the batch itself is not needed.
    let batch = isLast ? nil : settings.batches.indices(update: step, points: n)
    let batchEvaluation = batch.map {
      Evaluation(training.selecting($0), ensemble: ensemble, keepsMask: true)
    }
    var evaluations: [Evaluation<Scalar>] = []
    if isRecorded { evaluations.append(testEvaluation) }
    if isRecorded || isFullBatch { evaluations.append(trainingEvaluation) }
    if let batchEvaluation { evaluations.append(batchEvaluation) }
    sweep.run(update: update, evaluations: evaluations)

    if isRecorded {
      recorder.record(
        at: nextRecord,
        trainingLogits: systems.map { trainingEvaluation.logits(system: $0, factor: factor) },
        testLogits: systems.map { testEvaluation.logits(system: $0, factor: factor) },
        tangentKernelDiagonals: systems.map { system in
          let means = testEvaluation.tangentMeans(system: system, particles: ensemble.particles)
          return (0..<settings.probes).map {
            settings.step.outputKernelFactor * means.value[$0]
              + settings.step.inputKernelFactor * means.derivative[$0] * probeNorms[$0]
          }
        },
        decompositions: settings.decomposes
          ? systems.map { testEvaluation.decomposition(system: $0, factor: factor) } : nil)
      nextRecord += 1
    }
    if snapshotSteps.contains(step) { try snapshot(step, ensemble) }
    if isLast { break }

    let evaluation = batchEvaluation ?? trainingEvaluation
    let logits = systems.map { evaluation.logits(system: $0, factor: factor) }
    let labels = batch.map { $0.map { problem.trainingLabels[$0] } } ?? problem.trainingLabels
    let alive = recorder.recordUpdate(step, batch: batch, labels: labels, logits: logits)
    if !alive.contains(true) { return }
    var gradients: [Scalar] = []
    gradients.reserveCapacity(ensemble.systems * labels.count)
    for system in systems {
      // A diverged system stands still: its numbers are no longer recorded.
      for (y, f) in zip(labels, logits[system]) {
        gradients.append(
          alive[system]
            ? Scalar(settings.loss.derivative(label: y, logit: f) / Double(labels.count)) : 0)
      }
    }
    update = .init(points: evaluation.points, gradients: gradients)
    progress(step + 1)
  }
}
