import Comparison
import Networks

/// What predictions are made of.
extension ScalingComparisonRun {
  var exponents: ScalingExponents {
    let regime = job.experiment.regime
    if job.experiment.deep?.parameterization == .naiveStandard {
      // Increments and kernels grow with the width: nothing is predicted.
      return ScalingExponents(alpha: 0, beta: 0, outputGamma: 0, inputGamma: -0.5)
    }
    return ScalingExponents(
      alpha: regime.alpha.value, beta: regime.beta.value,
      outputGamma: regime.outputWeightGamma.value, inputGamma: regime.inputWeightGamma.value,
      isInitializationCorrected: regime.isInitializationCorrected,
      hasKink: job.experiment.architecture.activation.hasKink)
  }
}

extension LayersComparisonRun {
  var exponents: ScalingExponents {
    let scaling = job.scaling
    let hasKink = job.experiment.architecture.activation.hasKink
    guard let increments = scaling.logitIncrementExponent else {
      preconditionFailure("a scaling without a limit")
    }
    return ScalingExponents(
      layers: LayeredExponents(
        initialLogits: scaling.initialLogitExponent.value, logitIncrements: increments.value,
        remembersStart: hasKink || scaling.optimizer.stepSize == .normalized), hasKink: hasKink)
  }
}

extension Activation {
  /// Whether phi' jumps.
  fileprivate var hasKink: Bool { negativeSlope.map { $0 != 1 } ?? false }

  /// Whether phi(-z) = -phi(z).
  var isOdd: Bool {
    switch self {
    case .linear, .erf, .tanh, .sin: true
    case .relu, .leakyReLU, .gelu, .softplus: false
    }
  }
}
