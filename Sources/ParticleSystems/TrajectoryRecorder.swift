import Checkpoints
import Networks

/// Receives the logits of all systems of a run and makes a ``Trajectory`` of them.
package protocol TrajectoryRecorder: AnyObject {
  /// The batch logits (system by system, flat: (point, output)) from which update number `update` takes its gradient, on
  /// the points `batch` (`nil`: all) with these labels. Answers which systems go on.
  func recordUpdate(
    _ update: Int, batch: [Int]?, labels: [Double], logits: [[Double]], magnitude: PowerOfWidth
  ) -> [Bool]

  /// What belongs to recorded step number `index`, with the magnitude at which losses are taken.
  func record(at index: Int, _ logits: EvaluatedLogits, magnitude: PowerOfWidth)

  /// What it has recorded so far.
  ///
  /// - Throws: what ``RunState`` does.
  func exchange(_ state: RunState) throws
}
