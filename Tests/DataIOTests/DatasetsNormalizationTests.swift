import DataIO
import Diagnostics
import LinearAlgebra
import Networks
import TestSupport
import Testing

@Suite struct DatasetsNormalizationTests {
  private func load(
    _ text: String, _ normalization: DatasetRequest.Normalization, train: Int, seed: UInt64? = nil
  ) throws -> LearningProblem {
    let folder = try FixtureFolder()
    return try loadProblem(
      DatasetRequest(
        source: .csv(trainPath: folder.write(text, "t.csv")), trainCount: train, subsetSeed: seed,
        normalization: normalization))
  }

  /// Training columns (1, 3, 5, 7) and (10, 10, 20, 20): means 4 and 15, standard deviations
  /// sqrt((9 + 1 + 1 + 9) / 4) = sqrt(5) and 5. The test point (100, -85) must not enter them.
  private let table = "1,10,0\n3,10,1\n5,20,0\n7,20,1\n100,-85,0\n"

  @Test func standardizeUsesTrainingStatisticsOnBothSets() throws {
    let problem = try load(table, .standardize, train: 4)
    let root = 5.0.squareRoot()
    let expected = [-3 / root, -1, -1 / root, -1, 1 / root, 1, 3 / root, 1]
    #expect(largestDifference(problem.trainingInputs.elements, expected) < 1e-15)
    #expect(largestDifference(problem.testInputs.elements, [96 / root, -20]) < 1e-14)
  }

  @Test func aLargeMeanCostsNoDigits() throws {
    let problem = try load(
      "1000000000001,0\n1000000000002,1\n1000000000003,0\n1000000000004,1\n0,1\n", .standardize,
      train: 4)
    let root = 5.0.squareRoot()
    #expect(
      largestDifference(
        problem.trainingInputs.elements, [-3 / root, -1 / root, 1 / root, 3 / root]) < 1e-12)
  }

  @Test func meanAndStdApplyToEveryFeature() throws {
    let problem = try load(table, .meanStd(mean: 1, std: 2), train: 4)
    #expect(problem.trainingInputs.elements == [0, 4.5, 1, 4.5, 2, 9.5, 3, 9.5])
    #expect(problem.testInputs.elements == [49.5, -43])
  }

  @Test func noneLeavesFeaturesAlone() throws {
    #expect(try load(table, .none, train: 4).testInputs.elements == [100, -85])
  }

  @Test func constantFeaturesAreNamed() throws {
    // 0.1 added three times is not 0.3: a computed deviation would not be exactly zero.
    let rows = (0..<4).map { "0.1,\($0),0.1,0.1,0.1,\($0),0.1,0.1,\($0 % 2)\n" }
    func message(_ count: String, _ list: String) -> String {
      "received standardize, but \(count) features have one value at all training points "
        + "(\(list)); accepted: normalize: {mean: ..., std: ...} or none"
    }
    #expect(
      throws: Diagnostic(
        .badInput, message("6 of 8", "1, 3, 4, 5, 7 and 1 more"), key: "data.normalize")
    ) { try load(rows.joined(), .standardize, train: 3) }
    #expect(
      throws: Diagnostic(.badInput, message("2 of 2", "1, 2"), key: "data.normalize")
    ) { try load(table, .standardize, train: 1) }
  }

  @Test func infiniteResultsAreErrors() throws {
    let infinite = "normalizing makes features infinite; accepted: features of moderate size"
    #expect(throws: Diagnostic(.badInput, infinite, key: "data.normalize")) {
      try load("1e300,0\n-1e300,1\n0,1\n", .meanStd(mean: 0, std: 1e-300), train: 2)
    }
    #expect(throws: Diagnostic(.badInput, infinite, key: "data.normalize")) {
      try load("1e-300,0\n-1e-300,1\n0,1\n", .standardize, train: 2)
    }
    for (mean, std) in [(0.0, 0.0), (0, -1), (.nan, 1), (0, .infinity)] {
      #expect(
        throws: Diagnostic(
          .badInput, "received mean \(mean) and std \(std); accepted: finite numbers, std above 0",
          key: "data.normalize")
      ) { try load(table, .meanStd(mean: mean, std: std), train: 4) }
    }
  }

  /// Their products leave single precision, and the run would seem to diverge.
  @Test func largeNumbersAreErrors() throws {
    #expect(
      throws: Diagnostic(
        .badInput,
        "feature 2 of training point 2 is -1e+39 after normalization; accepted: numbers up to 1e15 in size",
        key: "data.normalize")
    ) { try load("1,2,0\n3,-1e39,1\n0,1,1\n", .none, train: 2) }
    let problem = try load("1e15,0\n-1e15,1\n0,1\n", .none, train: 2)
    #expect(problem.trainingInputs.elements == [1e15, -1e15])
    #expect(throws: Never.self) {
      try load("2e39,0\n-1e39,1\n0,1\n", .meanStd(mean: 0, std: 1e39), train: 2)
    }
  }
}
