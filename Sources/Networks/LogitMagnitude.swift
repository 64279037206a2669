import Foundation

/// How large logits are in the infinite-width limit: f = (d/d*)^q f~ with f~ of order one, by the
/// sign of q. Where losses and their gradients are taken follows from it (Golikov 2020, arXiv
/// 2006.06574, section 3).
public enum LogitMagnitude: Sendable, Equatable {
  /// q < 0: f goes to 0.
  case vanishing
  /// q = 0.
  case finite
  /// q > 0: f goes to infinity times f~.
  case diverging
}

extension Loss {
  /// Whether dl/df has a limit as logits diverge: the squared loss's does not.
  public var hasBoundedDerivative: Bool { self == .logistic }

  /// The limit of dl/df at logits of the given magnitude, f~ being `logit`.
  ///
  /// Where logits diverge it is the limit of l'(y, t f~) as t goes to infinity: for the logistic
  /// loss -y where y f~ < 0, -y/2 where f~ = 0, else 0.
  /// - Precondition: logits do not diverge, or ``hasBoundedDerivative``.
  public func derivative(label y: Double, logit f: Double, magnitude: LogitMagnitude) -> Double {
    switch magnitude {
    case .vanishing: return derivative(label: y, logit: 0)
    case .finite: return derivative(label: y, logit: f)
    case .diverging:
      precondition(hasBoundedDerivative, "the \(rawValue) loss has no limit at diverging logits")
      if f.isNaN { return f }
      return y * f < 0 ? -y : f == 0 ? -y / 2 : 0
    }
  }

  /// The limit of the loss, f~ being `logit`: of l itself where logits vanish or are finite, of
  /// l(y, t f~) / t as t goes to infinity where they diverge (logistic: max(-y f~, 0)).
  /// - Precondition: logits do not diverge, or ``hasBoundedDerivative``.
  public func value(label y: Double, logit f: Double, magnitude: LogitMagnitude) -> Double {
    switch magnitude {
    case .vanishing: return f.isNaN ? f : value(label: y, logit: 0)
    case .finite: return value(label: y, logit: f)
    case .diverging:
      precondition(hasBoundedDerivative, "the \(rawValue) loss has no limit at diverging logits")
      return f.isNaN ? f : max(-y * f, 0)
    }
  }
}
