import Checkpoints
import DataIO
import Diagnostics
import Dynamics
import Execution
import MessagePassing
import Networks
import ParticleSystems

extension LimitJob {
  /// Runs the limit and writes `output`, on the first of several processes. With a tolerance the limit is simulated with more and more
  /// particles; the result is the mean of all simulations, weighted by their particles.
  ///
  /// - Parameter checkpoints: of this output; `nil` for none.
  /// - Throws: `Diagnostic` of kind `outputFailure` where the file cannot be written; nothing is left
  ///   behind then. Of kind `stoppedBySignal` where a run with checkpoints is asked to stop, of kind
  ///   `badInput` where the checkpoint is that of another run.
  public func run(
    output: String, checkpoints: RunCheckpoints? = nil,
    progress: (RunProgress) -> Void = { _ in }
  ) throws -> LimitOutcome {
    // Checked before the kernels are made, which may take long.
    try checkDestination(output, force: options.force)
    let runSettings = try runSettings
    try experiment.begin(checkpoints, runSettings, options)
    let outcome = try run(
      into: { job, settings, kernels, measure, units in
        guard options.workers.ranks.isFirst else { return OtherProcessSink() }
        return try LimitFile(
          job, settings: settings,
          attributes: kernels.attributes.merging(runSettings.attributes) { $1 }, measure: measure,
          output: output, units: units)
      }, units: CheckpointUnits(checkpoints), progress: progress)
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
        ] + (kernelSource?.runSettings() ?? []))
    }
  }

  /// Makes the sink of a simulation. What it keeps of the weights belongs to the units.
  typealias MakeSink = (
    LimitJob, TrainingSettings, LimitKernels, MeasureParticles?, _ units: CheckpointUnits
  ) throws -> any LimitSink

  /// Runs the limit into a sink, one of each simulation; the last is finished.
  func run(
    into makeSink: MakeSink, units: CheckpointUnits = CheckpointUnits(nil),
    progress: (RunProgress) -> Void
  ) throws -> LimitOutcome {
    switch options.precision {
    case .single: try run(in: Float.self, makeSink, units, progress)
    case .double: try run(in: Double.self, makeSink, units, progress)
    }
  }

  private func run<Scalar: ParticleScalar & NetCDFElement>(
    in precision: Scalar.Type,
    _ makeSink: MakeSink, _ units: CheckpointUnits, _ progress: (RunProgress) -> Void
  ) throws -> LimitOutcome {
    let settings = settings
    var job = self
    var parts: [Trajectory] = []
    var simulations: [LimitOutcome.Simulation] = []
    var failure: String?
    var attempts = 0
    while true {
      attempts += 1
      let units = units.part("simulation \(attempts)")
      let kernels = try LimitKernels(job)
      let limit = basis.map {
        job.measureLimit(
          settings, $0, kernels,
          firstRandomization: simulations.count * realizations * (replicates + 4))
      }
      let sink = try makeSink(
        job, settings, kernels, limit.flatMap { job.measure(of: $0, settings) }, units)
      let activity = simulations.isEmpty ? "limit" : "limit, \(job.particles) particles"
      let trajectory = try job.simulate(
        in: Scalar.self, limit, kernels, settings, sink, units
      ) { update in
        progress(
          RunProgress(
            fraction: Double(update) / Double(settings.steps),
            activity: "\(activity), step \(update)"))
      }
      if let reason = trajectory.multirateFailure {
        failure = reason
        job.multirateChoice = MultirateChoice(
          multirate: nil, reason: "two kinds of particles failed: \(reason)")
        continue
      }
      simulations.append(.init(particles: job.particles, error: trajectory.largestError))
      // Kernels are means over the first particles of one stream, so that each simulation repeats
      // the particles of those before it.
      parts = (movesMeasure ? parts : []) + [trajectory]
      let next = try job.next(after: parts, simulations, settings)
      switch next {
      case .finished(var outcome):
        outcome.multirateFailure = failure
        try sink.finish(outcome)
        return outcome
      case .simulates(let particles): job.particles = particles
      }
    }
  }

  private func simulate<Scalar: ParticleScalar & NetCDFElement>(
    in precision: Scalar.Type, _ limit: MeasureLimit?, _ kernels: LimitKernels,
    _ settings: TrainingSettings, _ sink: any LimitSink, _ units: CheckpointUnits,
    report: (Int) -> Void
  ) throws -> Trajectory {
    let empty = Trajectory(members: realizations, settings: settings, hasError: false)
    return try units.training(empty) { action in
      if let limit {
        return try limit.run(
          in: Scalar.self, workers: options.workers, progress: report, atBoundary: action,
          snapshot: { try sink.write($1, step: $0) })
      }
      return try kernelLimit(settings, kernels).run(progress: report, atBoundary: action)
    }
  }

  func kernelLimit(_ settings: TrainingSettings, _ kernels: LimitKernels) -> KernelLimit {
    KernelLimit(
      kernels: kernels.tangent, settings: settings, rule: rule,
      initialFunctions: kernels.initialFunctions, flowTolerance: flowTolerance)
  }

  private enum Next {
    case finished(LimitOutcome)
    case simulates(particles: Int)
  }

  private func next(
    after parts: [Trajectory], _ simulations: [LimitOutcome.Simulation],
    _ settings: TrainingSettings
  ) throws -> Next {
    let latest = parts.last!
    // What diverged does not get better with more particles, and has no mean.
    let hasDiverged = parts.contains { $0.divergedAtStep.contains { $0 != nil } }
    let mean =
      hasDiverged || parts.count == 1
      ? latest
      : Trajectory(
        averaging: parts, weights: simulations.suffix(parts.count).map { Double($0.particles) },
        settings: settings, rule: rule)
    func finished(_ reason: String?) -> Next {
      .finished(
        LimitOutcome(
          trajectory: mean, tolerance: tolerance, simulations: simulations,
          stoppedBecause: reason))
    }
    guard let tolerance, !hasDiverged else { return finished(nil) }
    if mean.largestError <= tolerance { return finished(nil) }
    var larger = self
    larger.particles = LimitLevels.next(
      after: particles, error: mean.largestError, tolerance: tolerance)
    let used = simulations.reduce(0) { $0 + $1.particles }
    if larger.particles > LimitLevels.budget - used {
      return finished(
        "\(larger.particles) more particles would exceed the budget of \(LimitLevels.budget)")
    }
    var refusal: String?
    do {
      try larger.checkMemory(key: "limit.tolerance")
    } catch let diagnostic as Diagnostic {
      refusal = diagnostic.message
    }
    // What one process has no room for, none begins.
    if let refusal = options.workers.ranks.firstText(refusal) { return finished(refusal) }
    return .simulates(particles: larger.particles)
  }
}
