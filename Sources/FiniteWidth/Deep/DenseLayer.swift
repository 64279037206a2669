import Measures
import Networks

/// A dense layer of a finite network, and how it is trained:
///
///     z = weightFactor W y + biasFactor b
///
/// where W_ij have the standard deviation weightDeviation and a law of the given shape, and b_i ~ N(0,
/// biasDeviation^2).
///
/// Parameterizations, and scalings of the width, are choices of these numbers.
public struct DenseLayer: Sendable, Equatable {
  /// Entries of y.
  public let inputs: Int
  /// Entries of z.
  public let outputs: Int
  /// The factor of W y.
  public let weightFactor: Double
  /// The factor of b.
  public let biasFactor: Double
  /// The standard deviation of W_ij at initialization.
  public let weightDeviation: Double
  /// The shape of the law of W_ij at initialization.
  public let weightShape: InitialLaw.Shape
  /// The weight that increments are recorded in units of.
  public let weightUnit: Double
  /// `nil` without biases.
  public let biasDeviation: Double?
  /// Of W and b.
  public let learningRate: Double
  /// How gradients become steps.
  public let optimizer: Optimizer

  init(
    inputs: Int, outputs: Int, weightFactor: Double = 1, biasFactor: Double = 1,
    weightDeviation: Double, biasDeviation: Double? = nil, learningRate: Double,
    optimizer: Optimizer = .gradientDescent, weightShape: InitialLaw.Shape = .gaussian,
    weightUnit: Double = 1
  ) {
    precondition(inputs >= 1 && outputs >= 1)
    self.inputs = inputs
    self.outputs = outputs
    self.weightFactor = weightFactor
    self.biasFactor = biasFactor
    self.weightDeviation = weightDeviation
    self.biasDeviation = biasDeviation
    self.learningRate = learningRate
    self.optimizer = optimizer
    self.weightShape = weightShape
    self.weightUnit = weightUnit
  }

  /// Whether there is a b, which is then trained.
  public var hasBias: Bool { biasDeviation != nil }

  /// Weights and biases.
  public var parameters: Int { outputs * (inputs + (hasBias ? 1 : 0)) }

  /// The same layer, with an optimizer that remembers nothing or something else.
  func trained(by optimizer: Optimizer) -> DenseLayer {
    DenseLayer(
      inputs: inputs, outputs: outputs, weightFactor: weightFactor, biasFactor: biasFactor,
      weightDeviation: weightDeviation, biasDeviation: biasDeviation, learningRate: learningRate,
      optimizer: optimizer, weightShape: weightShape, weightUnit: weightUnit)
  }

  /// The layer whose initial weights are the opposite numbers.
  var mirrored: DenseLayer {
    precondition(!hasBias)
    return DenseLayer(
      inputs: inputs, outputs: outputs, weightFactor: weightFactor, biasFactor: biasFactor,
      weightDeviation: -weightDeviation, learningRate: learningRate, optimizer: optimizer,
      weightShape: weightShape, weightUnit: weightUnit)
  }
}
