import LinearAlgebra

/// What is learned: inputs and labels, training and test points apart.
///
/// Inputs are as the network sees them: normalized, without the constant input that stands for a
/// bias (``Architecture`` adds it).
public struct LearningProblem: Sendable {
  /// Training inputs, one point a row (n x D).
  public let trainingInputs: Matrix<Double>
  /// One label a training point: -1 or +1 for two classes, the class number 0, 1, ... for more
  /// classes, the target itself for regression.
  public let trainingLabels: [Double]
  /// Test inputs, one point a row.
  public let testInputs: Matrix<Double>
  public let testLabels: [Double]
  /// What the labels are.
  public let task: Task

  public enum Task: Sendable, Equatable {
    /// Two classes, labels -1 and +1; the names are as in the data, in that order.
    case binary(classNames: [String])
    /// More than two classes, labels 0, 1, ...
    case multiclass(classNames: [String])
    /// Real targets.
    case regression
  }

  public init(
    trainingInputs: Matrix<Double>, trainingLabels: [Double], testInputs: Matrix<Double>,
    testLabels: [Double], task: Task
  ) {
    precondition(trainingInputs.rows == trainingLabels.count, "one label a training point")
    precondition(testInputs.rows == testLabels.count, "one label a test point")
    precondition(trainingInputs.columns == testInputs.columns, "one input dimension")
    self.trainingInputs = trainingInputs
    self.trainingLabels = trainingLabels
    self.testInputs = testInputs
    self.testLabels = testLabels
    self.task = task
  }

  public var inputDimension: Int { trainingInputs.columns }
  public var trainingCount: Int { trainingInputs.rows }
  public var testCount: Int { testInputs.rows }
}
