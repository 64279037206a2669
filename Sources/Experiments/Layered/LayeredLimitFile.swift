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
          : job.measure))
    try replay(job)
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
  private func replay(_ job: LayeredLimitJob) throws {
    for index in snapshots.indices {
      for replicate in 0..<job.replicates {
        let numbers = ReplicateNumbers<Scalar>(
          job.sizes, probes: job.probes, replicate: replicate)
        if try units.restore(name(index, replicate), { try numbers.exchange($0) }) {
          try write(numbers, at: index, replicate: replicate)
        }
      }
    }
  }

  func write(_ snapshot: LayeredSnapshot<Scalar>, step: Int) throws {
    guard let index = snapshots.firstIndex(of: step) else { return }
    for replicate in snapshot.particles.indices {
      let numbers = ReplicateNumbers(snapshot, replicate: replicate)
      try write(numbers, at: index, replicate: replicate)
      try units.put(name(index, replicate)) { try numbers.exchange($0) }
    }
  }

  private func write(
    _ numbers: ReplicateNumbers<Scalar>, at index: Int, replicate: Int
  ) throws {
    try withExtendedLifetime(numbers) {
      if replicate == 0 {
        try writer.writeLayers(
          snapshotIndex: index, inputWeights: numbers.inputWeights.contents,
          increments: numbers.increments.map(\.contents),
          outputWeights: numbers.outputWeights.contents)
      }
      let last = numbers.preactivations.count
      for layer in 1...last {
        try writer.writePopulation(
          LayerRows(
            inputWeights: layer == 1 ? numbers.inputWeights.contents : nil,
            preactivations: numbers.preactivations[layer - 1].contents,
            outputWeights: layer == last ? numbers.outputWeights.contents : nil),
          layer: layer, snapshotIndex: index, replicate: replicate)
      }
    }
  }

  private func name(_ index: Int, _ replicate: Int) -> String {
    "snapshot \(index), replicate \(replicate + 1)"
  }

  func finish(_ outcome: LimitOutcome) throws {
    try writer.write(outcome.trajectory)
    try writer.finish()
  }
}
