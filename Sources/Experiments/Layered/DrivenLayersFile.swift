import Checkpoints
import DataIO
import DeepMeanField
import LinearAlgebra
import ParticleSystems

/// RUN.nc of fresh particles of several hidden layers, while they are driven.
struct DrivenLayersFile<Scalar: ParticleScalar & NetCDFElement> {
  private let writer: RunFileWriter
  private let snapshots: [Int]
  /// Snapshots are kept beside the checkpoints: the particles leave them behind.
  private let units: CheckpointUnits

  init(
    _ job: DrivenLayersJob, _ driven: DrivenLayers, attributes: [String: AttributeValue],
    output: String, units: CheckpointUnits, in precision: Scalar.Type
  ) throws {
    self.units = units
    let settings = job.job.settings
    snapshots = settings.snapshots.sorted()
    if !snapshots.isEmpty { try job.job.checkSnapshotSpace(output, drivenBy: job.fileName) }
    writer = try RunFileWriter(
      path: output, force: job.job.options.force,
      job.job.description(settings, attributes: attributes, drivenBy: job.fileName))
    // What was written before the run was interrupted.
    for group in 0..<driven.groupCount {
      for index in snapshots.indices {
        let blocks = driven.emptyRows(group: group, in: Scalar.self, probes: job.job.probes)
        if try units.restore(Self.name(index, group), { try blocks.exchange($0) }) {
          try write(blocks, at: index)
        }
      }
    }
  }

  func write(_ blocks: [DrivenLayerRows<Scalar>], group: Int, step: Int) throws {
    guard let index = snapshots.firstIndex(of: step) else { return }
    try write(blocks, at: index)
    try units.put(Self.name(index, group)) { try blocks.exchange($0) }
  }

  private func write(_ blocks: [DrivenLayerRows<Scalar>], at index: Int) throws {
    for block in blocks {
      try withExtendedLifetime(block) {
        try writer.writePopulation(
          LayerRows(
            inputWeights: block.inputWeights?.contents,
            preactivations: block.preactivations.contents,
            outputWeights: block.outputWeights?.contents),
          layer: block.layer, snapshotIndex: index, replicate: block.replicate, first: block.first)
      }
    }
  }

  private static func name(_ index: Int, _ group: Int) -> String {
    "snapshot \(index), group \(group + 1)"
  }

  func finish(_ outcome: LimitOutcome) throws {
    try writer.write(outcome.trajectory)
    if let gap = outcome.drivingGap { try writer.setAttribute("driving_gap", .double(gap)) }
    try writer.finish()
  }
}
