import DataIO
import Execution
import Experiments
import Foundation
import Testing

/// The handwritten digits of the package: networks fluctuate about their mean-field limit like d^-1/2,
/// and neurons are away from their twins like d^-1/2, so that its square falls like 1/d.
@Suite struct DigitsComparisonTests {
  static let isSlow = ProcessInfo.processInfo.environment["INFINITEWIDTH_SLOW"] != nil

  func compare(_ replacements: [(String, String)]) throws -> ScalingComparison {
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("data/experiments/compare-digits.yaml")
    var text = try String(contentsOf: source, encoding: .utf8)
    for (old, new) in replacements {
      try #require(text.contains(old))
      text = text.replacing(old, with: new)
    }
    let output = NSTemporaryDirectory() + "digits-\(UUID().uuidString).nc"
    defer { try? FileManager.default.removeItem(atPath: output) }
    let loaded = try LoadedConfiguration.parse(text: text, path: source.path)
    return try ComparisonJob(
      [Experiment(loaded)], request: ComparisonRequest(),
      options: RunOptions(workers: Workers(), commandLine: "test")
    ).run(output: output).scalings[0]
  }

  func check(_ comparison: ScalingComparison, largestError: Double) throws {
    for (metric, exponent) in [
      ("logit_fluctuation", -0.5), ("logit_rms_gap", -0.5), ("coupling_distance2", -1),
    ] {
      let rate = try #require(comparison.rates.first { $0.metric == metric })
      #expect(rate.predicted == exponent)
      #expect(rate.rateStandardError < largestError, "\(rate)")
      #expect(abs(rate.rate - exponent) < 2 * rate.rateStandardError, "\(rate)")
    }
  }

  @Test func exponents() throws {
    try check(
      compare([
        ("test: 1000", "test: 100"), ("steps: 50", "steps: 10"), ("65536", "16384"),
        ("every: 1", "every: 5"), ("snapshots: [0, 10, 50]", "snapshots: []"),
        ("[128, 256, 512, 1024, 2048, 4096]", "[128, 256, 512, 1024]"),
      ]), largestError: 0.3)
  }

  /// As the experiment that comes with the package has it.
  @Test(
    .enabled(
      if: isSlow, "minutes long: set INFINITEWIDTH_SLOW, or use Scripts/test --slow"))
  func exponentsOfTheExperiment() throws {
    try check(compare([]), largestError: 0.15)
  }
}
