import DataIO
import Measures
import Networks
import ParticleSystems

/// RUN.nc while its limit runs.
struct LimitFile {
  private let writer: RunFileWriter
  private let snapshots: [Int]
  private let particles: Int

  init(
    _ job: LimitJob, settings: TrainingSettings, kernels: LimitKernels, output: String
  ) throws {
    let experiment = job.experiment
    snapshots = settings.snapshots.sorted()
    particles = job.particles
    var recording = experiment.recording(settings)
    let regime = experiment.regime
    recording.logitExponents = recording.steps.map {
      // Without an initial function the logits of step 0 are zero in any unit; that of the later
      // steps is the one to compare them in.
      $0 == 0 && job.rule.offset != .never
        ? regime.initialLogitExponent.value : regime.beta.value
    }
    var attributes = kernels.attributes
    attributes["replicates"] = .int(job.replicates)
    attributes["realizations"] = .int(job.realizations)
    if job.particles > 0 { attributes["design"] = .text(job.design.rawValue) }
    writer = try RunFileWriter(
      path: output, force: job.options.force,
      RunFileDescription(
        metadata: experiment.metadata(job.options, extra: attributes),
        limit: experiment.limitDescription, particles: particles,
        realizations: job.realizations, recording: recording,
        measure: snapshots.isEmpty
          ? nil
          : MeasureDescription(
            snapshotSteps: snapshots, particles: particles, features: experiment.featureCount,
            outputs: experiment.problem.outputs,
            isSinglePrecision: job.options.precision == .single)))
    if !snapshots.isEmpty {
      try writer.writeMass(Array(repeating: 1 / Double(particles), count: particles))
    }
  }

  /// Writes the measure of the first realization.
  func write<Scalar: ParticleScalar & NetCDFElement>(
    _ measure: ParticleEnsemble<Scalar>, step: Int
  ) throws {
    guard let index = snapshots.firstIndex(of: step) else { return }
    try measure.forEachPart { first, outputWeights, inputWeights in
      if first >= particles { return }
      try writer.writeSnapshotBlock(
        snapshotIndex: index, firstParticle: first, outputWeights: outputWeights,
        inputWeights: inputWeights, rows: outputWeights.count / measure.outputs)
    }
  }

  func finish(_ trajectory: Trajectory) throws {
    try writer.write(trajectory)
    try writer.finish()
  }
}
