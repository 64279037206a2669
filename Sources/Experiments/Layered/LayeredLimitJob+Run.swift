import Checkpoints
import DataIO
import DeepMeanField
import Diagnostics
import Dynamics
import Networks
import ParticleSystems

extension LayeredLimitJob {
  /// Runs the limit and writes `output`. With a tolerance the limit is simulated with more and more particles; the
  /// result is the mean of all simulations, and the weights are those of the last one.
  ///
  /// - Parameter checkpoints: of this output; `nil` for none.
  /// - Throws: as ``LimitJob/run(output:checkpoints:progress:)``.
  public func run(
    output: String, checkpoints: RunCheckpoints? = nil,
    progress: (RunProgress) -> Void = { _ in }
  ) throws -> LimitOutcome {
    try checkDestination(output, force: options.force)
    let runSettings = try runSettings
    try experiment.begin(checkpoints, runSettings, options)
    let units = CheckpointUnits(checkpoints)
    let outcome =
      switch options.precision {
      case .single: try run(in: Float.self, output, runSettings.attributes, units, progress)
      case .double: try run(in: Double.self, output, runSettings.attributes, units, progress)
      }
    checkpoints?.finish()
    return outcome
  }

  /// All that the run depends on.
  var runSettings: [RunSetting] {
    get throws {
      try experiment.runSettings(
        "limit", sections: ["limit", "record"], options,
        extra: [
          RunSetting(key: "--tolerance", value: tolerance.map { "\($0)" } ?? "none"),
          RunSetting(key: "--particles", value: "\(particles)"),
        ])
    }
  }

  /// As `LimitJob.checkFinished(_:)`.
  public func checkFinished(_ output: String) throws {
    try Experiments.checkFinished(output, settings: runSettings) { experiment.loaded.locate($0) }
  }

  private func run<Scalar: ParticleScalar & NetCDFElement>(
    in precision: Scalar.Type, _ output: String, _ attributes: [String: AttributeValue],
    _ units: CheckpointUnits, _ progress: (RunProgress) -> Void
  ) throws -> LimitOutcome {
    let settings = settings
    let (outcome, file) = try simulate(settings, units, progress) { job, units in
      try LayeredLimitFile(
        job, settings: settings, attributes: attributes, output: output, units: units,
        in: Scalar.self)
    }
    try file.finish(outcome)
    return outcome
  }

  /// Logits that are zero at every step, exactly.
  func zeroTrajectory(_ settings: TrainingSettings) -> Trajectory {
    let problem = settings.problem
    var trajectory = Trajectory(members: 1, settings: settings, hasError: false)
    func zeros(_ points: Int) -> [Double] { Array(repeating: 0, count: points * settings.outputs) }
    for index in trajectory.steps.indices {
      trajectory.set(
        member: 0, stepIndex: index, trainingLogits: zeros(problem.trainingCount),
        testLogits: zeros(problem.testCount), magnitude: .staysFinite, settings: settings)
    }
    for update in 0..<settings.steps {
      let batch = settings.batches.indices(update: update, points: problem.trainingCount)
      let labels = batch.map { $0.map { problem.trainingLabels[$0] } } ?? problem.trainingLabels
      trajectory.setLossGradient(
        member: 0, update: update, batch: batch, labels: labels, logits: zeros(labels.count),
        magnitude: .staysFinite, settings: settings)
    }
    trajectory.testLogitsError = Array(repeating: 0, count: trajectory.steps.count)
    return trajectory
  }
}
