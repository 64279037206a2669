import DataIO
import Networks

extension LimitDescription {
  /// The exponents of initial logits, their increments and the increments of hatted weights; NaN where they depend on
  /// the step.
  init(_ scaling: DeepScaling) {
    let name =
      switch scaling.verdict {
      case .moving: "mean_field"
      case .kernel: "ntk"
      case .zero: "zero"
      case .none: "none"
      }
    self.init(
      name: name, alpha: scaling.initialLogitExponent.value,
      beta: scaling.logitIncrementExponent?.value ?? .nan,
      gamma: scaling.weightIncrementExponent?.value ?? .nan)
  }
}
