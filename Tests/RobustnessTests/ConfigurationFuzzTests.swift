import Foundation
import InfiniteWidth
import Testing

/// Damaged and hostile configurations.
@Suite(.serialized) struct ConfigurationFuzzTests {
  private static let full = """
    # an experiment
    data:
      format: synthetic
      dimension: 3
      separation: 1.5
      train: 8
      test: 5
    network:
      activation: leaky_relu
      slope: 0.1
      reference_width: 8
      output_weight_std: 0.5
    training: {loss: logistic, optimizer: momentum, momentum: 0.5, learning_rate: 0.2, steps: 3, batch: 4}
    scaling: {q_sigma: -0.75, q_eta: 0.5}
    limit:
      particles: 64
      replicates: 4
      design: "sobol+moments"
      multirate: off
    finite:
      widths: [4, 8]
      seeds: 2
    record: {every: 1, snapshots: [0, 3], probes: 2}

    """

  private static let words = [
    "\t", "\r\n", "\u{0}", "\u{FEFF}", "\u{2028}", "\u{85}", "---\n", "...\n", "&a ", "*a", "<<: ",
    "!!int ", "!<", "? ", "- ", ": ", ":", "|\n", ">\n", "{", "}", "[", "]", "[[[[[[",
    "{a: {b: {c: ",
    "'", "\"", "#", "%YAML 1.1\n", "@", "`", "~", "null", "true", "yes", "0x10", "010", "1e400",
    "-1",
    "NaN", ".nan", ".inf", "-.inf", "9223372036854775808", "2147483648", "1e19", "1e-400", "auto",
    "mean_field", "ntk", "é", "日本", "\u{202E}", "\\x", "1_000", "+5", "5.", ".5", "1:2:3",
    "2001-01-01", "batch: 100\n", "train: 2147483647\n", "steps: 2147483647\n",
    "dimension: 2147483647\n", "snapshots: [2147483647]\n", String(repeating: "9", count: 400),
    String(repeating: "k", count: 3000),
  ]

  /// Read, checked, and made an experiment, with the plans of its limit, networks and comparison.
  @Test func mutated() throws {
    var outcomes = Outcomes()
    let path = try ResultFiles.shared.get().folder + "/mutated.yaml"
    for input in inputs(short: 60, slow: 5000) {
      var source = MutationSource(seed: 7, input: input)
      let bytes = ByteMutation(words: Self.words).mutated(Array(Self.full.utf8), &source)
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      outcomes.add("configuration \(input)") {
        let experiment = try Experiment(LoadedConfiguration.load(path: path))
        let options = RunOptions(workers: Workers(count: 1), commandLine: "test")
        _ = try LimitJob(experiment, options: options).plan().lines
        _ = try NetworksJob(experiment, options: options)
        _ = try ComparisonJob([experiment], request: ComparisonRequest(), options: options)
      }
    }
    outcomes.check()
  }
}
