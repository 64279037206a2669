import Diagnostics
import Experiments
import Testing

/// Reads a configuration text as the file `run.yaml`.
func parsed(_ text: String) throws -> LoadedConfiguration {
  try LoadedConfiguration.parse(text: text, path: "run.yaml")
}

/// The example of the user's manual, every key given.
let completeExample = """
  data:
    format: cifar10            # cifar10 (binary version), mnist, csv, synthetic
    train_path: train.bin
    test_path: test.bin
    classes: [0, 1]
    train: 1000
    test: 2000
    normalize: {mean: 0.4734, std: 0.2516}
  network:
    activation: leaky_relu
    slope: 0.1
    bias: false
    hidden_layers: 1
    reference_width: 128
    initialization: gaussian
    input_weight_std: 0.0104
    output_weight_std: 0.577
    layer_widths: [512]
    weight_std: 1.0
    bias_std: 0.0
    parameterization: ntk
    width_scale: 1
  training:
    loss: logistic
    optimizer: gd
    learning_rate: 0.02
    steps: 50
    batch: full
  scaling: mean_field
  limit:
    particles: auto
    tolerance: 1.0e-3
    design: auto
    replicates: auto
    realizations: 10
    seed: 1
    dynamics: discrete
  finite:
    widths: [128, 256, 512, 1024, 2048, 4096]
    seeds: 10
  record:
    every: 1
    snapshots: [0, 10, 50]
    probes: 10

  """

/// The sentence with which a text is refused, or `nil` where it is accepted.
func refusal(of text: String) throws -> String? {
  do {
    _ = try parsed(text)
    return nil
  } catch let error as Diagnostic {
    #expect(error.kind == .badInput)
    return error.description
  }
}

/// A text with exactly one fault, and the sentence expected.
struct FaultyText: Sendable, CustomTestStringConvertible {
  let text: String
  let sentence: String
  var testDescription: String { sentence }

  /// One entry of a section, on line 3 behind a valid line 1; the sentence without file and line.
  static func entry(
    _ section: String, _ entry: String, _ sentence: String, with others: String = ""
  ) -> FaultyText {
    let data = "data: {format: csv, train_path: a}\n"
    return FaultyText(
      text: "\(data)\(section):\n  \(entry)\n\(others)", sentence: "run.yaml:3: \(sentence)")
  }

  static func data(_ entry: String, _ sentence: String) -> FaultyText {
    FaultyText(
      text: "data:\n  format: cifar10\n  \(entry)\n  train_path: a\n",
      sentence: "run.yaml:3: data.\(sentence)")
  }
}

extension FaultyText {
  /// The sentence with another line than 3.
  func onLine(_ line: Int) -> FaultyText {
    FaultyText(
      text: text, sentence: "run.yaml:\(line)" + sentence.dropFirst("run.yaml:3".count))
  }

  func replacing(_ part: String, with other: String) -> FaultyText {
    let pieces = text.split(separator: part, omittingEmptySubsequences: false)
    return FaultyText(text: pieces.joined(separator: other), sentence: sentence)
  }
}
