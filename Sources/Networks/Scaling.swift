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

  /// (-1, 1): the law of the weights moves, logits start at zero.
  public static let meanField = Scaling(qSigma: -1, qEta: 1)
  /// (-1/2, 0): a constant kernel.
  public static let ntk = Scaling(qSigma: -0.5, qEta: 0)
  /// (-1/2, 1/2): the law moves, driven by signs.
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

  /// The behaviour for d -> infinity, trained by gradient descent.
  public var regime: Regime { Regime(self) }
}

/// The named scalings of any optimizer: each has the exponents alpha, beta and gamma that it has with
/// gradient descent.
extension Scaling {
  /// (-1, 1); with normalized steps (-1, 0).
  public static func meanField(_ stepSize: StepSize) -> Scaling { meanField.equivalent(stepSize) }

  /// (-1/2, 0); with normalized steps (-1/2, -1/2).
  public static func ntk(_ stepSize: StepSize) -> Scaling { ntk.equivalent(stepSize) }

  /// (-1/2, 1/2); with normalized steps (-1/2, 0).
  public static func symmetricDefault(_ stepSize: StepSize) -> Scaling {
    symmetricDefault.equivalent(stepSize)
  }

  /// (-3/4, 1/2); with normalized steps (-3/4, -1/4).
  public static func intermediate(_ stepSize: StepSize) -> Scaling {
    intermediate.equivalent(stepSize)
  }

  /// What practitioners do when only the width changes: the learning rate of sigma a and of w stays.
  /// With normalized steps a step eta in sigma a is one of eta / sigma in a: q_a = 1/2, q_w = 0, which is
  /// not dynamically stable either.
  public static func standard(_ stepSize: StepSize) -> Scaling {
    switch stepSize {
    case .proportional: standard
    case .normalized: Scaling(qSigma: -0.5, qA: 0.5, qW: 0)
    }
  }

  /// The scaling whose exponents alpha, beta and gamma with steps of `stepSize` are those that this one
  /// has with steps proportional to the gradients: normalized steps have lost the factor d^q_sigma of
  /// the gradients, and the learning rates take it over.
  package func equivalent(_ stepSize: StepSize) -> Scaling {
    switch stepSize {
    case .proportional: self
    case .normalized: Scaling(qSigma: qSigma, qA: qA + qSigma, qW: qW + qSigma)
    }
  }
}
