import Diagnostics
import Dynamics
import Networks
import ParticleSystems

/// Whether a limit is simulated with two step sizes, and if not, why not.
struct MultirateChoice: Sendable {
  let multirate: Multirate?
  /// Where automatic blocks were asked for and every particle takes every step.
  let reason: String?

  private static let none = MultirateChoice(multirate: nil, reason: nil)

  private init(multirate: Multirate?, reason: String?) {
    self.multirate = multirate
    self.reason = reason
  }

  /// - Throws: `Diagnostic` where a number of steps is given and blocks cannot be taken.
  init(
    _ experiment: Experiment, rule: TrainingRule, replicates: Int, isFlow: Bool, isDriven: Bool
  ) throws {
    let limit = experiment.configuration.limit
    guard limit.multirate != .off, experiment.regime.measure == .moves, !isDriven else {
      self = .none
      return
    }
    let isAutomatic = limit.multirate == .automatic
    let reason =
      Self.obstacle(experiment, rule, isFlow: isFlow)
      ?? (isAutomatic && replicates < 2
        ? "the length of blocks is chosen by the spread of replicates" : nil)
    if let reason {
      guard isAutomatic else {
        throw Diagnostic(
          .badInput, "received \(limit.multirate.text), but \(reason); accepted here: off, auto",
          key: "limit.multirate")
      }
      self.init(multirate: nil, reason: reason)
      return
    }
    var blocks = Multirate.Blocks.automatic
    if case .steps(let count) = limit.multirate { blocks = .fixed(count) }
    self.init(multirate: Multirate(blocks, share: limit.smallShare), reason: nil)
  }

  private static func obstacle(
    _ experiment: Experiment, _ rule: TrainingRule, isFlow: Bool
  ) -> String? {
    if isFlow { return "the integrator of gradient flow chooses its own steps" }
    let training = experiment.training
    if training.optimizer != .gradientDescent {
      return "blocks of steps need training.optimizer gd, not \(training.optimizer.rawValue)"
    }
    let settings = experiment.settings(
      step: .meanFieldLimit(of: experiment.reference), snapshots: [], decomposes: false)
    if !settings.allowsMultirate { return "blocks of steps need training.batch full" }
    if !rule.allowsFlow { return "loss gradients of this limit are signs of its logits" }
    return nil
  }
}
