import Foundation

/// The loss l(y, f) of one point with label y at the logits f; the training loss is its mean.
///
/// Networks of one output have the functions of a single logit here, networks of several outputs
/// those of `Loss+Outputs.swift`.
public enum Loss: String, Sendable, Equatable, CaseIterable {
  /// One output: l = log(1 + exp(-y f)), y in {-1, +1}.
  case logistic
  /// One output: l = (f - y)^2 / 2. Several: l = sum_c (f_c - 1[c = y])^2 / 2 with the class number
  /// y.
  case squared
  /// Several outputs: the cross-entropy l = log(sum_c exp(f_c)) - f_y with the class number y.
  case softmax

  /// Whether the loss is defined for networks of so many outputs.
  package func accepts(outputs: Int) -> Bool {
    switch self {
    case .logistic: outputs == 1
    case .squared: outputs >= 1
    case .softmax: outputs >= 2
    }
  }

  /// The loss of a network of one output.
  public func value(label y: Double, logit f: Double) -> Double {
    switch self {
    case .logistic:
      // log(1 + exp(-m)) = max(-m, 0) + log1p(exp(-|m|)): no overflow for any margin m.
      return max(-y * f, 0) + log1p(exp(-abs(f)))
    case .squared: return (f - y) * (f - y) / 2
    case .softmax: preconditionFailure("the softmax loss needs an output for each class")
    }
  }

  /// dl/df of a network of one output.
  public func derivative(label y: Double, logit f: Double) -> Double {
    switch self {
    case .logistic: return -y / (1 + exp(y * f))
    case .squared: return f - y
    case .softmax: preconditionFailure("the softmax loss needs an output for each class")
    }
  }
}
