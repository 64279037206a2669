/// What becomes of networks of a ``Scaling`` as their width d grows: the exponents of their initial
/// logits, increments and weights, and by these which limit they have, if any (Golikov 2020, arXiv
/// 2006.06574).
///
/// Exponents are sums of exact decimals; one within ``tolerance`` of a value that separates limits
/// (alpha: -1/2, 0; beta: 0; gamma: -1/2, 0) is taken to be that value, so that exponents which are
/// results of floating-point sums land on the line they were meant for. Where q_a and q_w differ,
/// gamma and beta are those of the layer with the larger rate.
///
/// Relative increments of the hatted weights, which are of order one, are learning rate times gradient:
/// d^(q_eta + q_sigma), as the gradients of hatted weights are proportional to sigma. An optimizer that
/// normalizes its steps (RMSProp) takes out the gradient's size and with it q_sigma: gamma = q_eta. In
/// both cases beta = alpha + 1/2 + gamma, since logits are sums of d terms of size sigma.
public struct Regime: Sendable, Equatable {
  /// The exponents of the width, as given.
  public let scaling: Scaling
  /// What the optimizer makes of the gradients' size.
  public let stepSize: StepSize
  /// q_sigma + 1/2: the exponent in d of the scaling's initial logits f_0.
  public let alpha: ExactDecimal
  /// alpha + 1/2 + gamma, which is 2 q_sigma + q_eta + 1 where steps are proportional to gradients: the
  /// exponent of the logits' increments, and so of the tangent kernel.
  public let beta: ExactDecimal
  /// q_sigma + q_eta, or q_eta where steps are normalized: the exponent of the weights' relative
  /// increments.
  public let gamma: ExactDecimal
  /// The same with q_a: that of the output weights alone.
  public let outputWeightGamma: ExactDecimal
  /// The same with q_w: that of the input weights alone.
  public let inputWeightGamma: ExactDecimal
  /// Whether the reference network's initial function, finite at any width, is in place of f_0
  /// (initialization-corrected mean field, IC-MF).
  public let isInitializationCorrected: Bool

  /// Distance from a line between limits up to which an exponent counts as on the line: above the
  /// rounding of a few double-precision operations on exponents up to 100 (about 1e-14 each), below
  /// any difference that is meant.
  public static let tolerance: ExactDecimal = 1e-12

  /// The regime of initialization-corrected mean field: the MF limit plus the reference network's
  /// initial function, a Gaussian process.
  public static let initializationCorrectedMeanField = initializationCorrectedMeanField(
    .proportional)

  /// The same with any optimizer.
  public static func initializationCorrectedMeanField(_ stepSize: StepSize) -> Regime {
    Regime(.meanField(stepSize), stepSize, isInitializationCorrected: true)
  }

  /// - Parameter stepSize: that of the networks' optimizer.
  public init(_ scaling: Scaling, _ stepSize: StepSize = .proportional) {
    self.init(scaling, stepSize, isInitializationCorrected: false)
  }

  private init(_ scaling: Scaling, _ stepSize: StepSize, isInitializationCorrected: Bool) {
    self.scaling = scaling
    self.stepSize = stepSize
    self.isInitializationCorrected = isInitializationCorrected
    alpha = Self.onLine(scaling.qSigma + 0.5, -0.5, 0)
    let gradient = stepSize == .proportional ? scaling.qSigma : 0
    outputWeightGamma = Self.onLine(gradient + scaling.qA, -0.5, 0)
    inputWeightGamma = Self.onLine(gradient + scaling.qW, -0.5, 0)
    gamma = max(outputWeightGamma, inputWeightGamma)
    // From the two above, not from q_sigma and q_eta: the three then never contradict each other,
    // as alpha = 0, gamma = -1/2 and beta a little more than the tolerance would.
    beta = Self.onLine(alpha + 0.5 + gamma, 0)
  }

  private static func onLine(_ exponent: ExactDecimal, _ lines: ExactDecimal...) -> ExactDecimal {
    lines.first { (exponent - $0).magnitude <= tolerance } ?? exponent
  }

  /// Exponent of the output scale.
  public var qSigma: ExactDecimal { scaling.qSigma }

  /// The one exponent of both learning rates; `nil` where they differ.
  public var qEta: ExactDecimal? {
    (scaling.qA - scaling.qW).magnitude <= Self.tolerance ? scaling.qA : nil
  }

  /// Whether the logits' increments keep pace with the initial logits and the weights do not diverge:
  /// -1/2 <= gamma <= 0. Where q_a and q_w differ: both layers' gamma <= 0, the larger >= -1/2.
  public var isStable: Bool { (-0.5...0).contains(gamma) }

  /// Which of the thirteen limits the scaling has; `nil` where it is not dynamically stable or has
  /// two different learning rates, for which the thirteen are not defined.
  public var limit: DynamicallyStableLimit? {
    guard isStable, qEta != nil else { return nil }
    return DynamicallyStableLimit(
      band: gamma == 0 ? .upperEdge : gamma == -0.5 ? .lowerEdge : .interior,
      initialLogits: PowerOfWidth(exponent: alpha), increments: PowerOfWidth(exponent: beta))
  }

  /// The exponent in d of the initial logits, with the correction of the initial function if any.
  public var initialLogitExponent: ExactDecimal { isInitializationCorrected ? 0 : alpha }

  /// Whether the law of the weights moves; `nil` where there is no ``limit``.
  public var measure: MeasureMotion? {
    limit.map { _ in gamma == 0 ? .moves : .frozen }
  }

  /// Where the loss gradient is taken at step 0; `nil` where there is no ``limit``.
  public var lossGradientAtStart: LossGradientPoint? {
    limit.map { _ in .atStart(initialLogits: PowerOfWidth(exponent: initialLogitExponent)) }
  }

  /// Where the loss gradient is taken at steps k >= 1; `nil` where there is no ``limit``.
  public var lossGradientLater: LossGradientPoint? {
    limit.map { _ in .later(increments: PowerOfWidth(exponent: beta)) }
  }

  /// The four properties of finite networks. The leading part of the kernel moves with the input
  /// weights: E[phi phi] depends on w alone, and the other part leads only where q_w >= q_a. (3) compares the exponents of initial logits and kernel:
  /// without correction of the initial function beta = alpha exactly where gamma = -1/2.
  public var properties: ScalingProperties {
    ScalingProperties(
      initialLogitsAreFinite: initialLogitExponent == 0, kernelIsFinite: beta == 0,
      logitsAndKernelAreOfOneOrder: initialLogitExponent == beta,
      kernelEvolves: gamma == 0 && inputWeightGamma == 0)
  }
}
