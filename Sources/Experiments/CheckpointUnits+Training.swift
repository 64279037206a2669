import Checkpoints
import DataIO
import ParticleSystems

extension CheckpointUnits {
  /// The trajectory of a unit: what was finished before the run was interrupted, or that of a run, which goes on
  /// from its state where it was interrupted within.
  ///
  /// - Parameter empty: a trajectory of the same shape.
  /// - Throws: what `run` throws, and what belongs to checkpoints.
  func training(
    _ empty: Trajectory, _ run: (@escaping BoundaryAction) throws -> Trajectory
  ) throws -> Trajectory {
    let name = "training"
    var trajectory = empty
    if try restore(name, { try trajectory.exchange($0) }) { return trajectory }
    trajectory = try run(boundary(name))
    try complete(name) { try trajectory.exchange($0) }
    return trajectory
  }
}
