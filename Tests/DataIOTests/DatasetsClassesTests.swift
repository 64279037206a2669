import DataIO
import Diagnostics
import LinearAlgebra
import Networks
import Testing

/// Which labels become which classes, and what is said about labels that cannot.
@Suite struct DatasetsClassesTests {
  private let folder: FixtureFolder
  private let train: String
  private let test: String

  /// The feature of a training point is its line number, of a test point 100 more.
  init() throws {
    folder = try FixtureFolder()
    train = try folder.write("1,3\n2,5\n3,3\n4,8\n5,5\n6,8\n", "train.csv")
    test = try folder.write("101,8\n102,9\n103,3\n104,5\n", "test.csv")
  }

  private func load(
    _ classes: [[Double]]?, train: Int? = nil, regression: Bool = false
  ) throws -> LearningProblem {
    try loadProblem(
      DatasetRequest(
        source: .csv(trainPath: self.train, testPath: test), classes: classes, trainCount: train,
        regression: regression))
  }

  @Test func twoClassesAreMinusAndPlusOneInTheOrderGiven() throws {
    let problem = try load([[8], [3]])
    #expect(problem.trainingInputs == Matrix(rows: 4, columns: 1, elements: [1, 3, 4, 6]))
    #expect(problem.trainingLabels == [1, 1, -1, -1])
    #expect(problem.testInputs.elements == [101, 103])
    #expect(problem.testLabels == [-1, 1])
    #expect(problem.task == .binary(classNames: ["8", "3"]))
  }

  @Test func aClassMayHaveSeveralLabels() throws {
    let problem = try load([[3, 8], [5]])
    #expect(problem.trainingLabels == [-1, 1, -1, -1, 1, -1])
    #expect(problem.testInputs.elements == [101, 103, 104])
    #expect(problem.testLabels == [-1, -1, 1])
    #expect(problem.task == .binary(classNames: ["3,8", "5"]))
  }

  @Test func withoutClassesEveryTrainingLabelIsOneInAscendingOrder() throws {
    let problem = try load(nil)
    #expect(problem.trainingLabels == [0, 1, 0, 2, 1, 2])
    #expect(problem.testInputs.elements == [101, 103, 104])
    #expect(problem.testLabels == [2, 0, 1])
    #expect(problem.task == .multiclass(classNames: ["3", "5", "8"]))
    #expect(try load([[8], [5], [3]]).trainingLabels == [2, 1, 2, 0, 1, 0])
  }

  @Test func classesAreThoseOfTheWholeFileNotOfTheFirstPoints() throws {
    #expect(try load(nil, train: 2).task == .multiclass(classNames: ["3", "5", "8"]))
  }

  @Test func realTargetsAreLeftAsTheyAre() throws {
    let problem = try load(nil, regression: true)
    #expect(problem.trainingLabels == [3, 5, 3, 8, 5, 8])
    #expect(problem.testLabels == [8, 9, 3, 5])
    #expect(problem.task == .regression)
  }

  @Test func labelsThatCannotBeClassesAreErrors() throws {
    func expect(_ classes: [[Double]]?, _ message: String, regression: Bool = false) {
      #expect(throws: Diagnostic(.badInput, message, key: "data.classes")) {
        try load(classes, regression: regression)
      }
    }
    expect(
      [[3], [4]], "received the label 4; accepted: the labels that occur in \(train), 3, 5, 8")
    expect(
      [[3, 9], [5]], "received the label 9; accepted: the labels that occur in \(train), 3, 5, 8")
    expect(
      [[3, 5], [8, 3]], "received the label 3 twice; accepted: each label in one class, once")
    expect(
      [[3, 3], [5]], "received the label 3 twice; accepted: each label in one class, once")
    expect(
      [[3], [.nan]],
      "received the label nan; accepted: the labels that occur in \(train), 3, 5, 8")
    expect([[3], []], "class 2 is empty; accepted: at least one label a class")
    expect([[3]], "received 1 class; accepted: two classes")
    expect([], "received 0 classes; accepted: two classes")
    expect(
      [[3], [5]], "received classes for real targets; accepted: no classes with regression",
      regression: true)
  }

  @Test func targetsThatLookRealAreNotTakenForClasses() throws {
    let path = try folder.write("1,0.25\n2,1\n3,1\n4,0.25\n", "real.csv")
    #expect(
      throws: Diagnostic(
        .badInput,
        "\(path) has the label 0.25; accepted: whole numbers, or classes that list the labels of "
          + "each class", key: "data.classes")
    ) { try loadProblem(DatasetRequest(source: .csv(trainPath: path), trainCount: 2)) }
    let problem = try loadProblem(
      DatasetRequest(source: .csv(trainPath: path), classes: [[0.25], [1]], trainCount: 2))
    #expect(problem.trainingLabels == [-1, 1])
    #expect(problem.testLabels == [1, -1])
    #expect(problem.task == .binary(classNames: ["0.25", "1"]))
  }

  @Test func oneClassInTheFileIsAnError() throws {
    let path = try folder.write("1,4\n2,4\n", "one.csv")
    #expect(
      throws: Diagnostic(
        .badInput, "\(path) has 1 class; accepted: two classes", key: "data.classes")
    ) { try loadProblem(DatasetRequest(source: .csv(trainPath: path))) }
  }

  @Test func fractionsAreNoLabels() throws {
    let path = try folder.write("1,0.5\n0,1.25\n", "fractions.csv")
    #expect(
      throws: Diagnostic(
        .badInput,
        "received the label 0; accepted: the labels that occur in \(path), 0.5, 1.25;"
          + " labels are the last column, which holds fractions here", key: "data.classes")
    ) { try loadProblem(DatasetRequest(source: .csv(trainPath: path), classes: [[0], [1]])) }
  }

  @Test func manyLabelsAreListedInPart() throws {
    let path = try folder.write((1...30).map { "0,\($0)\n" }.joined(), "many.csv")
    let shown = (1...20).map(String.init).joined(separator: ", ")
    #expect(
      throws: Diagnostic(
        .badInput,
        "received the label 31; accepted: the labels that occur in \(path), \(shown) and 10 more",
        key: "data.classes")
    ) { try loadProblem(DatasetRequest(source: .csv(trainPath: path), classes: [[1], [31]])) }
  }
}
