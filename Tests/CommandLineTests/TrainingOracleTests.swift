import Foundation
import InfiniteWidth
import TestSupport
import Testing

/// Training from the command line against numpy, which trains the same networks and limits from the
/// equations, random numbers and all (`Fixtures/make_training.py`).
@Suite struct TrainingOracleTests {
  struct Run: Decodable, Sendable {
    let testLogits: [Double]
    let trainLoss: [Double]
    let testLoss: [Double]
    let trainAccuracy: [Double]
    let testAccuracy: [Double]
  }

  struct Entry: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let configuration: String
    let widths: [Int]
    let networks: [Run]
    let limit: Run?

    var testDescription: String { name }
  }

  static let entries = try! fixture("training", as: [Entry].self, in: .module)

  static let digits = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../data/digits.csv").standardizedFileURL.path

  private func run(_ command: String, _ entry: Entry) throws -> NetCDFReader {
    let folder = try Program.Folder()
    try folder.write(
      "oracle.yaml", entry.configuration.replacingOccurrences(of: "DIGITS", with: Self.digits))
    let result = try Program.run(
      [command, "oracle.yaml", "-o", "out.nc", "--quiet", "--precision", "double"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    return try NetCDFReader(path: folder.path + "/out.nc")
  }

  /// - Parameter member: which of the file's networks; the others have as many numbers.
  private func compare(
    _ file: NetCDFReader, _ member: Int, _ expected: Run, fromStep first: Int
  ) throws {
    let steps = expected.testLoss.count
    try #require(
      try file.read("test_logits").count >= (member + 1) * steps * expected.testLogits.count)
    func part(_ name: String, _ count: Int) throws -> [Double] {
      Array(try file.read(name)[(member * count)..<((member + 1) * count)])
    }
    let logits = try part("test_logits", steps * expected.testLogits.count)
    #expect(
      largestDifference(Array(logits.suffix(expected.testLogits.count)), expected.testLogits)
        < 1e-10)
    #expect(expected.testLogits.contains { abs($0) > 0.01 })
    #expect(largestDifference(try part("train_loss", steps), expected.trainLoss) < 1e-11)
    #expect(largestDifference(try part("test_loss", steps), expected.testLoss) < 1e-11)
    for (name, values) in [
      ("train_accuracy", expected.trainAccuracy), ("test_accuracy", expected.testAccuracy),
    ] {
      #expect(
        largestDifference(Array(try part(name, steps)[first...]), Array(values[first...])) < 1e-12)
    }
  }

  @Test(arguments: entries) func networksAreThoseOfNumpy(_ entry: Entry) throws {
    let file = try run("train", entry)
    #expect(try file.read("width").map { Int($0) } == entry.widths)
    for (index, expected) in entry.networks.enumerated() {
      try compare(file, index, expected, fromStep: 0)
    }
  }

  /// At step 0 the limit's logits are zero and name no class, but for numpy's rounding.
  @Test(arguments: entries.filter { $0.limit != nil }) func limitsAreThoseOfNumpy(
    _ entry: Entry
  ) throws {
    let file = try run("limit", entry)
    try compare(file, 0, try #require(entry.limit), fromStep: 1)
    #expect(try file.read("test_logits").prefix(12).allSatisfy { $0 == 0 })
  }
}
