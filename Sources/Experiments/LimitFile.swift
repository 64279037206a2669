import DataIO
import Dynamics
import Measures
import Networks
import ParticleSystems

/// RUN.nc while its limit runs.
struct LimitFile: LimitSink {
  private let writer: RunFileWriter
  private let snapshots: [Int]
  private let particles: Int
  private let outputs: Int
  /// The measure of the first realization, where it moves and is wanted.
  private let measure: MeasureParticles?
  /// Of the measure, what is written before the run ends.
  private let pieces: WeightPieces

  init(
    _ job: LimitJob, settings: TrainingSettings, attributes extra: [String: AttributeValue],
    measure: MeasureParticles?, output: String, units: CheckpointUnits,
    drivenBy: String? = nil
  ) throws {
    pieces = WeightPieces(units)
    let experiment = job.experiment
    snapshots = settings.snapshots.sorted()
    particles = job.particles
    outputs = experiment.problem.outputs
    self.measure = snapshots.isEmpty ? nil : measure
    var recording = experiment.recording(settings)
    recording.drivenBy = drivenBy.map { .lossGradients(of: $0) }
    let regime = experiment.regime
    recording.logitExponents = recording.steps.map {
      // Without an initial function the logits of step 0 are zero in any unit; that of the later
      // steps is the one to compare them in.
      $0 == 0 && job.rule.offset != .never
        ? regime.initialLogitExponent.value : regime.beta.value
    }
    var attributes = extra
    attributes["dynamics"] = .text(experiment.configuration.limit.dynamics.rawValue)
    attributes["replicates"] = .int(job.replicates)
    attributes["realizations"] = .int(job.realizations)
    if let representation = job.representation {
      attributes["representation"] = .text(representation.rawValue)
    }
    if job.movesMeasure {
      attributes["multirate"] = .text(
        job.multirateChoice.multirate == nil
          ? "off" : experiment.configuration.limit.multirate.text)
      if let reason = job.multirateChoice.reason {
        attributes["multirate_off_because"] = .text(reason)
      }
      attributes["rank"] = job.rank.map { .int($0.count) } ?? .text("off")
    }
    if job.particles > 0 { attributes["design"] = .text(job.design.name) }
    var options = job.options
    // Kernels and their dynamics are in double precision whatever is asked for.
    if job.particles == 0 { options.precision = .double }
    writer = try RunFileWriter(
      path: output, force: job.options.force,
      RunFileDescription(
        metadata: experiment.metadata(options, extra: attributes),
        limit: experiment.limitDescription, particles: particles,
        realizations: job.realizations, recording: recording,
        measure: snapshots.isEmpty
          ? nil
          : MeasureDescription(
            snapshotSteps: snapshots, particles: particles, features: experiment.featureCount,
            outputs: experiment.problem.outputs,
            isSinglePrecision: job.options.precision == .single,
            isRandom: job.rule.offset != .never)))
    guard let measure = self.measure else { return }
    let atOnce = 1 << 16
    for first in stride(from: 0, to: particles, by: atOnce) {
      try writer.writeMass(
        measure.masses(first: first, count: min(atOnce, particles - first)), firstParticle: first)
    }
    switch job.options.precision {
    case .single: try replay(in: Float.self, measure)
    case .double: try replay(in: Double.self, measure)
    }
  }

  /// Writes what was written before the run was interrupted.
  private func replay<Scalar: ParticleScalar & NetCDFElement>(
    in precision: Scalar.Type, _ measure: MeasureParticles
  ) throws {
    let shape = WeightPieces.Shape(
      counts: [snapshots.count, particles], outputs: outputs, features: measure.features)
    try pieces.replay(in: Scalar.self, shape) { place, outputWeights, inputWeights in
      try writer.writeSnapshotBlock(
        snapshotIndex: place[0], firstParticle: place[1], outputWeights: outputWeights,
        inputWeights: inputWeights, rows: inputWeights.count / measure.features)
    }
  }

  /// Writes the measure of the first realization, or a part of it.
  ///
  /// - Parameter start: number of the store's first particle.
  func write<Scalar: ParticleScalar & NetCDFElement>(
    _ store: any ParticleStore<Scalar>, step: Int
  ) throws {
    try write(store, step: step, startingAt: 0)
  }

  func write<Scalar: ParticleScalar & NetCDFElement>(
    _ store: any ParticleStore<Scalar>, step: Int, startingAt start: Int
  ) throws {
    guard let index = snapshots.firstIndex(of: step), let measure else { return }
    try measure.forEachPart(of: store, startingAt: start) { first, outputWeights, inputWeights in
      try writer.writeSnapshotBlock(
        snapshotIndex: index, firstParticle: first, outputWeights: outputWeights,
        inputWeights: inputWeights, rows: inputWeights.count / measure.features)
      try pieces.put(
        place: [index, first], outputWeights: outputWeights, inputWeights: inputWeights)
    }
  }

  func finish(_ outcome: LimitOutcome) throws {
    try writer.write(outcome.trajectory)
    if let gap = outcome.drivingGap { try writer.setAttribute("driving_gap", .double(gap)) }
    for (name, value) in outcome.toleranceAttributes { try writer.setAttribute(name, value) }
    try writer.finish()
  }
}
