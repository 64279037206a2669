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
    var collectors: [Int: LayerLawCollector] = [:]
    // Those of snapshots that were taken before the run was interrupted.
    if let projector {
      for step in settings.snapshots {
        let own = LayerLawCollector(projector, sizes: sizes, replicates: replicates)
        if try units.restore(name(step), { try own.exchange($0) }) { collectors[step] = own }
      }
    }
    let trajectory = try simulate(
      in: Scalar.self, settings, units, progress,
      snapshot: { step, snapshot in
        guard let projector else { return }
        let own = LayerLawCollector(projector, snapshot.particles)
        collectors[step] = own
        try units.put(name(step)) { try own.exchange($0) }
      })
    return SolvedLimit(
      trajectory: trajectory, particles: particles, laws: try collectors.mapValues { try $0.law() })
  }

  private func name(_ step: Int) -> String { "law at step \(step)" }
}
