/// How the output scale sigma and the learning rates depend on the width d, around a reference
/// network of width d*:
///
///     sigma = sigma* (d/d*)^q_sigma,   eta_a = eta_a* (d/d*)^q_a,   eta_w = eta_w* (d/d*)^q_w
///
/// for the hatted parameters, whose initial law does not depend on d (Golikov 2020, arXiv
/// 2006.06574).
public struct Scaling: Sendable, Equatable {
  public let outputScaleExponent: Double
  public let outputRateExponent: Double
  public let inputRateExponent: Double

  /// - Parameters:
  ///   - qSigma: exponent of the output scale.
  ///   - qA: exponent of the output weights' learning rate.
  ///   - qW: exponent of the input weights' learning rate.
  public init(qSigma: Double, qA: Double, qW: Double) {
    outputScaleExponent = qSigma
    outputRateExponent = qA
    inputRateExponent = qW
  }

  public static let meanField = Scaling(qSigma: -1, qA: 1, qW: 1)
  public static let ntk = Scaling(qSigma: -0.5, qA: 0, qW: 0)
  public static let symmetricDefault = Scaling(qSigma: -0.5, qA: 0.5, qW: 0.5)
  /// What practitioners do when only the width changes: q_a = 1, q_w = 0. Not dynamically stable.
  public static let standard = Scaling(qSigma: -0.5, qA: 1, qW: 0)
  /// The middle of the line between mean field and NTK.
  public static let intermediate = Scaling(qSigma: -0.75, qA: 0.5, qW: 0.5)

  /// alpha = q_sigma + 1/2: the exponent in d of the initial logits.
  public var initialLogitExponent: Double { outputScaleExponent + 0.5 }
  /// beta = 2 q_sigma + q_eta + 1: the exponent of the tangent kernel, and so of the logits'
  /// increments; of the layer with the larger rate where the two differ.
  public var tangentKernelExponent: Double {
    2 * outputScaleExponent + max(outputRateExponent, inputRateExponent) + 1
  }
  /// gamma = q_sigma + q_eta: the exponent of the relative weight increments, likewise.
  public var weightIncrementExponent: Double {
    outputScaleExponent + max(outputRateExponent, inputRateExponent)
  }
}
