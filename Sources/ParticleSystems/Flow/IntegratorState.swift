import Checkpoints
import TimeIntegration

extension AdaptiveIntegrator.State {
  mutating func exchange(_ state: RunState) throws {
    try state.exchange("time", &time)
    try state.exchange("step_size", &stepSize)
    try state.exchange("previous_error", &previousError)
    try state.exchange("was_rejected", &wasRejected)
    try state.exchange("accepted", &accepted)
    try state.exchange("rejected", &rejected)
  }

  /// Refuses, between two steps, what the integrator cannot go on from.
  ///
  /// - Parameters:
  ///   - end: of the integration.
  ///   - next: the first whole number that the time has not reached.
  func check(_ state: RunState, end: Int, next: Int) throws {
    // At the end all is visited that there is.
    guard time >= 0, time <= Double(end), next == Int(time) + 1 else {
      throw state.misfit("integrator/time", "the value \(time) before step \(next)")
    }
    guard stepSize >= 0, stepSize.isFinite, previousError >= 0,
      [accepted, rejected].allSatisfy({ (0...Self.mostSteps).contains($0) })
    else { throw state.misfit("integrator", "numbers that are none of its own") }
  }

  /// More than can be made.
  private static var mostSteps: Int { 1 << 53 }
}
