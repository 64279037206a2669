import DataIO
import Diagnostics
import LinearAlgebra
import Networks
import TestSupport
import Testing

@Suite struct DatasetsSyntheticTests {
  private func load(
    dimension: Int, separation: Double = 2, seed: UInt64 = 1, train: Int? = 4, test: Int? = 2
  ) throws -> LearningProblem {
    try loadProblem(
      DatasetRequest(
        source: .synthetic(dimension: dimension, separation: separation, seed: seed),
        trainCount: train, testCount: test))
  }

  @Test func labelsAlternateThroughTrainingAndTestPoints() throws {
    let problem = try load(dimension: 3, train: 5, test: 4)
    #expect(problem.trainingLabels == [-1, 1, -1, 1, -1])
    #expect(problem.testLabels == [1, -1, 1, -1])
    #expect(problem.trainingInputs.rows == 5 && problem.trainingInputs.columns == 3)
    #expect(problem.testInputs.rows == 4 && problem.testInputs.columns == 3)
    #expect(problem.task == .binary(classNames: ["-1", "1"]))
  }

  @Test func pointsDependOnTheirNumberAndTheSeedAlone() throws {
    let whole = try load(dimension: 3, train: 9, test: 0)
    let parts = try load(dimension: 3, train: 5, test: 4)
    #expect(
      parts.trainingInputs.elements + parts.testInputs.elements == whole.trainingInputs.elements)
    #expect(
      try load(dimension: 3, seed: 2, train: 9, test: 0).trainingInputs != whole.trainingInputs)
  }

  /// Along u the classes have means -3 and +3, across it 0; variances 1, correlations 0. Bounds: 5
  /// standard errors with n = 20,000 points a class, sqrt(1/n) for means and covariances and
  /// sqrt(2/n) for variances.
  @Test func momentsAreThoseOfTheTwoNormalLaws() throws {
    let n = 20_000
    let problem = try load(dimension: 4, separation: 6, train: 2 * n, test: 0)
    let error = 5 / Double(n).squareRoot()
    for label in [-1.0, 1] {
      let points = (0..<(2 * n)).filter { problem.trainingLabels[$0] == label }
      #expect(points.count == n)
      // Projections on u and on two directions orthogonal to it and each other.
      let directions = [[0.5, 0.5, 0.5, 0.5], [0.5, -0.5, 0.5, -0.5], [0.5, 0.5, -0.5, -0.5]]
      let projections = directions.map { direction in
        points.map { point in
          zip(problem.trainingInputs.row(point), direction).reduce(0) { $0 + $1.0 * $1.1 }
        }
      }
      let means = projections.map { $0.reduce(0, +) / Double(n) }
      #expect(largestDifference(means, [3 * label, 0, 0]) < error)
      for i in 0..<3 {
        for j in 0...i {
          let covariance =
            zip(projections[i], projections[j]).reduce(0) {
              $0 + ($1.0 - means[i]) * ($1.1 - means[j])
            } / Double(n)
          let bound = i == j ? error * 2.0.squareRoot() : error
          #expect(abs(covariance - (i == j ? 1 : 0)) < bound)
        }
      }
    }
  }

  @Test func normalizationAppliesToSyntheticPointsToo() throws {
    let plain = try load(dimension: 2)
    let scaled = try loadProblem(
      DatasetRequest(
        source: .synthetic(dimension: 2, separation: 2, seed: 1), trainCount: 4, testCount: 2,
        normalization: .meanStd(mean: 0, std: 0.5)))
    #expect(scaled.testInputs.elements == plain.testInputs.elements.map { 2 * $0 })
  }

  @Test func settingsThatDoNotApplyAreErrors() {
    func expect(_ key: String, _ message: String, _ change: (inout DatasetRequest) -> Void) {
      var request = DatasetRequest(
        source: .synthetic(dimension: 2, separation: 1, seed: 1), trainCount: 2, testCount: 2)
      change(&request)
      let changed = request
      #expect(throws: Diagnostic(.badInput, message, key: key)) { try loadProblem(changed) }
    }
    expect("data.dimension", "received 0; accepted: a whole number of at least 1") {
      $0.source = .synthetic(dimension: 0, separation: 1, seed: 1)
    }
    for separation in [-1.0, .nan, .infinity] {
      expect(
        "data.separation", "received \(separation); accepted: a finite number of at least 0"
      ) { $0.source = .synthetic(dimension: 2, separation: separation, seed: 1) }
    }
    expect("data.classes", "received classes; accepted: none, the synthetic classes are -1 and 1") {
      $0.classes = [[-1], [1]]
    }
    expect(
      "data.subset_seed",
      "received 7; accepted: none, synthetic points are random and balanced as they are"
    ) { $0.subsetSeed = 7 }
    expect(
      "data.format",
      "received synthetic for real targets; accepted: csv, or a loss for two classes"
    ) { $0.regression = true }
    expect("data.train", "received no number; accepted: the number of synthetic training points") {
      $0.trainCount = nil
    }
    expect("data.test", "received no number; accepted: the number of synthetic test points") {
      $0.testCount = nil
    }
  }

  @Test func sizesBeyondTheMachineAreErrors() {
    for (dimension, train, test) in [(1 << 40, 1 << 20, 1), (1 << 62, 4, 0), (1, .max, 1)] {
      let error = #expect(throws: Diagnostic.self) {
        try load(dimension: dimension, train: train, test: test)
      }
      #expect(error?.key == "data.train")
      #expect(
        error?.message.hasPrefix(
          "received \(train) + \(test) points of dimension \(dimension); accepted: at most ")
          == true)
      #expect(error?.message.hasSuffix(" numbers, the memory of this machine") == true)
    }
  }
}
