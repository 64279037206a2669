/// How the output scale sigma and the learning rates depend on the width d, around a reference
/// network of width d*:
///
///     sigma = sigma* (d/d*)^q_sigma,   eta_a = eta_a* (d/d*)^q_a,   eta_w = eta_w* (d/d*)^q_w
///
/// for the hatted parameters, whose initial law does not depend on d (Golikov 2020, arXiv
/// 2006.06574). What it leads to for d -> infinity is its ``regime``.
public struct Scaling: Sendable, Equatable {
  /// Exponent of the output scale.
  public let qSigma: ExactDecimal
  /// Exponent of the output weights' learning rate.
  public let qA: ExactDecimal
  /// Exponent of the input weights' learning rate.
  public let qW: ExactDecimal

  /// - Parameters:
  ///   - qSigma: exponent of the output scale.
  ///   - qA: exponent of the output weights' learning rate.
  ///   - qW: exponent of the input weights' learning rate.
  public init(qSigma: ExactDecimal, qA: ExactDecimal, qW: ExactDecimal) {
    self.qSigma = qSigma
    self.qA = qA
    self.qW = qW
  }

  /// One exponent for both learning rates, q_a = q_w = q_eta.
  public init(qSigma: ExactDecimal, qEta: ExactDecimal) {
    self.init(qSigma: qSigma, qA: qEta, qW: qEta)
  }

  public static let meanField = Scaling(qSigma: -1, qEta: 1)
  public static let ntk = Scaling(qSigma: -0.5, qEta: 0)
  public static let symmetricDefault = Scaling(qSigma: -0.5, qEta: 0.5)
  /// What practitioners do when only the width changes: q_a = 1, q_w = 0. Not dynamically stable.
  public static let standard = Scaling(qSigma: -0.5, qA: 1, qW: 0)
  /// The middle of the line between mean field and NTK.
  public static let intermediate = Scaling(qSigma: -0.75, qEta: 0.5)

  /// ``qSigma`` as the double that networks are scaled with.
  public var outputScaleExponent: Double { qSigma.value }
  /// ``qA`` as a double.
  public var outputRateExponent: Double { qA.value }
  /// ``qW`` as a double.
  public var inputRateExponent: Double { qW.value }

  /// The behaviour for d -> infinity.
  public var regime: Regime { Regime(self) }
}
