import Checkpoints
import DataIO
import DeepMeanField
import LinearAlgebra
import Networks
import ParticleSystems

/// RUN.nc of a limit of several hidden layers, while it runs.
struct LayeredLimitFile<Scalar: ParticleScalar & NetCDFElement> {
  private let writer: RunFileWriter
  private let snapshots: [Int]
  /// Snapshots are kept beside the checkpoints: the particles leave them behind.
  private let units: CheckpointUnits

  init(
    _ job: LayeredLimitJob, settings: TrainingSettings, attributes extra: [String: AttributeValue],
    output: String, units: CheckpointUnits, in precision: Scalar.Type
  ) throws {
    self.units = units
    snapshots = settings.snapshots.sorted()
    let experiment = job.experiment
    let sizes = job.sizes
    var recording = experiment.recording(settings)
    recording.logitExponents = recording.steps.map { _ in 0 }
    writer = try RunFileWriter(
      path: output, force: job.options.force,
      RunFileDescription(
        metadata: experiment.metadata(
          job.options, extra: extra.merging(Self.attributes(job)) { $1 }),
        limit: experiment.limitDescription, particles: job.particles, realizations: 1,
        recording: recording,
        layeredMeasure: snapshots.isEmpty
          ? nil
          : LayeredMeasureDescription(
            snapshotSteps: snapshots, features: sizes.features, layers: sizes.layers,
            outputs: sizes.outputs, isSinglePrecision: job.options.precision == .single)))
    try replay(sizes)
  }

  private static func attributes(_ job: LayeredLimitJob) -> [String: AttributeValue] {
    var attributes: [String: AttributeValue] = [
      "dynamics": .text("discrete"), "replicates": .int(job.replicates), "realizations": .int(1),
      "hidden_layers": .int(job.scaling.hiddenLayers),
      "moving_layers": .int(job.zeroReason == nil ? job.scaling.hiddenLayers + 1 : 0),
      "zero_limit": .int(job.zeroReason == nil ? 0 : 1),
    ]
    if let reason = job.zeroReason {
      attributes["zero_limit_reason"] = .text(reason)
    } else {
      attributes["representation"] = .text("layers")
      attributes["design"] = .text(job.designName)
      attributes["control_variate"] = .text(job.design.isControlled ? "first_layer_kernel" : "none")
      attributes["layer_particles"] = .text(
        job.sizes.layers.map { "\($0)" }.joined(separator: ", "))
    }
    return attributes
  }

  /// Writes what was written before the run was interrupted.
  private func replay(_ sizes: LayerSizes) throws {
    for index in snapshots.indices {
      let particles = LayeredParticles<Scalar>(sizes)
      if try units.restore(name(index), { try particles.exchange($0) }) {
        try write(particles, at: index)
      }
    }
  }

  func write(_ particles: LayeredParticles<Scalar>, step: Int) throws {
    guard let index = snapshots.firstIndex(of: step) else { return }
    try write(particles, at: index)
    try units.put(name(index)) { try particles.exchange($0) }
  }

  private func write(_ particles: LayeredParticles<Scalar>, at index: Int) throws {
    try withExtendedLifetime(particles) {
      try writer.writeLayers(
        snapshotIndex: index, inputWeights: particles.inputWeights.contents,
        increments: particles.increments.map(\.contents),
        outputWeights: particles.outputWeights.contents)
    }
  }

  private func name(_ index: Int) -> String { "snapshot \(index)" }

  func finish(_ outcome: LimitOutcome) throws {
    try writer.write(outcome.trajectory)
    try writer.finish()
  }
}
