import Diagnostics
import Experiments
import Foundation
import Testing

/// Scales: named sets of keys that replace those of the file.
@Suite struct ConfigurationScaleTests {
  static let file = """
    data: {format: csv, train_path: a, train: 1000, normalize: {mean: 1, std: 2}}
    network:
      activation: relu
    training:
      learning_rate: 0.02
      steps: 50
    scaling: {q_sigma: -0.75, q_a: 0.5, q_w: 0.25}
    limit:
      tolerance: 0.1
      particles: 100
    finite:
      widths: [8, 16, 32]
      seeds: 10
    record:
      snapshots: [0, 50]
    scales:
      quick:
        data: {train: 100, normalize: standardize}
        training:
          steps: 5
        scaling: {q_sigma: -1, q_eta: 1}
        limit: {particles: }
        finite: {widths: [64]}
        record: {snapshots: [0, 5]}
      tiny: {training: {steps: 50}}
      same:

    """

  private func load(_ scale: String?, _ text: String = file) throws -> LoadedConfiguration {
    try LoadedConfiguration.parse(text: text, path: "run.yaml", scale: scale)
  }

  /// The text without its scales, with pieces replaced by hand.
  private func byHand(_ changes: [(String, String)]) throws -> ExperimentConfiguration {
    var text = String(Self.file.prefix(upTo: Self.file.range(of: "scales:")!.lowerBound))
    for (old, new) in changes {
      #expect(text.contains(old))
      text = text.replacingOccurrences(of: old, with: new)
    }
    return try parsed(text).configuration
  }

  @Test func withoutAScaleTheFileStands() throws {
    let loaded = try load(nil)
    #expect(loaded.configuration == (try byHand([])))
    #expect(loaded.text == Self.file)
    #expect(loaded.scale == nil)
  }

  /// Keys are replaced one by one and whole: the other keys of a section stay, those of a value do not.
  @Test func keysAreReplaced() throws {
    let expected = try byHand([
      ("train: 1000, normalize: {mean: 1, std: 2}", "train: 100, normalize: standardize"),
      ("steps: 50", "steps: 5"), ("q_a: 0.5, q_w: 0.25", "q_eta: 1"), ("-0.75", "-1"),
      ("  particles: 100\n", ""), ("[8, 16, 32]", "[64]"), ("[0, 50]", "[0, 5]"),
    ])
    #expect(try load("quick").configuration == expected)
  }

  @Test func sectionsMayBeAdded() throws {
    let text = "data: {format: csv, train_path: a}\nscales: {quick: {finite: {seeds: 2}}}"
    #expect(try load(nil, text).configuration.finite == nil)
    #expect(try load("quick", text).configuration.finite == FiniteSection(seeds: 2))
  }

  @Test func anEmptyScaleIsTheFile() throws {
    #expect(try load("same").configuration == load(nil).configuration)
  }

  /// What is stored with results is what was computed.
  @Test func theTextIsTheEffectiveConfiguration() throws {
    let loaded = try load("quick")
    #expect(loaded.scale == "quick")
    #expect(loaded.text.hasPrefix("# run.yaml at the scale quick\n"))
    #expect(!loaded.text.contains("scales:"))
    #expect(try parsed(loaded.text).configuration == loaded.configuration)
  }

  @Test func errorsFoundLaterNameTheScale() throws {
    let loaded = try load("quick")
    func place(_ key: String) -> String {
      loaded.locate(Diagnostic(.badInput, "wrong", key: key)).description
    }
    #expect(place("training.steps") == "run.yaml:20: scales.quick.training.steps: wrong")
    #expect(place("training.learning_rate") == "run.yaml:5: training.learning_rate: wrong")
    #expect(place("scaling") == "run.yaml:21: scales.quick.scaling: wrong")
    #expect(place("limit.particles") == "run.yaml:8: scales.quick.limit.particles: wrong")
    #expect(loaded.location(of: "data.normalize.mean")?.line == 18)
  }

  @Test func anOptionStandsAboveTheScale() throws {
    var loaded = try load("quick")
    loaded.replaceScaling(.named(.ntk), option: "--scaling")
    #expect(
      loaded.locate(Diagnostic(.badInput, "wrong", key: "scaling")).description
        == "--scaling: wrong")
  }

  @Test(arguments: [
    (
      "quik", file,
      "received quik, did you mean quick? the scales of run.yaml are: quick, tiny, same"
    ),
    ("full", file, "received full; the scales of run.yaml are: quick, tiny, same"),
    ("", file, "received an empty text; the scales of run.yaml are: quick, tiny, same"),
    (
      "quick", "data: {format: csv, train_path: a}\n",
      "received quick, but run.yaml has no section scales"
    ),
  ]) func unknownScales(scale: String, text: String, sentence: String) throws {
    let error = #expect(throws: Diagnostic.self) { try load(scale, text) }
    #expect(error?.kind == .commandLine)
    #expect(error?.description == "--scale: \(sentence)")
  }

  static let start = "data: {format: csv, train_path: a, train: 9}\n"

  /// Every scale is checked, asked for or not.
  @Test(arguments: [
    FaultyText(
      text: start + "scales:\n  quick:\n    finite: {seed: 2}\n",
      sentence: "run.yaml:4: scales.quick.finite.seed: unknown key; did you mean seeds?"),
    FaultyText(
      text: start + "scales:\n  quick:\n    finit: {seeds: 2}\n",
      sentence: "run.yaml:4: scales.quick.finit: unknown key; did you mean finite?"),
    FaultyText(
      text: start + "scales: {quick: {scales: {quick: {}}}}\n",
      sentence:
        "run.yaml:2: scales.quick.scales: unknown key; known keys here: data, network, training,"
        + " scaling, limit, finite, record, prediction, study"),
    FaultyText(
      text: start + "finite:\n  seeds: 2\nscales:\n  quick:\n    finite:\n      seeds: 0\n",
      sentence:
        "run.yaml:7: scales.quick.finite.seeds: received 0; accepted: a whole number of at least 1"),
    FaultyText(
      text: start + "scales: quick\n",
      sentence:
        "run.yaml:2: scales: received quick; accepted: a mapping of names to sections, such as"
        + " quick: {finite: {seeds: 2}}"),
    FaultyText(
      text: start + "scales: {quick: 3}\n",
      sentence:
        "run.yaml:2: scales.quick: received 3; accepted: a mapping with keys such as data"),
    FaultyText(
      text: start + "scales: {quick: {finite: 3}}\n",
      sentence:
        "run.yaml:2: scales.quick.finite: received 3; accepted: a mapping with keys such as widths"),
    FaultyText(
      text: start + "scales: {a b: {}}\n",
      sentence: "run.yaml:2: scales: received a b; accepted: a name"),
    FaultyText(
      text: start
        + "training: {learning_rate: 1, steps: 2, batch: 8}\nscales: {quick: {data: {train: 4}}}",
      sentence: "run.yaml:2: training.batch: received 8; accepted: full or at most the 4 points of"
        + " data.train (at the scale quick)"),
    FaultyText(
      text: start
        + "training: {learning_rate: 1, steps: 2}\nscales: {quick: {training: {steps: }}}",
      sentence:
        "run.yaml:2: training.steps: missing; give a whole number of at least 1 (at the scale"
        + " quick)"),
  ]) func faultyScales(_ fault: FaultyText) throws {
    #expect(try refusal(of: fault.text) == fault.sentence)
  }

  /// The configurations that come with the package, each with all its scales.
  @Test func configurationsOfThePackageAreAccepted() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("data/experiments").path
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".yaml") }
    let studies = names.filter { $0.hasPrefix("20") }
    #expect(studies.count == 16)
    for name in names {
      _ = try LoadedConfiguration.load(path: folder + "/" + name)
    }
    for name in studies {
      let loaded = try LoadedConfiguration.load(path: folder + "/" + name, scale: "quick")
      // The first line names the figure, or the paper.
      let text = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
      #expect(text.hasPrefix("# Figure") || text.hasPrefix("# After arXiv"), "\(name)")
      #expect(text.contains(name), "the command names the file: \(name)")
      // The quick scale computes the same quantities of smaller networks.
      #expect(loaded.configuration.finite!.widths!.max()! <= 1024)
    }
  }
}
