import Foundation
import Measures
import Networks

extension DeepScaling {
  /// The layers of a finite network of hidden layers of one width d, in standard parameterization, with kappa the
  /// ratio of d to the reference width:
  ///
  /// - first: W of the law's input weights;
  /// - hidden, last: W = sigma v and sigma a, sigma = d^{-1/2} kappa^{weightExponent}, with hatted weights v and a of
  ///   standard deviations that do not depend on d, and of the law's shape.
  ///
  /// Learning rates and epsilons are those of the reference network times kappa to their exponents. Increments of
  /// weights are in units of sigma: those of the hatted weights.
  ///
  /// - Parameters:
  ///   - reference: of the scaling's optimizer.
  ///   - hiddenWeightDeviation: of v; PyTorch's is 1/sqrt(3).
  public func layers(
    width: Int, inputDimension: Int, outputs: Int, reference: ReferenceNetwork, law: InitialLaw,
    hiddenWeightDeviation: Double
  ) -> [DenseLayer] {
    precondition(width >= 1 && reference.optimizer == optimizer)
    let ratio = Double(width) / Double(reference.width)
    let sigma = pow(ratio, weightExponent.value) / Double(width).squareRoot()
    func layer(
      _ inputs: Int, _ outputs: Int, unit: Double, deviation: Double, rate: ExactDecimal,
      epsilon: ExactDecimal
    ) -> DenseLayer {
      DenseLayer(
        inputs: inputs, outputs: outputs, weightDeviation: unit * deviation,
        learningRate: reference.learningRate * pow(ratio, rate.value),
        optimizer: optimizer.scalingEpsilon(by: pow(ratio, epsilon.value)),
        weightShape: law.shape, weightUnit: unit)
    }
    let first = layer(
      inputDimension, width, unit: 1, deviation: law.inputWeightDeviation,
      rate: firstRateExponent, epsilon: epsilonExponent)
    let hidden = layer(
      width, width, unit: sigma, deviation: hiddenWeightDeviation, rate: hiddenRateExponent,
      epsilon: epsilonExponent)
    let last = layer(
      width, outputs, unit: sigma, deviation: law.outputWeightDeviation, rate: lastRateExponent,
      epsilon: 0)
    return [first] + Array(repeating: hidden, count: hiddenLayers - 1) + [last]
  }
}

extension Optimizer {
  fileprivate func scalingEpsilon(by factor: Double) -> Optimizer {
    guard case .rmsProp(let smoothing, let epsilon) = self else { return self }
    return .rmsProp(smoothing: smoothing, epsilon: epsilon * factor)
  }
}
