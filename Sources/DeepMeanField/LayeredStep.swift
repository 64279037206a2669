import Networks

/// The steps of layered particles in hatted weights. With E^l the loss gradients by the scaled
/// preactivations (`LayeredSystem`) and H^l = phi(z^l), the sums over the points of a batch
///
///     S_w = E^1 X,   S_V^l = E^l (H^{l-1})^T,   S_a = H^L g
///
/// are of order one, and no power of the width is left:
///
///     gradient descent   w -= (eta / s) S_w,   V -= eta S_V,   a -= eta s S_a
///     RMSProp            w -= eta q(S_w),      V -= eta s q(S_V),   a -= eta s q(S_a)
///
/// with q(S) = S / (sqrt(mean square) + epsilon). These are the published steps of the mean-field scaling
/// at every width d: weights of all layers but the first multiplied by kappa^{-1/2}, kappa = d / d*,
/// learning rates of the standard parameterization by (kappa, 1, 1 / kappa) for the first, the hidden and
/// the last layers, and with RMSProp by (1, 1 / kappa, 1 / kappa) (Golikov 2020, arXiv 2003.05884, and its
/// code). The epsilon is that of true weights at width d*, in proportion to their later gradients at other
/// widths; in terms of the sums S it is s epsilon for w and V and epsilon for a.
public struct LayeredStep: Sendable, Equatable {
  /// s = sqrt(d*).
  public let scale: Double
  /// The factor of S_w: eta / s, with RMSProp eta.
  public let inputStep: Double
  /// The factor of S_V: eta, with RMSProp eta s.
  public let hiddenStep: Double
  /// The factor of S_a: eta s.
  public let outputStep: Double
  /// What becomes of the sums first.
  public let rule: Rule

  /// What becomes of the sums before they are subtracted.
  public enum Rule: Sendable, Equatable {
    case gradient
    case momentum(Double)
    case rmsProp(
      smoothing: Double, inputEpsilon: Double, hiddenEpsilon: Double, outputEpsilon: Double)
  }

  /// The steps of the reference network's optimizer and learning rate.
  public init(_ reference: ReferenceNetwork) {
    let s = Double(reference.width).squareRoot()
    let eta = reference.learningRate
    scale = s
    outputStep = eta * s
    switch reference.optimizer {
    case .gradientDescent, .momentum:
      inputStep = eta / s
      hiddenStep = eta
    case .rmsProp:
      inputStep = eta
      hiddenStep = eta * s
    }
    switch reference.optimizer {
    case .gradientDescent: rule = .gradient
    case .momentum(let coefficient): rule = .momentum(coefficient)
    case .rmsProp(let smoothing, let epsilon):
      rule = .rmsProp(
        smoothing: smoothing, inputEpsilon: s * epsilon, hiddenEpsilon: s * epsilon,
        outputEpsilon: epsilon)
    }
  }

  func step(_ block: LayeredBlock) -> Double {
    switch block {
    case .input: inputStep
    case .hidden: hiddenStep
    case .output: outputStep
    }
  }
}
