import Checkpoints
import DataIO
import DeepMeanField
import LinearAlgebra
import Networks
import ParticleSystems

/// RUN.nc of a limit of several hidden layers, while it runs.
struct LayeredLimitFile<Scalar: ParticleScalar & NetCDFElement>: LayeredSink {
  private let writer: RunFileWriter
  private let snapshots: [Int]
  let probes: Int
  /// Snapshots are kept beside the checkpoints: the particles leave them behind.
  private let units: CheckpointUnits

  init(
    _ job: LayeredLimitJob, settings: TrainingSettings, attributes extra: [String: AttributeValue],
    output: String, units: CheckpointUnits, in precision: Scalar.Type
  ) throws {
    self.units = units
    snapshots = settings.snapshots.sorted()
    probes = job.probes
    if !snapshots.isEmpty { try job.checkSnapshotSpace(output) }
    writer = try RunFileWriter(
      path: output, force: job.options.force, job.description(settings, attributes: extra))
    try replay(job)
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
    for (name, value) in outcome.toleranceAttributes { try writer.setAttribute(name, value) }
    try writer.finish()
  }
}

extension LayeredLimitJob {
  /// What RUN.nc is about.
  ///
  /// - Parameter drivenBy: the file whose populations drive the particles; `nil` where they drive themselves.
  func description(
    _ settings: TrainingSettings, attributes extra: [String: AttributeValue],
    drivenBy: String? = nil
  ) -> RunFileDescription {
    var recording = experiment.recording(settings)
    recording.logitExponents = recording.steps.map { _ in 0 }
    recording.drivenBy = drivenBy.map { .populations(of: $0) }
    var measure = measure
    measure.drivenBy = drivenBy
    return RunFileDescription(
      metadata: experiment.metadata(options, extra: extra.merging(attributes) { $1 }),
      limit: experiment.limitDescription, particles: particles, realizations: 1,
      recording: recording, layeredMeasure: settings.snapshots.isEmpty ? nil : measure)
  }

  private var attributes: [String: AttributeValue] {
    var attributes: [String: AttributeValue] = [
      "dynamics": .text("discrete"), "replicates": .int(replicates), "realizations": .int(1),
      "hidden_layers": .int(scaling.hiddenLayers),
      "moving_layers": .int(zeroReason == nil ? scaling.hiddenLayers + 1 : 0),
      "zero_limit": .int(zeroReason == nil ? 0 : 1),
    ]
    if let reason = zeroReason {
      attributes["zero_limit_reason"] = .text(reason)
    } else {
      attributes["representation"] = .text("layers")
      attributes["design"] = .text(designName)
      attributes["control_variate"] = .text(design.isControlled ? "first_layer_kernel" : "none")
      attributes["layer_particles"] = .text(
        sizes.layers.map { "\($0)" }.joined(separator: ", "))
    }
    return attributes
  }
}
