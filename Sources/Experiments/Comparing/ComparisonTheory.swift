import Comparison
import Networks

/// What predictions are made of.
extension ComparisonTables {
  var exponents: ScalingExponents {
    let regime = run.job.experiment.regime
    if run.job.experiment.deep?.parameterization == .naiveStandard {
      // Increments and kernels grow with the width: nothing is predicted.
      return ScalingExponents(alpha: 0, beta: 0, outputGamma: 0, inputGamma: -0.5)
    }
    return ScalingExponents(
      alpha: regime.alpha.value, beta: regime.beta.value,
      outputGamma: regime.outputWeightGamma.value, inputGamma: regime.inputWeightGamma.value,
      isInitializationCorrected: regime.isInitializationCorrected,
      hasKink: run.job.experiment.architecture.activation.negativeSlope.map { $0 != 1 } ?? false)
  }

  /// Whether phi(-z) = -phi(z).
  var isOdd: Bool {
    switch run.job.experiment.architecture.activation {
    case .linear, .erf, .tanh, .sin: true
    case .relu, .leakyReLU, .gelu: false
    }
  }
}
