import DataIO
import Diagnostics
import Networks
import Testing

@testable import Experiments

@Suite struct ConfigurationDifferenceTests {
  static let base = """
    data: {format: synthetic, dimension: 5, train: 40}
    network: {activation: tanh, reference_width: 16}
    training: {learning_rate: 0.2, steps: 6}
    """

  private func refusal(_ second: String, _ first: String) throws -> String? {
    do {
      try checkSameExperiment(("nets.nc", second), as: ("run.nc", first))
      return nil
    } catch let error as Diagnostic {
      #expect(error.kind == .badInput && error.file == "nets.nc")
      return error.description
    }
  }

  struct Case: Sendable {
    let replace: String
    let with: String
    let sentence: String?
    init(_ replace: String, _ with: String, _ sentence: String?) {
      (self.replace, self.with) = (replace, with)
      self.sentence = sentence.map { "nets.nc: \($0); give files of one experiment" }
    }
  }

  @Test(arguments: [
    Case("rate: 0.2", "rate: 0.9", "training.learning_rate: received 0.9 where run.nc has 0.2"),
    // The first that differs, in the order of the file.
    Case(
      "tanh, reference_width: 16}\ntraining: {learning_rate: 0.2",
      "relu, reference_width: 16}\ntraining: {learning_rate: 0.9",
      "network.activation: received relu where run.nc has tanh"),
    Case(
      "steps: 6}", "steps: 6}\nscaling: default",
      "scaling: received default where run.nc has mean_field"),
    Case(
      "steps: 6}", "steps: 6}\nscaling: {q_sigma: -0.75, q_eta: 0.5}",
      "scaling: received {q_eta: 0.5, q_sigma: -0.75} where run.nc has mean_field"),
    Case("train: 40", "train: 40, test: 10", "data.test: received 10 where run.nc has none"),
    Case(
      "train: 40", "train: 40, normalize: {mean: 0.5, std: 2}",
      "data.normalize: received {mean: 0.5, std: 2} where run.nc has none"),
    Case("train: 40", "train: 40, seed: 2", "data.seed: received 2 where run.nc has 1"),
    Case("tanh,", "tanh, bias: true,", "network.bias: received true where run.nc has false"),
    Case(
      "steps: 6", "steps: 6, batch: 8", "training.batch: received 8 where run.nc has full"),
    // The same experiment, written otherwise or computed otherwise.
    Case("train: 40", "train: 40, seed: 1, separation: 2.0, normalize: none", nil),
    Case("tanh,", "tanh, bias: false, bias_std: 0, hidden_layers: 1,", nil),
    Case("rate: 0.2", "rate: 2.0e-1, loss: logistic, batch: full", nil),
    Case("steps: 6}", "steps: 6}\nscaling: {q_sigma: -1, q_a: 1.0, q_w: +1}", nil),
    Case(
      "steps: 6}", "steps: 6, optimizer: momentum, momentum: 0.5}",
      "training.optimizer: received momentum where run.nc has gd"),
    Case(
      "steps: 6}",
      "steps: 6}\nlimit: {particles: 8, seed: 3}\nfinite: {widths: [8], seeds: 2}\n"
        + "record: {every: 2}", nil),
    // A configuration of another version.
    Case("rate: 0.2", "rate: 0.9, temperature: 3", nil),
    Case("data:", "dataset:", nil),
  ]) func firstSettingThatDiffers(_ example: Case) throws {
    #expect(Self.base.contains(example.replace))
    let other = Self.base.split(separator: example.replace, omittingEmptySubsequences: false)
      .joined(separator: example.with)
    #expect(try refusal(other, Self.base) == example.sentence)
    #expect((try refusal(Self.base, other) == nil) == (example.sentence == nil))
  }

  @Test func nothingIsKnownOfAnEmptyText() throws {
    #expect(try refusal("", Self.base) == nil)
    #expect(try refusal(Self.base, "") == nil)
  }

  /// The defaults that are compared are those that points are made with.
  @Test func defaultsOfSyntheticPoints() throws {
    let written = Self.base.replacing(
      "train: 40",
      with: "train: 40, separation: \(DataSection.defaultSeparation), "
        + "seed: \(DataSection.defaultSeed)")
    #expect(
      try DatasetRequest(parsed(Self.base), loss: .logistic)
        == DatasetRequest(parsed(written), loss: .logistic))
  }
}
