import LinearAlgebra

/// A tangent kernel on the points of a learning problem, learning rates included: K of
/// f_{k+1}(x) = f_k(x) - sum_i K(x, x_i) g_i.
public struct TangentKernelMatrices: Sendable {
  /// K(x_i, x_j) for training points (n x n).
  public let trainingTraining: Matrix<Double>
  /// K(x_i, x) for training points x_i (rows) and test points x (columns).
  public let trainingTest: Matrix<Double>
  /// K(x, x) at the probes.
  public let probeDiagonal: [Double]
  /// K(x_i, x_j) of the pairs i < j of probes, row by row; empty where they are not wanted.
  public let probePairs: [Double]

  /// Learning rates included; sizes are those of the training, test and probe points.
  public init(
    trainingTraining: Matrix<Double>, trainingTest: Matrix<Double>, probeDiagonal: [Double],
    probePairs: [Double] = []
  ) {
    precondition(trainingTraining.rows == trainingTraining.columns)
    precondition(trainingTest.rows == trainingTraining.rows)
    self.trainingTraining = trainingTraining
    self.trainingTest = trainingTest
    self.probeDiagonal = probeDiagonal
    self.probePairs = probePairs
  }

  /// As `EvaluatedLogits/tangentKernels` has them.
  var probeKernel: [Double] { probeDiagonal + probePairs }
}
