import Checkpoints
import DataIO
import DeepMeanField
import Diagnostics
import Dynamics
import ParticleSystems

extension DrivenLayersJob {
  /// Drives the particles and writes `output`.
  ///
  /// - Parameter checkpoints: as in ``LimitJob/run(output:checkpoints:progress:)``.
  /// - Throws: as ``LimitJob/run(output:checkpoints:progress:)``, and `Diagnostic(.badInput)` where the populations that
  ///   the run's file describes did not make its numbers.
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

  private func run<Scalar: ParticleScalar & NetCDFElement>(
    in precision: Scalar.Type, _ output: String, _ units: CheckpointUnits,
    _ progress: (RunProgress) -> Void
  ) throws -> LimitOutcome {
    let driven = driven
    let file = try DrivenLayersFile(
      self, driven, attributes: attributes.merging(try runSettings.attributes) { $1 },
      output: output, units: units, in: Scalar.self)
    let settings = job.settings
    let earlier = try earlierSimulations(in: Scalar.self, units, progress)
    var sums = driven.noSums
    for group in 0..<driven.groupCount {
      let name = "group \(group + 1)"
      if try units.restore(name, { try sums.exchange($0) }) { continue }
      let solved = try driven.run(
        group: group, in: Scalar.self, sums: &sums, workers: job.options.workers,
        progress: { update in
          progress(
            RunProgress(
              fraction: (Double(group) + Double(update) / Double(settings.steps))
                / Double(driven.groupCount),
              activity: "particles \(group + 1) of \(driven.groupCount), step \(update)"))
        }, atBoundary: units.boundary(name), probes: job.probes,
        snapshot: { step, blocks in try file.write(blocks, group: group, step: step) })
      if group == 0 {
        try populations.check(
          LayeredLimitJob.mean(
            earlier + [solved], populations.simulations.map(\.particles), settings))
      }
      try units.complete(name) { try sums.exchange($0) }
    }
    let trajectory = driven.trajectory(sums, field: run.trajectory.lossGradient)
    let outcome = LimitOutcome(
      trajectory: trajectory, tolerance: nil,
      simulations: [.init(particles: job.particles, error: trajectory.largestError)],
      stoppedBecause: nil, drivingGap: trajectory.trainingGap(from: run.trajectory),
      expectedDrivingGap: trajectory.expectedGap(from: run.trajectory))
    try file.finish(outcome)
    return outcome
  }

  /// Those whose populations do not drive, but whose functions are part of the run's.
  private func earlierSimulations<Scalar: ParticleScalar>(
    in precision: Scalar.Type, _ units: CheckpointUnits, _ progress: (RunProgress) -> Void
  ) throws -> [Trajectory] {
    var settings = job.settings
    settings.snapshots = []
    return try populations.simulations.dropLast().enumerated().map { number, simulation in
      let empty = Trajectory(members: 1, settings: settings, hasError: false)
      return try units.part("simulation \(number + 1)").training(empty) { action in
        try simulation.limit(
          settings, replicates: simulation.replicates, simulation: number
        ).run(
          in: Scalar.self, workers: job.options.workers,
          progress: {
            progress(
              RunProgress(
                fraction: 0, activity: "\(simulation.particles) particles of the run, step \($0)"))
          }, atBoundary: action, snapshot: { _, _ in })
      }
    }
  }
}
