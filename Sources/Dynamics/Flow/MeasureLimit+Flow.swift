import Execution
import ParticleSystems

extension MeasureLimit {
  /// Follows the gradient flow of the particles, all replicates and realizations with one step size.
  func runFlow<Scalar: ParticleScalar>(
    _ ensemble: ParticleEnsemble<Scalar>, inputs: TransportInputs<Scalar>, tolerance: Double,
    workers: Workers, progress: (Int) -> Void,
    snapshot: (_ step: Int, _ measure: any ParticleStore<Scalar>) throws -> Void
  ) rethrows -> Trajectory {
    let field = FlowField(
      settings, rule: rule, offset: initialFunctions, systems: realizations * replicates)
    let flow = ParticleFlow(
      ensemble, settings: settings, inputs: inputs, movingFeatures: basis.movingCoordinates,
      field: field, workers: workers)
    let recorder = ReplicateRecorder(
      realizations: realizations, replicates: replicates, settings: settings)
    let snapshots = Set(settings.snapshots)
    let record = try ParticleSystems.runFlow(
      flow, field: field, settings: settings, rule: rule, tolerance: tolerance,
      recorder: recorder, progress: progress,
      atStep: { if snapshots.contains($0) { try snapshot($0, flow.stage) } })
    var trajectory = recorder.trajectory
    trajectory.integration = record
    return trajectory
  }
}
