import LinearAlgebra

/// A network with one hidden layer as particles see it: the activation, and whether the inputs get
/// a last feature fixed to 1, whose weight is the neuron's bias.
public struct Architecture: Sendable, Equatable {
  /// phi.
  public let activation: Activation
  /// Whether inputs get a last feature fixed to 1.
  public let hasBias: Bool

  /// One hidden layer of any width.
  public init(activation: Activation, hasBias: Bool) {
    self.activation = activation
    self.hasBias = hasBias
  }

  /// Coordinates of an input weight w for inputs of dimension D: D, or D + 1 with a bias.
  package func featureCount(inputDimension: Int) -> Int { inputDimension + (hasBias ? 1 : 0) }

  /// Inputs as w sees them, one a row: with the last feature 1 where there is a bias.
  package func features(of inputs: Matrix<Double>) -> Matrix<Double> {
    guard hasBias else { return inputs }
    return Matrix(
      rows: inputs.rows, columns: inputs.columns + 1,
      elements: (0..<inputs.rows).flatMap { Array(inputs.row($0)) + [1] })
  }
}
