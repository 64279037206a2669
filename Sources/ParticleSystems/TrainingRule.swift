import Networks

/// Where a training run takes its loss gradients, and which function is added to what the transport
/// makes. With a transport that moves or does not, this is all in which the dynamically stable
/// limits differ (Golikov 2020, arXiv 2006.06574, section 3).
public struct TrainingRule: Sendable, Equatable {
  /// What the logits do with the width at step 0.
  package var start: PowerOfWidth
  /// What they do from step 1 on.
  package var later: PowerOfWidth
  /// When the initial function belongs to the logits.
  package var offset: OffsetUse

  /// At which steps the initial function belongs to the logits.
  package enum OffsetUse: Sendable, Equatable {
    /// It is negligible at every step.
    case never
    /// At step 0 only: later logits are of a higher power of the width.
    case atStart
    case always
  }

  package init(start: PowerOfWidth, later: PowerOfWidth, offset: OffsetUse) {
    self.start = start
    self.later = later
    self.offset = offset
  }

  /// Finite networks, and the mean-field limit: logits as they are.
  public static let plain = TrainingRule(start: .staysFinite, later: .staysFinite, offset: .never)

  /// The rule of a regime.
  ///
  /// The initial function is of the order of the increments where gamma = -1/2 (or where it is kept
  /// so, in IC-MF); else it matters at step 0 alone, if it does not vanish there.
  public init(_ regime: Regime) {
    start = PowerOfWidth(exponent: regime.initialLogitExponent)
    later = PowerOfWidth(exponent: regime.beta)
    offset =
      regime.isInitializationCorrected || regime.gamma == -0.5
      ? .always : start == .vanishes ? .never : .atStart
  }

  /// What the logits do with the width at a step.
  package func magnitude(at step: Int) -> PowerOfWidth { step == 0 ? start : later }

  /// Whether the initial function is part of the logits of a step.
  package func addsOffset(at step: Int) -> Bool {
    switch offset {
    case .never: false
    case .atStart: step == 0
    case .always: true
    }
  }
}

/// The function that is added to the logits of each system.
package enum InitialFunction: Sendable {
  case none
  /// Values system by system on the training and on the test points.
  case values(training: [[Double]], test: [[Double]])
  /// A multiple of the logits that the transport itself has at step 0.
  case multipleOfInitialLogits(Double)
}
