import ParticleSystems

/// A number that networks and limits have at every recorded step.
struct ScalarQuantity: Sendable {
  let name: String
  let longName: String
  let path: any KeyPath<Trajectory, [Double]> & Sendable
  /// Its standard error, where limits state one.
  let errorPath: (any KeyPath<Trajectory, [Double]> & Sendable)?

  static let trainingLoss = ScalarQuantity(
    name: "train_loss", longName: "training loss", path: \Trajectory.trainingLoss,
    errorPath: \Trajectory.trainingLossStandardError)
  static let testLoss = ScalarQuantity(
    name: "test_loss", longName: "test loss", path: \Trajectory.testLoss,
    errorPath: \Trajectory.testLossStandardError)
  static let trainingAccuracy = ScalarQuantity(
    name: "train_accuracy", longName: "training accuracy", path: \Trajectory.trainingAccuracy,
    errorPath: nil)
  static let testAccuracy = ScalarQuantity(
    name: "test_accuracy", longName: "test accuracy", path: \Trajectory.testAccuracy, errorPath: nil
  )
}
