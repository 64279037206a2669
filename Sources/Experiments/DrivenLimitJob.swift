import DataIO
import Diagnostics
import Dynamics
import Execution
import MessagePassing
import Networks
import ParticleSystems

/// `infwidth limit --from`: fresh particles that follow the driving field of a solved limit, from a
/// configuration and RUN.nc to a file of the same form, without solving again.
///
/// Test points may be others than those of the run, and so may be what is recorded and how the
/// particles are drawn; data, network, training and scaling are the run's.
public struct DrivenLimitJob: Sendable {
  /// The particles, as those of a limit.
  public let job: LimitJob
  /// The run that drives them.
  public let run: RunRecord
  /// One a realization.
  let fields: [DrivingField]

  /// - Parameters:
  ///   - path: the file of the run.
  ///   - particles: replaces `limit.particles`.
  ///   - option: of the command line, as errors name it.
  /// - Throws: `Diagnostic` where the run is not one of this experiment, or where its field does not
  ///   drive particles: frozen measures, gradient flow.
  public init(
    _ experiment: Experiment, from path: String, options: RunOptions, particles: Int? = nil,
    option: String = "--from"
  ) throws {
    do {
      try LimitExistence.check(
        experiment.regime, loss: experiment.loss, outputs: experiment.problem.outputs)
      try Self.check(experiment, option)
      if particles == nil, experiment.configuration.limit.particles == .automatic {
        throw Diagnostic(
          .badInput,
          "received auto; accepted with --from: a number, such as 1e6, or --particles",
          key: "limit.particles")
      }
    } catch let diagnostic as Diagnostic {
      throw experiment.loaded.locate(diagnostic)
    }
    var job = try LimitJob(
      experiment, options: options, particles: particles, tolerance: nil, isDriven: true)
    run = try DrivingRun.read(path, of: experiment, settings: job.settings, option)
    job.realizations = run.trajectory.members
    self.job = job
    fields = (0..<run.trajectory.members).map { [run] in
      DrivingField(run.trajectory, member: $0)
    }
  }

  /// Refuses limits in which no particle can be driven by the loss gradients alone.
  private static func check(_ experiment: Experiment, _ option: String) throws {
    guard experiment.configuration.limit.dynamics == .discrete else {
      throw Diagnostic(
        .badInput, "received flow; accepted with \(option): discrete", key: "limit.dynamics")
    }
    guard experiment.regime.measure == .moves else {
      throw Diagnostic(
        .badInput,
        "the measure of the limit \(experiment.limitTitle) is frozen, so that \(option) has no particles to"
          + " move; accepted: limits whose measure moves, such as mean_field", key: "scaling")
    }
  }

  /// Drives the particles and writes `output`.
  ///
  /// - Parameter checkpoints: as in ``LimitJob/run(output:checkpoints:progress:)``.
  /// - Throws: `Diagnostic` of kind `outputFailure` where the file cannot be written; nothing is left
  ///   behind then.
  public func run(
    output: String, checkpoints: RunCheckpoints? = nil,
    progress: (RunProgress) -> Void = { _ in }
  ) throws -> LimitOutcome {
    try checkDestination(output, force: job.options.force)
    try job.experiment.begin(checkpoints, runSettings, job.options)
    let units = CheckpointUnits(checkpoints)
    let outcome =
      switch job.options.precision {
      case .single: try run(in: Float.self, output, units, progress)
      case .double: try run(in: Double.self, output, units, progress)
      }
    checkpoints?.finish()
    return outcome
  }

  var runSettings: [RunSetting] {
    get throws {
      try job.runSettings + [
        RunSetting(key: "--from", value: DataFingerprint.text(values: fields.map(\.values)))
      ]
    }
  }

  private func run<Scalar: ParticleScalar & NetCDFElement>(
    in precision: Scalar.Type, _ output: String, _ units: CheckpointUnits,
    _ progress: (RunProgress) -> Void
  ) throws -> LimitOutcome {
    let settings = job.settings
    let experiment = job.experiment
    let workers = job.options.workers
    let seed = experiment.seed(job.options)
    let driven = DrivenParticles(
      fields: fields, particles: job.particles, replicates: job.replicates, law: experiment.law,
      design: job.design, seed: seed, settings: settings, basis: job.basis!, rule: job.rule,
      initialFunctions: try InitialFunctionsOfRun.draw(job, run), workers: workers)
    let measure =
      settings.snapshots.isEmpty
      ? nil
      : MeasureParticles(
        driven.sources.prefix(job.replicates).map { JoinedParticles([$0]) }, seed: seed,
        firstDraw: Self.firstDraw)
    let file =
      workers.ranks.isFirst
      ? try LimitFile(
        job, settings: settings,
        attributes: attributes.merging(try runSettings.attributes) { $1 }, measure: measure,
        output: output, units: units, drivenBy: fileName) : nil
    let all = job.particles * job.realizations
    let trajectory = try driven.run(
      in: Scalar.self, workers: workers,
      progress: { done in
        progress(
          RunProgress(
            fraction: Double(done) / Double(all), activity: "\(done) of \(all) particles"))
      },
      atBoundary: units.boundary("training"),
      snapshot: { step, first, store in
        if let file {
          try file.write(store, step: step, startingAt: first)
        } else {
          try OtherProcessSink().write(store, step: step)
        }
      })
    let outcome = LimitOutcome(
      trajectory: trajectory, tolerance: nil,
      simulations: [.init(particles: job.particles, error: trajectory.largestError)],
      stoppedBecause: nil, drivingGap: trajectory.trainingGap(from: run.trajectory),
      expectedDrivingGap: trajectory.expectedGap(from: run.trajectory))
    try file?.finish(outcome)
    return outcome
  }

  /// Radii and components outside the span of the training inputs: beyond those of the run's particles.
  static let firstDraw = 1 << 48

  private var fileName: String { DrivingRun.name(of: run) }

  private var attributes: [String: AttributeValue] {
    var result: [String: AttributeValue] = [
      "driven_by": .text(fileName), "driven_by_particles": .int(run.particles),
      "comment": .text(
        "Fresh particles that follow the loss gradients of \(fileName), independent of those that"
          + " made them. Logits, losses and accuracies are those of the fresh particles: they differ from the"
          + " limit's by their own sampling error, which standard errors state, and by what the error of"
          + " the loss gradients does to them, which they do not (driven_by_error: the largest"
          + " test_logits_error of \(fileName); driving_gap: root mean square difference of the training"
          + " logits from those of \(fileName), the largest over common steps)."),
    ]
    let error = run.trajectory.largestError
    if !error.isNaN { result["driven_by_error"] = .double(error) }
    return result
  }
}
