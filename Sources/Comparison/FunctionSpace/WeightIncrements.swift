import LinearAlgebra

/// How far training has moved the (hatted) weights of a network of width d: means over neurons, of
/// order d^gamma (Golikov 2020, arXiv 2003.05884).
public struct WeightIncrements: Sendable, Equatable {
  /// Mean over neurons of the Euclidean length of w_r - w_r^0.
  public let input: Double
  /// Mean over neurons of the Euclidean length of a_r - a_r^0 (of |a_r - a_r^0| for one output).
  public let output: Double
  /// ``input`` over the mean length of w_r^0; `nil` where all are zero.
  public let relativeInput: Double?
  /// ``output`` over the mean length of a_r^0; `nil` where all are zero.
  public let relativeOutput: Double?

  /// - Parameters: matrices with a row for every neuron: input weights d x D, output weights d x C.
  public init(
    inputWeights: Matrix<Double>, initialInputWeights: Matrix<Double>,
    outputWeights: Matrix<Double>, initialOutputWeights: Matrix<Double>
  ) {
    (input, relativeInput) = Self.lengths(inputWeights, initialInputWeights)
    (output, relativeOutput) = Self.lengths(outputWeights, initialOutputWeights)
  }

  private static func lengths(_ weights: Matrix<Double>, _ initial: Matrix<Double>)
    -> (increment: Double, relative: Double?)
  {
    precondition(
      weights.rows == initial.rows && weights.columns == initial.columns && weights.rows >= 1,
      "one initial weight a weight")
    var increment = 0.0
    var length = 0.0
    for r in 0..<weights.rows {
      var squares = (0.0, 0.0)
      for (w, w0) in zip(weights.row(r), initial.row(r)) {
        squares.0 += (w - w0) * (w - w0)
        squares.1 += w0 * w0
      }
      increment += squares.0.squareRoot()
      length += squares.1.squareRoot()
    }
    let count = Double(weights.rows)
    return (increment / count, length == 0 ? nil : increment / length)
  }
}
