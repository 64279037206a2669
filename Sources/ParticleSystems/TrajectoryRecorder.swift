/// Receives the logits of all systems of a run and makes a ``Trajectory`` of them.
public protocol TrajectoryRecorder: AnyObject {
  /// The batch logits (system by system) from which update number `update` takes its gradient, on
  /// the points `batch` (`nil`: all) with these labels. Answers which systems go on.
  func recordUpdate(_ update: Int, batch: [Int]?, labels: [Double], logits: [[Double]]) -> [Bool]

  /// What belongs to recorded step number `index`, system by system; of the decompositions the four
  /// terms on the test points.
  func record(
    at index: Int, trainingLogits: [[Double]], testLogits: [[Double]],
    tangentKernelDiagonals: [[Double]], decompositions: [[[Double]]]?)
}
