import DataIO
import Diagnostics
import LinearAlgebra
import Networks
import Testing

/// Which points are chosen for training and for testing.
@Suite struct DatasetsSelectionTests {
  private let folder: FixtureFolder
  private let path: String

  /// 30 points of class 0, 20 of 1, 10 of 2, 5 of 7; the feature is the point's number.
  init() throws {
    folder = try FixtureFolder()
    let labels = (0..<65).map { $0 < 30 ? 0 : $0 < 50 ? 1 : $0 < 60 ? 2 : 7 }
    path = try folder.write(
      labels.enumerated().map { "\($0.offset),\($0.element)\n" }.joined(), "train.csv")
  }

  private func load(
    classes: [[Double]]? = [[0], [1], [2]], train: Int?, test: Int?, seed: UInt64? = nil,
    testPath: String? = nil, regression: Bool = false
  ) throws -> LearningProblem {
    try loadProblem(
      DatasetRequest(
        source: .csv(trainPath: path, testPath: testPath), classes: classes, trainCount: train,
        testCount: test, subsetSeed: seed, regression: regression))
  }

  @Test func firstPointsInFileOrderAndTestPointsAfterThem() throws {
    let problem = try load(classes: [[2], [1]], train: 4, test: 3)
    #expect(problem.trainingInputs.elements == [30, 31, 32, 33])
    #expect(problem.testInputs.elements == [34, 35, 36])
    let rest = try load(classes: [[2], [1]], train: 19, test: nil)
    #expect(rest.testInputs.elements == (49..<60).map(Double.init))
    #expect(rest.testLabels == [1] + Array(repeating: -1, count: 10))
  }

  @Test func balancedSubsetsAreBalancedSeededAndApartFromTestPoints() throws {
    let problem = try load(train: 17, test: nil, seed: 5)
    #expect((0..<3).map { c in problem.trainingLabels.count { $0 == Double(c) } } == [6, 6, 5])
    let training = problem.trainingInputs.elements
    let test = problem.testInputs.elements
    #expect(Set(training + test) == Set((0..<60).map(Double.init)))
    #expect(training.count == 17 && test.count == 43)
    #expect(test == test.sorted())
    for (point, label) in zip(training, problem.trainingLabels) {
      #expect(label == (point < 30 ? 0 : point < 50 ? 1 : 2))
    }
    // In file order or class by class would be these; a random order is neither.
    #expect(training != training.sorted())
    #expect(problem.trainingLabels != problem.trainingLabels.sorted())

    let again = try load(train: 17, test: 10, seed: 5)
    #expect(again.trainingInputs == problem.trainingInputs)
    #expect(again.testInputs.elements == Array(test.prefix(10)))
    #expect(try load(train: 17, test: 10, seed: 6).trainingInputs != problem.trainingInputs)
  }

  /// Every point of a class must be as likely as any other: 2 of 10 points of class 2 in 400
  /// subsets, each point 80 times on average with a standard deviation of 8.
  @Test func subsetsAreUniform() throws {
    var hits = [Int](repeating: 0, count: 10)
    for seed in 0..<400 {
      let problem = try load(train: 6, test: 0, seed: UInt64(seed))
      for point in problem.trainingInputs.elements where point >= 50 { hits[Int(point) - 50] += 1 }
    }
    #expect(hits.reduce(0, +) == 800)
    #expect(hits.allSatisfy { abs($0 - 80) < 36 }, "\(hits)")
  }

  @Test func aBalancedSubsetOfRealTargetsIsARandomSubset() throws {
    let problem = try load(classes: nil, train: 20, test: nil, seed: 1, regression: true)
    #expect(Set(problem.trainingInputs.elements).count == 20)
    #expect(
      Set(problem.trainingInputs.elements + problem.testInputs.elements)
        == Set((0..<65).map(Double.init)))
  }

  @Test func anImbalanceThatCannotBeMetIsAnErrorWithCounts() {
    let counts = "30 of class 0, 20 of class 1, 10 of class 2"
    #expect(
      throws: Diagnostic(
        .badInput,
        "received 33 with subset_seed, which takes 11 points of class 2; accepted: a balanced part "
          + "of the points of \(path), \(counts)", key: "data.train")
    ) { try load(train: 33, test: 5, seed: 1) }
    #expect(throws: Never.self) { try load(train: 32, test: 5, seed: 1) }
    #expect(
      throws: Diagnostic(
        .badInput,
        "received 60 with subset_seed, which takes 20 points of class 2; accepted: a balanced part "
          + "of the points of \(path), \(counts)", key: "data.train")
    ) { try load(train: nil, test: 0, seed: 1) }
  }

  @Test func askingForMoreThanThereIsGivesBothNumbers() throws {
    func expect(_ key: String, _ message: String, _ body: () throws -> LearningProblem) {
      #expect(throws: Diagnostic(.badInput, message, key: key)) { try body() }
    }
    expect(
      "data.train",
      "received 61; accepted: at most 60, the points of \(path) in the classes 0, 1, 2"
    ) { try load(train: 61, test: 1) }
    expect("data.train", "received 66; accepted: at most 65, the points of \(path)") {
      try load(classes: nil, train: 66, test: 1)
    }
    expect(
      "data.test",
      "received 11; accepted: at most 10, the points of \(path) left after 50 for training"
    ) { try load(train: 50, test: 11) }
    for test in [nil, 1] {
      expect(
        "data.test",
        "no points of \(path) are left for testing after 60 for training; accepted: a test_path, "
          + "or a smaller train"
      ) { try load(train: nil, test: test) }
    }
    for count in [0, -3] {
      expect("data.train", "received \(count); accepted: a whole number of at least 1") {
        try load(train: count, test: 1)
      }
    }
    expect("data.test", "received -1; accepted: a whole number of at least 0") {
      try load(train: 1, test: -1)
    }
  }

  @Test func noTestPointsWhereNoneAreAskedFor() throws {
    let problem = try load(train: nil, test: 0)
    #expect(problem.trainingCount == 60)
    #expect(problem.testInputs == Matrix(rows: 0, columns: 1, elements: []))
    #expect(problem.testLabels.isEmpty)
  }

  @Test func testFilesAreReadFromTheirStart() throws {
    let test = try folder.write("100,7\n101,1\n102,0\n103,1\n", "test.csv")
    let problem = try load(train: nil, test: 2, testPath: test)
    #expect(problem.trainingCount == 60)
    #expect(problem.testInputs.elements == [101, 102])
    #expect(problem.testLabels == [1, 0])
    #expect(
      throws: Diagnostic(
        .badInput,
        "received 4; accepted: at most 3, the points of \(test) in the classes 0, 1, 2",
        key: "data.test")
    ) { try load(train: nil, test: 4, testPath: test) }
    let others = try folder.write("100,7\n", "others.csv")
    #expect(
      throws: Diagnostic(
        .badInput, "\(others) has no point of the classes 0, 1, 2", key: "data.test_path")
    ) { try load(train: nil, test: nil, testPath: others) }
    let wide = try folder.write("1,2,0\n", "wide.csv")
    #expect(
      throws: Diagnostic(
        .badInput, "received points with 2 features; accepted: 1, as in \(path)", file: wide,
        key: "data.test_path")
    ) { try load(train: nil, test: nil, testPath: wide) }
  }

  @Test func missingFilesNameTheirKey() throws {
    let none = "\(folder.path)/none"
    func expect(
      _ source: DatasetRequest.Source, file: String, key: String, derived: String = ""
    ) {
      #expect(
        throws: Diagnostic(
          .inputMissing, "there is no such file\(derived)", file: file, key: key)
      ) { try loadProblem(DatasetRequest(source: source)) }
    }
    expect(.csv(trainPath: none), file: none, key: "data.train_path")
    expect(.csv(trainPath: path, testPath: none), file: none, key: "data.test_path")
    expect(.cifar10(trainPath: none), file: none, key: "data.train_path")

    let labels = try folder.write(idxLabels([5, 6]), "labels")
    let images = try folder.write(idxImages([0, 51], count: 2, rows: 1, columns: 1), "images-idx3")
    expect(
      .mnist(trainImages: none, trainLabels: labels), file: none, key: "data.train_path")
    expect(
      .mnist(trainImages: images, trainLabels: none), file: none, key: "data.train_labels_path")
    expect(
      .mnist(
        trainImages: images, trainLabels: labels, testImages: none, testLabels: labels),
      file: none, key: "data.test_path")
    expect(
      .mnist(
        trainImages: images, trainLabels: labels, testImages: images, testLabels: none),
      file: none, key: "data.test_labels_path")
    for (source, key) in [
      (DatasetRequest.Source.mnist(trainImages: images), "data.train_labels_path"),
      (
        .mnist(trainImages: images, trainLabels: labels, testImages: images),
        "data.test_labels_path"
      ),
    ] {
      expect(
        source, file: "\(folder.path)/labels-idx1", key: key,
        derived: "; this name of the labels' file is made from that of the images, \(key) can give "
          + "another")
    }
  }

  @Test func faultsInsideAFileNameTheFileAndTheLineOnly() throws {
    let bad = try folder.write("1,0\n2,x\n", "bad.csv")
    #expect(
      throws: Diagnostic(
        .badInput, "column 2: received 'x'; accepted: a finite decimal number", file: bad, line: 2)
    ) { try loadProblem(DatasetRequest(source: .csv(trainPath: bad))) }
  }

  @Test func pixelFormatsGoThroughTheSameChoice() throws {
    let records = [3, 1, 0, 1, 0].enumerated().map {
      cifarRecord(label: $0.element, pixel: UInt8(51 * $0.offset))
    }
    let cifar = try folder.write(Array(records.joined()), "c.bin")
    let problem = try loadProblem(
      DatasetRequest(source: .cifar10(trainPath: cifar), classes: [[0], [1]], trainCount: 3))
    #expect(problem.trainingLabels == [1, -1, 1])
    #expect(problem.testLabels == [-1])
    #expect((0..<3).map { problem.trainingInputs[$0, 1] } == [0.2, 0.4, 0.6])
    #expect(problem.testInputs[0, 1] == 0.8)

    let images = try folder.write(
      idxImages([0, 51, 102, 153], count: 4, rows: 1, columns: 1), "images-idx3")
    let labels = try folder.write(idxLabels([5, 6, 6, 5]), "labels")
    let digits = try loadProblem(
      DatasetRequest(
        source: .mnist(
          trainImages: images, trainLabels: labels, testImages: images, testLabels: labels),
        trainCount: 2, testCount: 3))
    #expect(digits.trainingInputs.elements == [0, 0.2])
    #expect(digits.testInputs.elements == [0, 0.2, 0.4])
    #expect(digits.testLabels == [-1, 1, 1])
    #expect(
      throws: Diagnostic(
        .badInput, "received labels (\(labels)) without images; accepted: both, or neither",
        key: "data.test_path")
    ) {
      try loadProblem(
        DatasetRequest(
          source: .mnist(trainImages: images, trainLabels: labels, testLabels: labels)))
    }
  }
}
