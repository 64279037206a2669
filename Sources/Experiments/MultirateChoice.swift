import Diagnostics
import Dynamics
import Networks
import ParticleSystems

/// Whether a limit is simulated with two step sizes or two ranks, and if not, why not.
struct MultirateChoice: Sendable {
  let multirate: Multirate?
  /// Where automatic blocks or an automatic rank were asked for and there are none.
  let reason: String?

  private static let none = MultirateChoice(multirate: nil, reason: nil)

  init(multirate: Multirate?, reason: String?) {
    self.multirate = multirate
    self.reason = reason
  }

  /// - Parameter basis: of the particles, where the measure moves.
  /// - Throws: `Diagnostic` where a number is given that cannot be.
  init(
    _ experiment: Experiment, rule: TrainingRule, basis: InputBasis?, replicates: Int, isFlow: Bool,
    isDriven: Bool
  ) throws {
    let limit = experiment.configuration.limit
    let settings = [("limit.multirate", limit.multirate), ("limit.rank", limit.rank)]
      .filter { $0.1 != .off }
    guard !settings.isEmpty, let basis, !isDriven else {
      self = .none
      return
    }
    if let reason = Self.obstacle(experiment, rule, isFlow: isFlow) {
      try Self.refuseNumbers(settings, because: reason)
      self.init(multirate: nil, reason: reason)
      return
    }
    let rank: Int?
    switch limit.rank {
    case .off: rank = nil
    case .fixed(let count):
      guard count <= basis.movingCoordinates else {
        throw Diagnostic(
          .badInput,
          "received \(count), but the training inputs span \(basis.movingCoordinates) directions;"
            + " accepted: off, auto or a whole number up to that", key: "limit.rank")
      }
      rank = count
    case .automatic:
      rank = AutomaticRank(basis, Self.settings(experiment)).rank
      if rank == nil, limit.multirate == .off {
        self.init(multirate: nil, reason: "no rank would save a fifth of the operations")
        return
      }
    }
    let blocks: Multirate.Blocks
    switch (rank, limit.multirate) {
    case (let rank?, let slow):
      var steps = AutomaticRank.slowSteps
      if case .fixed(let count) = slow { steps = count }
      let fast = FastCoordinates(count: rank, slowSteps: steps)
      self.init(
        multirate: Multirate(.fixed(1), share: limit.smallShare, fastCoordinates: fast),
        reason: nil)
      return
    case (nil, .fixed(let count)): blocks = .fixed(count)
    case (nil, _):
      guard replicates > 1 else {
        self.init(
          multirate: nil, reason: "the length of blocks is chosen by the spread of replicates")
        return
      }
      blocks = .automatic
    }
    self.init(multirate: Multirate(blocks, share: limit.smallShare), reason: nil)
  }

  private static func refuseNumbers(
    _ settings: [(key: String, setting: OptionalCountSetting)], because reason: String
  ) throws {
    for (key, setting) in settings {
      if case .fixed = setting {
        throw Diagnostic(
          .badInput, "received \(setting.text), but \(reason); accepted here: off, auto", key: key)
      }
    }
  }

  private static func settings(_ experiment: Experiment) -> TrainingSettings {
    experiment.settings(
      step: .meanFieldLimit(of: experiment.reference), snapshots: [], decomposes: false)
  }

  private static func obstacle(
    _ experiment: Experiment, _ rule: TrainingRule, isFlow: Bool
  ) -> String? {
    if isFlow { return "the integrator of gradient flow chooses its own steps" }
    let training = experiment.training
    if training.optimizer != .gradientDescent {
      return
        "two kinds of particles need training.optimizer gd, not \(training.optimizer.rawValue)"
    }
    if !settings(experiment).allowsMultirate {
      return "two kinds of particles need training.batch full"
    }
    if !rule.allowsFlow { return "loss gradients of this limit are signs of its logits" }
    return nil
  }
}
