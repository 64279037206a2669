import Networks

/// A dense layer of a finite network, and how it is trained:
///
///     z = weightFactor W y + biasFactor b,    W_ij ~ N(0, weightDeviation^2),    b_i ~ N(0, biasDeviation^2)
///
/// Parameterizations, and scalings of the width, are choices of these numbers.
public struct DenseLayer: Sendable, Equatable {
  /// Entries of y.
  public let inputs: Int
  /// Entries of z.
  public let outputs: Int
  public let weightFactor: Double
  public let biasFactor: Double
  public let weightDeviation: Double
  /// `nil` without biases.
  public let biasDeviation: Double?
  /// Of W and b.
  public let learningRate: Double
  public let optimizer: Optimizer

  public init(
    inputs: Int, outputs: Int, weightFactor: Double = 1, biasFactor: Double = 1,
    weightDeviation: Double, biasDeviation: Double? = nil, learningRate: Double,
    optimizer: Optimizer = .gradientDescent
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
  }

  public var hasBias: Bool { biasDeviation != nil }

  /// Weights and biases.
  public var parameters: Int { outputs * (inputs + (hasBias ? 1 : 0)) }
}
