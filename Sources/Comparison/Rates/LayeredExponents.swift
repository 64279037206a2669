/// What predictions are made of for networks of several hidden layers in the mean-field scaling, beside a limit in
/// which all weights move, or beside the limit that is zero at every step.
///
/// Beside a moving limit logits are sums over d neurons in the place of means, which fluctuate by d^{-1/2}, and the
/// initial function, d^{-L/2}, is no larger. The *mean* over seeds is off by d^{-1/2} as well, where one hidden layer
/// has d^{-1}: what step 0 leaves in the weights depends on the initial hidden weights, by masks phi' that have a jump
/// or by signs of gradients, and in later preactivations these weights, of relative size d^{-1/2}, meet what depends on
/// them (data/layered-limits.md, "How near networks are").
///
/// Beside a limit of zero gaps are the networks' own functions: the initial one, of mean zero over seeds, and what
/// training adds.
public struct LayeredExponents: Sendable, Equatable {
  /// Of the initial logits: -L/2.
  public let initialLogits: Double
  /// Of what training adds to the logits: 0, or below where the limit is zero.
  public let logitIncrements: Double
  /// Whether increments depend on the initial hidden weights to leading order.
  public let remembersStart: Bool

  /// Exponents in d, derived in data/layered-limits.md.
  public init(initialLogits: Double, logitIncrements: Double, remembersStart: Bool) {
    self.initialLogits = initialLogits
    self.logitIncrements = logitIncrements
    self.remembersStart = remembersStart
  }

  /// Whether the limit is zero at every step.
  public var isZero: Bool { logitIncrements < 0 }

  /// The predicted exponent; `nil` where there is none.
  func exponent(of metric: RateMetric) -> Double? {
    switch metric {
    case .initialLogits: return initialLogits
    case .logits: return max(initialLogits, logitIncrements)
    case .logitFluctuation: return max(initialLogits, logitIncrements - 0.5)
    case .logitGap: return isZero ? max(initialLogits, logitIncrements) : -0.5
    case .logitBias, .lossGap: return isZero ? logitIncrements : remembersStart ? -0.5 : nil
    case .weightLawDistance, .weightMarginalDistance: return -0.5
    case .couplingDistanceSquared, .decompositionInitial, .decompositionOutput,
      .decompositionInput, .decompositionBoth, .weightIncrement,
      .tangentKernel, .tangentKernelGap, .tangentKernelChange:
      return nil
    }
  }

  /// Where the prediction comes from.
  func source(of metric: RateMetric) -> String {
    switch metric {
    case .weightLawDistance, .weightMarginalDistance: return "independent samples"
    case .logitBias,
      .lossGap where !isZero:
      return
        "masks and signs of step 0 remember the initial hidden weights, which are d^(-1/2) of later"
        + " preactivations (data/layered-limits.md)"
    default:
      return isZero
        ? "powers of the initial function and of the gradients of step 0 (data/layered-limits.md)"
        : "sums over d neurons, and initial hidden weights of relative size d^(-1/2)"
          + " (data/layered-limits.md)"
    }
  }

  /// What a deviation may come from.
  package var caveat: String {
    isZero
      ? "powers are those of widths at which what training adds exceeds the initial function"
      : "powers are those of widths at which increments exceed the initial hidden weights"
  }
}
