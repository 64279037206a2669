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
}
