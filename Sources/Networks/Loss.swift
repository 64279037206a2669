import Foundation

/// The loss l(y, f) of one point with label y at the logit f; the training loss is its mean.
public enum Loss: String, Sendable, Equatable, CaseIterable {
  /// l = log(1 + exp(-y f)), y in {-1, +1}.
  case logistic
  /// l = (f - y)^2 / 2.
  case squared

  public func value(label y: Double, logit f: Double) -> Double {
    switch self {
    case .logistic:
      // log(1 + exp(-m)) = max(-m, 0) + log1p(exp(-|m|)): no overflow for any margin m.
      max(-y * f, 0) + log1p(exp(-abs(f)))
    case .squared: (f - y) * (f - y) / 2
    }
  }

  /// dl/df.
  public func derivative(label y: Double, logit f: Double) -> Double {
    switch self {
    case .logistic: -y / (1 + exp(y * f))
    case .squared: f - y
    }
  }
}
