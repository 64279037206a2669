import Diagnostics
import LinearAlgebra
public import Networks

/// Reads, chooses and normalizes the points that `request` asks for.
///
/// Two classes get the labels -1 and +1 in the order of `classes`; more classes 0, 1, .... Training
/// and test points are disjoint where they come from one file. The result is a pure function of the
/// request and the files. Memory: the files, and 8 bytes for each feature of the chosen points.
///
/// - Throws: `Diagnostic` of kind `inputMissing` for files that are missing or cannot be read,
///   `badInput` for everything else, with the configuration's key (`data.train`, ...) where a
///   setting is at fault.
public func loadProblem(_ request: DatasetRequest) throws -> LearningProblem {
  try checkCounts(request)
  var problem: ChosenPoints
  if case .synthetic(let dimension, let separation, let seed) = request.source {
    problem = try syntheticPoints(
      request, dimension: dimension, separation: separation, seed: seed)
  } else {
    problem = try chosenFromFiles(request)
  }
  try normalize(&problem.training.inputs, &problem.test.inputs, by: request.normalization)
  try checkSize(of: problem)
  return LearningProblem(
    trainingInputs: problem.training.inputs, trainingLabels: problem.training.labels,
    testInputs: problem.test.inputs, testLabels: problem.test.labels, task: problem.task)
}

/// A learning problem before its features are normalized.
struct ChosenPoints {
  var training: (inputs: Matrix<Double>, labels: [Double])
  var test: (inputs: Matrix<Double>, labels: [Double])
  var task: LearningProblem.Task
}

/// Features and targets beyond this would leave single precision in a scalar product: a run would seem to diverge.
private let largestNumber = 1e15

private func checkSize(of problem: ChosenPoints) throws {
  for (name, points) in [("training", problem.training), ("test", problem.test)] {
    let columns = max(points.inputs.columns, 1)
    if let place = points.inputs.elements.firstIndex(where: { !(abs($0) <= largestNumber) }) {
      throw Diagnostic(
        .badInput,
        "feature \(place % columns + 1) of \(name) point \(place / columns + 1) is"
          + " \(points.inputs.elements[place]) after normalization; accepted: numbers up to 1e15 in size",
        key: "data.normalize")
    }
    if let place = points.labels.firstIndex(where: { !(abs($0) <= largestNumber) }) {
      throw Diagnostic(
        .badInput,
        "the target of \(name) point \(place + 1) is \(points.labels[place]); accepted: numbers up to"
          + " 1e15 in size", key: "data.train_path")
    }
  }
}

private func checkCounts(_ request: DatasetRequest) throws {
  if let count = request.trainCount, count < 1 {
    throw Diagnostic(
      .badInput, "received \(count); accepted: a whole number of at least 1", key: "data.train")
  }
  if let count = request.testCount, count < 0 {
    throw Diagnostic(
      .badInput, "received \(count); accepted: a whole number of at least 0", key: "data.test")
  }
  if request.regression, request.classes != nil {
    throw Diagnostic(
      .badInput, "received classes for real targets; accepted: no classes with regression",
      key: "data.classes")
  }
}

private func chosenFromFiles(_ request: DatasetRequest) throws -> ChosenPoints {
  let files = try SourceFiles(request.source)
  let source = try files.openTraining()
  let grouping =
    request.regression
    ? ClassGrouping.realTargets
    : try ClassGrouping(request.classes, labels: source.labels, file: files.training)
  let selection = PointSelection(
    classes: source.labels.map(grouping.classNumber(of:)), names: grouping.names,
    file: files.training)

  let training = try selection.training(count: request.trainCount, subsetSeed: request.subsetSeed)
  func points(_ indices: [Int], of source: any LabelledPoints) -> (Matrix<Double>, [Double]) {
    (source.features(of: indices), indices.map { grouping.target(of: source.labels[$0]) })
  }
  func problem(test: (Matrix<Double>, [Double])) -> ChosenPoints {
    ChosenPoints(training: points(training, of: source), test: test, task: grouping.task)
  }

  if request.testCount == 0 {
    return problem(test: (Matrix(rows: 0, columns: source.featureCount, elements: []), []))
  }
  guard let testFile = files.test, let testSource = try files.openTest() else {
    let test = try selection.remaining(after: training, count: request.testCount)
    return problem(test: points(test, of: source))
  }
  guard testSource.featureCount == source.featureCount else {
    throw Diagnostic(
      .badInput,
      "received points with \(testSource.featureCount) features; accepted: "
        + "\(source.featureCount), as in \(files.training)", file: testFile, key: "data.test_path")
  }
  let testSelection = PointSelection(
    classes: testSource.labels.map(grouping.classNumber(of:)), names: grouping.names,
    file: testFile)
  let test = try testSelection.test(count: request.testCount)
  return problem(test: points(test, of: testSource))
}
