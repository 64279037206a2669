import LinearAlgebra

/// What is learned: inputs and labels, training and test points apart.
///
/// Inputs are as the network sees them: normalized, without the constant input that stands for a
/// bias (``Architecture`` adds it).
public struct LearningProblem: Sendable {
  /// Training inputs, one point a row (n x D).
  public let trainingInputs: Matrix<Double>
  /// One label a training point: -1 or +1 for two classes told apart by one output, the class number
  /// 0, 1, ... where every class has an output of its own, the target itself for regression.
  public let trainingLabels: [Double]
  /// Test inputs, one point a row.
  public let testInputs: Matrix<Double>
  /// Labels of the test points, in the same terms.
  public let testLabels: [Double]
  /// What the labels are.
  public let task: Task

  /// What the labels stand for.
  public enum Task: Sendable, Equatable {
    /// Two classes and one output, labels -1 and +1; the names are as in the data, in that order.
    case binary(classNames: [String])
    /// Two classes or more with an output each, labels 0, 1, ...
    case multiclass(classNames: [String])
    /// Real targets.
    case regression
  }

  /// One label a row of inputs; training and test inputs have the same columns.
  public init(
    trainingInputs: Matrix<Double>, trainingLabels: [Double], testInputs: Matrix<Double>,
    testLabels: [Double], task: Task
  ) {
    precondition(trainingInputs.rows == trainingLabels.count, "one label a training point")
    precondition(testInputs.rows == testLabels.count, "one label a test point")
    precondition(trainingInputs.columns == testInputs.columns, "one input dimension")
    if case .multiclass(let names) = task {
      precondition(
        (trainingLabels + testLabels).allSatisfy { names.indices.contains(Int($0)) },
        "labels are class numbers")
    }
    self.trainingInputs = trainingInputs
    self.trainingLabels = trainingLabels
    self.testInputs = testInputs
    self.testLabels = testLabels
    self.task = task
  }

  /// D, without the constant input of a bias.
  public var inputDimension: Int { trainingInputs.columns }
  /// n.
  public var trainingCount: Int { trainingInputs.rows }
  /// Test points.
  public var testCount: Int { testInputs.rows }

  /// Outputs of a network that learns this: one for each class, or the one of two classes and of
  /// regression.
  public var outputs: Int {
    if case .multiclass(let names) = task { names.count } else { 1 }
  }

  /// The same points with an output for each class: labels -1, +1 become the class numbers 0, 1;
  /// a problem that has class numbers already is unchanged.
  ///
  /// - Precondition: there are classes.
  package func withAnOutputForEachClass() -> LearningProblem {
    guard case .binary(let names) = task else {
      precondition(task != .regression, "real targets have no classes")
      return self
    }
    func numbers(_ labels: [Double]) -> [Double] { labels.map { $0 > 0 ? 1 : 0 } }
    return LearningProblem(
      trainingInputs: trainingInputs, trainingLabels: numbers(trainingLabels),
      testInputs: testInputs, testLabels: numbers(testLabels),
      task: .multiclass(classNames: names))
  }
}
