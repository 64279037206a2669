import Checkpoints
import DataIO
import DeepMeanField
import Measures
import ParticleSystems

extension LayeredLimitJob {
  /// Runs the limit into memory.
  ///
  /// - Parameters:
  ///   - projector: of the axes of the laws of weights; `nil` where none are wanted.
  ///   - units: of the run's checkpoints.
  func solve(
    projector: ParticleProjector?, units: CheckpointUnits, progress: (RunProgress) -> Void
  ) throws -> SolvedLimit {
    switch options.precision {
    case .single: try solve(in: Float.self, projector, units, progress)
    case .double: try solve(in: Double.self, projector, units, progress)
    }
  }

  private func solve<Scalar: ParticleScalar>(
    in precision: Scalar.Type, _ projector: ParticleProjector?, _ units: CheckpointUnits,
    _ progress: (RunProgress) -> Void
  ) throws -> SolvedLimit {
    var settings = settings
    if projector == nil { settings.snapshots = [] }
    let (outcome, sink) = try simulate(settings, units, progress) { job, units in
      try LayeredLaws<Scalar>(job, projector, steps: settings.snapshots, units)
    }
    return SolvedLimit(
      trajectory: outcome.trajectory, particles: outcome.particles, laws: try sink.laws())
  }
}

/// Gathers the laws of the weights of one simulation.
private final class LayeredLaws<Scalar: ParticleScalar>: LayeredSink {
  let probes = 0
  private let projector: ParticleProjector?
  private let units: CheckpointUnits
  private var collectors: [Int: LayerLawCollector] = [:]

  /// - Parameter steps: of the snapshots; those that were taken before the run was interrupted are taken back.
  init(
    _ job: LayeredLimitJob, _ projector: ParticleProjector?, steps: [Int],
    _ units: CheckpointUnits
  ) throws {
    self.projector = projector
    self.units = units
    guard let projector else { return }
    for step in steps {
      let own = LayerLawCollector(
        projector, layers: job.sizes.layers, replicates: job.replicates)
      if try units.restore(name(step), { try own.exchange($0) }) { collectors[step] = own }
    }
  }

  func write(_ snapshot: LayeredSnapshot<Scalar>, step: Int) throws {
    guard let projector else { return }
    let own = LayerLawCollector(projector, snapshot.particles)
    collectors[step] = own
    try units.put(name(step)) { try own.exchange($0) }
  }

  func laws() throws -> [Int: WeightLaw] { try collectors.mapValues { try $0.law() } }

  private func name(_ step: Int) -> String { "law at step \(step)" }
}
