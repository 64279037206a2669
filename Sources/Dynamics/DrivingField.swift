import ParticleSystems

/// The loss gradients g_i(k) of a solved limit: all through which its particles act on each other.
///
/// A particle's step is a function of its own (a, w) and of g(k) (Mei, Montanari, Nguyen 2018, arXiv
/// 1804.06561), so that with g known any particle can be taken through training alone.
public struct DrivingField: Sendable, Equatable {
  /// Training steps that have a gradient.
  public let updates: Int
  /// Training points.
  public let points: Int
  /// Loss gradients of a point.
  public let outputs: Int
  /// (update, point, output): dL/df, zero outside the update's batch.
  public let values: [Double]

  /// The field of one member of a trajectory.
  ///
  /// - Precondition: the trajectory has its loss gradients.
  public init(_ trajectory: Trajectory, member: Int = 0) {
    updates = trajectory.updates
    points = trajectory.trainingPoints
    outputs = trajectory.outputs
    let size = updates * points * outputs
    precondition(trajectory.lossGradient.count == trajectory.members * size)
    values = Array(trajectory.lossGradient[(member * size)..<((member + 1) * size)])
  }

  /// The field of the first updates alone.
  ///
  /// - Precondition: `count` is not more than ``updates``.
  package func first(_ count: Int) -> DrivingField {
    precondition((0...updates).contains(count))
    return DrivingField(
      updates: count, points: points, outputs: outputs,
      values: Array(values[..<(count * points * outputs)]))
  }

  private init(updates: Int, points: Int, outputs: Int, values: [Double]) {
    self.updates = updates
    self.points = points
    self.outputs = outputs
    self.values = values
  }

  /// The gradients of one update on its batch, flat: (point of the batch, output).
  func update(_ number: Int, batch: [Int]?) -> GradientUpdate {
    let size = points * outputs
    let row = Array(values[(number * size)..<((number + 1) * size)])
    return GradientUpdate(
      batch: batch, gradients: [batch.map { row.rows($0, of: outputs) } ?? row])
  }
}
