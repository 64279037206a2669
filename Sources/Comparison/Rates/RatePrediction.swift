/// The exponents of a scaling that predictions are made of: ``Regime`` has them.
public struct ScalingExponents: Sendable, Equatable {
  /// Of the initial logits, q_sigma + 1/2.
  public let alpha: Double
  /// Of the logits' increments and the tangent kernel.
  public let beta: Double
  /// Of the output weights' relative increments.
  public let outputGamma: Double
  /// Of the input weights' relative increments.
  public let inputGamma: Double
  /// Whether the reference network's initial function is in place of the scaling's own (IC-MF).
  public let isInitializationCorrected: Bool
  /// Whether the activation's derivative jumps.
  public let hasKink: Bool
  /// Of several hidden layers, whose predictions are made of these; `nil` of one.
  public let layers: LayeredExponents?

  /// Exponents of networks of one hidden layer, in the terms of ``Regime``.
  public init(
    alpha: Double, beta: Double, outputGamma: Double, inputGamma: Double,
    isInitializationCorrected: Bool = false, hasKink: Bool = false
  ) {
    self.alpha = alpha
    self.beta = beta
    self.outputGamma = outputGamma
    self.inputGamma = inputGamma
    self.isInitializationCorrected = isInitializationCorrected
    self.hasKink = hasKink
    layers = nil
  }

  /// Of networks of several hidden layers, whose logits are in units of their own at every width.
  public init(layers: LayeredExponents, hasKink: Bool) {
    alpha = layers.initialLogits
    (beta, outputGamma, inputGamma) = (0, 0, 0)
    isInitializationCorrected = false
    self.hasKink = hasKink
    self.layers = layers
  }

  /// The exponent of all relative increments where both layers have one, and the scaling is dynamically
  /// stable; predictions are made for these.
  var gamma: Double? {
    outputGamma == inputGamma && (-0.5...0).contains(outputGamma) ? outputGamma : nil
  }

  /// The exponent of ``RateMetric/logitGap``; `nil` where loss gradients are taken at infinity.
  var gapExponent: Double? {
    guard let gamma else { return nil }
    let start = isInitializationCorrected ? 0 : alpha
    guard start <= 0, beta <= 0 else { return nil }
    var exponent = -0.5
    if !isInitializationCorrected, gamma > -0.5 { exponent = max(exponent, -(gamma + 0.5)) }
    if gamma < 0 { exponent = max(exponent, 2 * gamma) }
    for power in [start, beta] where power < 0 { exponent = max(exponent, power) }
    return exponent
  }
}

/// Quantities whose dependence on the width theory predicts as a power.
public enum RateMetric: String, Sendable, CaseIterable {
  /// Standard deviation of logits over seeds.
  case logitFluctuation
  /// Logits' mean over seeds minus the limit.
  case logitBias
  /// Mean *squared* distance of neurons from their twins in the limit.
  case couplingDistanceSquared
  /// Standard deviations over inputs of the decomposition's terms f_0, f_a, f_w, f_aw.
  case decompositionInitial, decompositionOutput, decompositionInput, decompositionBoth
  /// Mean increments of the weights (a, w) of a neuron.
  case weightIncrement
  /// Root mean square of the logits at step 0.
  case initialLogits
  /// Root mean square of the logits after training.
  case logits
  /// The tangent kernel.
  case tangentKernel
  /// Root mean square of logits minus their limit, in units in which the limit's are of order one; of random
  /// limits, minus a limit that has the network's own initial function.
  case logitGap
  /// The same of the tangent kernel, relative to the limit's.
  case tangentKernelGap
  /// The change of a network's tangent kernel since initialization, relative to the initial one.
  case tangentKernelChange
  /// Mean over seeds of a loss or an accuracy, minus the limit's.
  case lossGap
  /// Distances between the laws of neurons and of the limit: Wasserstein (in one dimension, or sliced),
  /// Kolmogorov-Smirnov, and the square root of the energy distance.
  case weightLawDistance
  /// The same of the law of w alone, or of a where phi is odd.
  case weightMarginalDistance
}

extension RateMetric {
  /// The predicted exponent in the width; `nil` where there is none for the scaling.
  ///
  /// Terms of the decomposition f = sigma sum of a phi'(w.x) w.x, masks of the trained net, for piecewise
  /// linear activations. Increments are of relative size d^gamma; sigma times a sum of d terms is of order
  /// d^(alpha + 1/2) where their mean is not zero and d^alpha where it is, and beta = alpha + 1/2 + gamma:
  ///
  /// - f_a and f_w: da depends on w alone to leading order, and dw is proportional to a: means differ
  ///   from zero, d^(alpha + 1/2 + gamma) = d^beta.
  /// - f_0: a_0 has mean zero; masks change only where |w_0.x| < |dw.x|, a share d^gamma of the neurons,
  ///   with |w_0.x| ~ d^gamma there, in a direction proportional to a_0: max(alpha, beta + gamma).
  /// - f_aw: da dw is proportional to a at leading order, d^(alpha + 2 gamma) with mean zero; a mean
  ///   needs one increment more, d^(alpha + 1/2 + 3 gamma) = d^(beta + 2 gamma), which is as large or
  ///   larger where gamma >= -1/2.
  ///
  /// Gaps to the limit in its own units, d^beta, are the largest of what separates the two from step 1 on:
  /// sums over d neurons instead of means, -1/2; the initial function where the limit leaves it out,
  /// alpha - beta = -(gamma + 1/2); a kernel that the limit freezes, 2 gamma, since changes of first order
  /// are odd in the initial a; loss gradients at zero in the place of vanishing logits, alpha at step 0 and
  /// beta later. Where logits diverge and gradients become signs there is no prediction: the approach
  /// depends on how many points change sign. Laws of d independent neurons are at distance d^-1/2 from
  /// their own (Bobkov, Ledoux 2019; Wasserstein-2 of Gaussian tails is larger by sqrt(log log d)), and
  /// relative increments that the limit freezes are of order d^gamma. Increments of w are odd in a, and
  /// those of a odd in w where phi is: the law of w alone, or of a, moves in the second order,
  /// d^(2 gamma).
  ///
  /// The exponent of f_0 is that of its mean, where the masks of enough neurons have changed: before, in narrow
  /// networks or short training, f_0 is its fluctuation, d^alpha.
  ///
  /// The change of a network's kernel is a mean over d neurons of changes that are odd in the initial a at
  /// first order: their mean is of second order, d^(2 gamma), their fluctuation d^(gamma - 1/2), which is no
  /// larger. Where phi' jumps, a share d^gamma of the neurons change theirs by a number of order one, and
  /// these fluctuate by d^((gamma - 1) / 2), which is larger where gamma < -1/3.
  ///
  /// Of the terms' standard deviations they give 0, 0, 0, 0 for MF, 0, 0, 0, -1 for NTK and -1/4, 0, 0, -1/2 for the
  /// intermediate scaling (arXiv 2003.05884). Logits over seeds fluctuate by their initial values, d^alpha, and by d^-1/2 of their increments, d^beta.
  public func predictedExponent(_ scaling: ScalingExponents) -> Double? {
    if let layers = scaling.layers { return layers.exponent(of: self) }
    guard let gamma = scaling.gamma else { return nil }
    let (alpha, beta) = (scaling.alpha, scaling.beta)
    let corrected = scaling.isInitializationCorrected
    let initial = corrected ? 0 : alpha
    let isMeanField = gamma == 0 && beta == 0
    switch self {
    case .logitFluctuation: return max(initial, beta - 0.5)
    case .logitBias: return isMeanField && !corrected ? -1 : nil
    case .couplingDistanceSquared: return isMeanField ? -1 : nil
    case .decompositionInitial: return corrected ? nil : max(alpha, beta + gamma)
    case .decompositionOutput, .decompositionInput: return corrected ? nil : beta
    case .decompositionBoth: return corrected ? nil : beta + 2 * gamma
    case .weightIncrement: return gamma
    case .initialLogits: return initial
    case .logits: return max(initial, beta)
    case .tangentKernel: return beta
    case .logitGap: return scaling.gapExponent
    case .tangentKernelGap:
      return isMeanField || gamma == -0.5 && beta == 0 ? scaling.gapExponent : nil
    case .tangentKernelChange:
      return scaling.hasKink ? max(2 * gamma, (gamma - 1) / 2) : 2 * gamma
    case .lossGap: return isMeanField && !corrected ? -1 : nil
    case .weightLawDistance:
      return gamma == 0 ? (beta == 0 ? -0.5 : nil) : max(-0.5, gamma)
    case .weightMarginalDistance:
      return gamma == 0 ? (beta == 0 ? -0.5 : nil) : max(-0.5, 2 * gamma)
    }
  }

  /// Where the prediction for networks of a scaling comes from.
  public func source(_ scaling: ScalingExponents) -> String {
    scaling.layers?.source(of: self) ?? source
  }

  /// Where the prediction for networks of one hidden layer comes from.
  public var source: String {
    switch self {
    case .logitFluctuation, .logitBias, .couplingDistanceSquared:
      "propagation of chaos (arXiv 1804.06561)"
    case .decompositionInitial, .decompositionOutput, .decompositionInput, .decompositionBoth:
      "decomposition of the logits (arXiv 2003.05884)"
    case .weightIncrement: "gamma = q_sigma + q_eta (arXiv 2006.06574)"
    case .initialLogits: "alpha = q_sigma + 1/2 (arXiv 2006.06574)"
    case .logits, .tangentKernel: "beta = alpha + 1/2 + gamma (arXiv 2006.06574)"
    case .logitGap, .tangentKernelGap:
      "the slowest correction: fluctuation, initial function, kernel, loss gradient"
    case .tangentKernelChange:
      "gamma (arXiv 2006.06574); changes of first order are odd in the initial output weights"
    case .lossGap: "bias of a mean over interacting neurons (arXiv 1804.06561)"
    case .weightLawDistance, .weightMarginalDistance:
      "independent samples, and increments where the measure is frozen"
    }
  }
}
