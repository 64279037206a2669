extension Loss {
  /// Whether dl/df has a limit as logits diverge: the squared loss's does not.
  public var hasBoundedDerivative: Bool { self != .squared }

  /// The limit of dl/df of one output as logits f = (d/d*)^q f~ vanish, stay finite or diverge with the width d,
  /// f~ being `logit` (Golikov 2020, arXiv 2006.06574, section 3).
  ///
  /// Where logits diverge it is the limit of l'(y, t f~) as t goes to infinity: for the logistic
  /// loss -y where y f~ < 0, -y/2 where f~ = 0, else 0.
  /// - Precondition: logits do not diverge, or ``hasBoundedDerivative``.
  package func derivative(label y: Double, logit f: Double, magnitude: PowerOfWidth) -> Double {
    switch magnitude {
    case .vanishes: return derivative(label: y, logit: 0)
    case .staysFinite: return derivative(label: y, logit: f)
    case .diverges:
      precondition(hasBoundedDerivative, "the \(rawValue) loss has no limit at diverging logits")
      if f.isNaN { return f }
      return y * f < 0 ? -y : f == 0 ? -y / 2 : 0
    }
  }

  /// The limit of the loss of one output, f~ being `logit`: of l itself where logits vanish or are finite, of
  /// l(y, t f~) / t as t goes to infinity where they diverge (logistic: max(-y f~, 0)).
  /// - Precondition: logits do not diverge, or ``hasBoundedDerivative``.
  package func value(label y: Double, logit f: Double, magnitude: PowerOfWidth) -> Double {
    switch magnitude {
    case .vanishes: return f.isNaN ? f : value(label: y, logit: 0)
    case .staysFinite: return value(label: y, logit: f)
    case .diverges:
      precondition(hasBoundedDerivative, "the \(rawValue) loss has no limit at diverging logits")
      return f.isNaN ? f : max(-y * f, 0)
    }
  }
}
