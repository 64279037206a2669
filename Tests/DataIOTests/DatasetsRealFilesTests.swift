import DataIO
import Foundation
import LinearAlgebra
import Networks
import Testing

private let packageRoot = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Real files that are not part of the package: see `INFINITEWIDTH_DATA`.
private let realData =
  ProcessInfo.processInfo.environment["INFINITEWIDTH_DATA"]
  ?? packageRoot.appendingPathComponent("../shared/data").path

private func isPresent(_ name: String) -> Bool {
  FileManager.default.fileExists(atPath: "\(realData)/\(name)")
}

@Suite struct DatasetsRealFilesTests {
  /// Counts as in the UCI description of the test set.
  @Test func handwrittenDigits() throws {
    let file = try CSVFile(contentsOf: packageRoot.appendingPathComponent("data/digits.csv").path)
    #expect(file.count == 1797)
    #expect(file.featureCount == 64)
    #expect(
      (0..<10).map { digit in file.labels.count { $0 == Double(digit) } }
        == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    #expect(file.features.elements.allSatisfy { (0...16).contains($0) && $0 == $0.rounded() })
    #expect(file.features.elements.max() == 16)
  }

  @Test func smallAgainstLargeDigits() throws {
    let problem = try loadProblem(
      DatasetRequest(
        source: .csv(trainPath: packageRoot.appendingPathComponent("data/digits.csv").path),
        classes: [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]], trainCount: 1000, testCount: 500,
        subsetSeed: 7, normalization: .meanStd(mean: 8, std: 8)))
    #expect(problem.task == .binary(classNames: ["0,1,2,3,4", "5,6,7,8,9"]))
    #expect(problem.trainingLabels.reduce(0, +) == 0)
    #expect(problem.trainingCount == 1000 && problem.testCount == 500)
    #expect(problem.trainingInputs.elements.min() == -1)
    #expect(problem.trainingInputs.elements.max() == 1)
  }

  @Test(.enabled(if: isPresent("cifar2"), "no cifar2 folder in INFINITEWIDTH_DATA"))
  func cifar2() throws {
    let problem = try loadProblem(
      DatasetRequest(
        source: .cifar10(
          trainPath: "\(realData)/cifar2/train.bin", testPath: "\(realData)/cifar2/test.bin"),
        classes: [[0], [1]]))
    #expect(problem.trainingLabels == (0..<2048).map { $0 % 2 == 0 ? -1 : 1 })
    #expect(problem.testLabels == (0..<2000).map { $0 % 2 == 0 ? -1 : 1 })
    #expect(problem.inputDimension == 3072)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(realData)/cifar2/test.bin"))
    #expect(problem.testInputs[1999, 3071] == Double(bytes[bytes.count - 1]) / 255)
    #expect(problem.testInputs[1, 0] == Double(bytes[3074]) / 255)
  }

  @Test(.enabled(if: isPresent("mnist"), "no mnist folder in INFINITEWIDTH_DATA"))
  func mnist() throws {
    let images = "\(realData)/mnist/t10k-images-idx3-ubyte.gz"
    let problem = try loadProblem(
      DatasetRequest(source: .mnist(trainImages: images), testCount: 0))
    #expect(problem.trainingCount == 10_000)
    #expect(problem.inputDimension == 784)
    #expect(
      (0..<10).map { digit in problem.trainingLabels.count { $0 == Double(digit) } }
        == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
  }
}
