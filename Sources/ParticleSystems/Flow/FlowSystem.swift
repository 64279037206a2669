import Checkpoints
import Networks
import TimeIntegration

/// Gradient flow of one or several systems side by side: particles that move, or a constant tangent
/// kernel.
///
/// Time is counted in training steps: at time k the flow is at t = k eta, and dy/dt is what one step of
/// gradient descent adds to y, so that the steps are the explicit Euler method of step size 1.
package protocol FlowSystem: IntegratedSystem {
  var systems: Int { get }

  /// The logits at y + sum_j weights_j k_j, without an initial function: on the training points
  /// (`EvaluatedLogits/batch`), and with `isRecorded` all that a recorded step has.
  func evaluate(at weights: [Double], isRecorded: Bool) -> EvaluatedLogits

  /// Its state between two steps of the integrator: y, what it keeps beside it, and the first slope; the
  /// others are made again.
  ///
  /// - Throws: what ``RunState`` does.
  func exchange(_ state: RunState) throws
}

/// The loss gradients dL/df that drive a flow, at the training logits that the flow's state has.
package final class FlowField {
  private let settings: TrainingSettings
  private let rule: TrainingRule
  private let initial: (training: [[Double]], test: [[Double]])?
  /// Systems that go on; those that diverged have no gradients and no say in the step size.
  package internal(set) var isAlive: [Bool]

  /// Loss gradients are taken at the magnitude of the later logits from time zero on: a field that
  /// differs at the one moment of time zero makes the same flow.
  ///
  /// - Precondition: full batches, gradient descent, and `TrainingRule/allowsFlow`.
  package init(
    _ settings: TrainingSettings, rule: TrainingRule, offset: InitialFunction, systems: Int
  ) {
    precondition(settings.batches == .full, "a flow has no batches")
    precondition(settings.step.update == .gradient, "a flow follows the gradient itself")
    precondition(rule.allowsFlow, "the loss gradients of this limit are signs")
    self.settings = settings
    self.rule = rule
    switch offset {
    case .none: initial = nil
    case .values(let training, let test): initial = (training, test)
    case .multipleOfInitialLogits: preconditionFailure("flows are of limits")
    }
    precondition((initial == nil) == (rule.offset == .never))
    isAlive = Array(repeating: true, count: systems)
  }

  /// dL/df, system by system, flat (point, output); NaN where logits are not finite, so that the
  /// integrator refuses the step even if the gradient is bounded there.
  ///
  /// - Parameters:
  ///   - logits: of consecutive systems, without the initial function.
  ///   - first: the number of the first of them.
  package func gradients(_ logits: [[Double]], first: Int = 0) -> [[Double]] {
    logits.enumerated().map { index, values in
      let system = first + index
      guard isAlive[system] else { return Array(repeating: 0, count: values.count) }
      guard values.allSatisfy(\.isFinite) else {
        return Array(repeating: .nan, count: values.count)
      }
      return settings.lossGradients(
        labels: settings.problem.trainingLabels,
        logits: initial.map { zip(values, $0.training[system]).map(+) } ?? values,
        magnitude: rule.later)
    }
  }

  func exchange(_ state: RunState) throws { try state.exchange("alive", &isAlive) }

  /// Adds the initial function.
  func complete(_ logits: inout EvaluatedLogits) {
    guard let initial else { return }
    for system in initial.training.indices {
      logits.batch[system] = zip(logits.batch[system], initial.training[system]).map(+)
      if logits.training.isEmpty { continue }
      logits.training[system] = zip(logits.training[system], initial.training[system]).map(+)
      logits.test[system] = zip(logits.test[system], initial.test[system]).map(+)
    }
  }
}

extension TrainingRule {
  /// Whether the dynamics has a gradient flow: where logits diverge, loss gradients jump with the
  /// signs of the logits, and the flow's right-hand side with them. Elsewhere an initial function that
  /// is there at all stays.
  package var allowsFlow: Bool { later != .diverges && offset != .atStart }
}
