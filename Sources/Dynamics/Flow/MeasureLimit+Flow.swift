import Checkpoints
import Execution
import ParticleSystems

extension MeasureLimit {
  /// Follows the gradient flow of the particles, all replicates, halves and realizations with common
  /// step sizes.
  func runFlow<Scalar: ParticleScalar>(
    _ sources: [any ParticleSource], _ halves: [any ParticleSource],
    _ inputs: TransportInputs<Scalar>, tolerance: Double, workers: Workers,
    progress: (Int) -> Void, atBoundary: BoundaryAction?,
    snapshot: (_ step: Int, _ measure: any ParticleStore<Scalar>) throws -> Void
  ) rethrows -> Trajectory {
    let field = FlowField(
      settings, rule: rule, offset: offset, systems: sources.count + halves.count)
    func flow(_ sources: [any ParticleSource], firstSystem: Int) -> ParticleFlow<Scalar> {
      ParticleFlow(
        ParticleEnsemble(sources: sources, workers: workers), settings: settings, inputs: inputs,
        movingFeatures: basis.movingCoordinates, field: field, firstSystem: firstSystem,
        workers: workers)
    }
    let main = flow(sources, firstSystem: 0)
    let system: any FlowSystem =
      halves.isEmpty
      ? main : CompositeFlow([main, flow(halves, firstSystem: sources.count)])
    let recorder = ReplicateRecorder(
      realizations: realizations, replicates: replicates, settings: settings,
      hasHalves: !halves.isEmpty)
    let snapshots = Set(settings.snapshots)
    let record = try ParticleSystems.runFlow(
      system, field: field, settings: settings, rule: rule, tolerance: tolerance,
      recorder: recorder, progress: progress, atBoundary: atBoundary,
      atStep: { if snapshots.contains($0) { try snapshot($0, main.stage) } })
    var trajectory = recorder.trajectory
    trajectory.integration = record
    return trajectory
  }
}
