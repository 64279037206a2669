/// Where an infinite-width limit takes the derivative l' of the loss with respect to the logit
/// (arXiv 2006.06574): logits that vanish, stay finite or diverge with the width leave l' at zero, at
/// themselves, or at infinity with their sign.
public enum LossGradientPoint: String, Sendable, CaseIterable {
  /// At zero logits.
  case zero
  /// At the logits f_k, which are finite.
  case finite
  /// At infinity, with the sign of the rescaled logits f~_k.
  case sign
  /// At the initial logits f_0, a Gaussian process.
  case gaussianProcess = "gaussian_process"
  /// At infinity, with the sign of the rescaled initial logits f~_0, a Gaussian process.
  case signOfGaussianProcess = "sign_of_gaussian_process"

  /// At step 0, where the logits are the initial ones, a sum of d independent terms.
  static func atStart(initialLogits: PowerOfWidth) -> LossGradientPoint {
    switch initialLogits {
    case .vanishes: .zero
    case .staysFinite: .gaussianProcess
    case .diverges: .signOfGaussianProcess
    }
  }

  /// At steps k >= 1, where the increments of the logits are of the largest order: a dynamically
  /// stable scaling has gamma >= -1/2, and so beta >= alpha.
  static func later(increments: PowerOfWidth) -> LossGradientPoint {
    switch increments {
    case .vanishes: .zero
    case .staysFinite: .finite
    case .diverges: .sign
    }
  }
}
