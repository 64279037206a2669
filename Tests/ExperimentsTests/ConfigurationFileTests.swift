import Diagnostics
import Experiments
import Foundation
import Testing

@Suite struct ConfigurationFileTests {
  static let data = "data: {format: csv, train_path: a}\n"

  // MARK: Texts that are no configuration

  @Test(arguments: [
    FaultyText(
      text: "", sentence: "run.yaml: the file is empty; it must hold at least the section data:"),
    FaultyText(
      text: "# nothing yet\n\n",
      sentence: "run.yaml: the file is empty; it must hold at least the section data:"),
    FaultyText(
      text: "---\n",
      sentence: "run.yaml: the file is empty; it must hold at least the section data:"),
    FaultyText(
      text: "\n- data\n- network\n",
      sentence: "run.yaml:2: the file must hold sections such as data:, not a list"),
    FaultyText(
      text: "relu",
      sentence: "run.yaml:1: the file must hold sections such as data:, not relu"),
    FaultyText(
      text: data + "---\nlimit: {}\n",
      sentence: "run.yaml:3: a second YAML document starts here; the file must hold one"),
    FaultyText(
      text: "data:\n\tformat: csv\n",
      sentence: "run.yaml:2: not valid YAML: while scanning for the next token, found character "
        + "that cannot start any token (a tab: indent with spaces)"),
    FaultyText(
      text: data + "finite:\n  widths: [1, 2\n",
      sentence: "run.yaml:3: not valid YAML: while parsing a flow sequence, did not find expected "
        + "',' or ']'"),
    FaultyText(
      text: data + "limit:\n  seed: 1\n dynamics: flow\n",
      sentence: "run.yaml:4: not valid YAML: while parsing a block mapping, did not find expected "
        + "key"),
    FaultyText(
      text: data + "limit: \u{7}\n",
      sentence: "run.yaml:2: not valid YAML: control characters are not allowed"),
    FaultyText(
      text: data + "limit:\n  seed: !!int \"5\"\n",
      sentence: "run.yaml:3: tags such as !!int are not accepted; write the plain value"),
  ]) func unreadableText(_ fault: FaultyText) throws {
    #expect(try refusal(of: fault.text) == fault.sentence)
  }

  @Test(arguments: [
    FaultyText(
      text: data + "limit:\n  seed: 1\n  tolerance: 0.1\n  seed: 2\n",
      sentence: "run.yaml:5: limit.seed: given twice; first on line 3"),
    FaultyText(
      text: data + "limit: {}\n" + data, sentence: "run.yaml:3: data: given twice; first on line 1"
    ),
    FaultyText(
      text: data + "scaling: {q_sigma: 1,\n  q_eta: 0, q_eta: 1}\n",
      sentence: "run.yaml:3: scaling.q_eta: given twice; first on line 3"),
    FaultyText(text: "a: 1\na: 2", sentence: "run.yaml:2: a: given twice; first on line 1"),
    FaultyText(
      text: data + "limit:\n  seed: 1\n  seed: 2\n  seed: 3\n",
      sentence: "run.yaml:3: seed: given more than once"),
  ]) func repeatedKeys(_ fault: FaultyText) throws {
    #expect(try refusal(of: fault.text) == fault.sentence)
  }

  static let anchors = "anchors (&name) and aliases (*name) are not accepted; write the value out"

  @Test(arguments: [
    (data + "limit: &a {}\n", 2), (data + "finite: {widths: [&w 1]}\n", 2),
    (data + "limit: *a\n", 2), (data + "\n&k limit: {}\n", 3),
  ]) func anchorsAndAliases(text: String, line: Int) throws {
    #expect(try refusal(of: text) == "run.yaml:\(line): \(Self.anchors)")
  }

  /// Expanded, the last of these lists has 10^30 elements, and a mapping key is hashed whole.
  @Test(.timeLimit(.minutes(1)), arguments: ["x: *l29", "? *l29\n: 1", "[*l29, *l29]: 1"])
  func aliasesAreNotExpanded(last: String) throws {
    var text = Self.data + "l0: &l0 [" + Array(repeating: "1", count: 10).joined(separator: ", ")
    text += "]\n"
    for level in 1..<30 {
      let row = Array(repeating: "*l\(level - 1)", count: 10).joined(separator: ", ")
      text += "l\(level): &l\(level) [\(row)]\n"
    }
    #expect(try refusal(of: text + last) == "run.yaml:2: \(Self.anchors)")
  }

  @Test func anchorSignsInCommentsAndTextAreNoAnchors() throws {
    let loaded = try parsed("# a &b *c *d\ndata: {format: csv, train_path: 'R &D *.csv'}\n")
    #expect(loaded.configuration.data.trainPath == "R &D *.csv")
  }

  @Test func aByteOrderMarkIsSkipped() throws {
    #expect(try parsed("\u{FEFF}" + Self.data).configuration.data.trainPath == "a")
  }

  @Test func deepNestingIsAnError() throws {
    let depth = 100_000
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", "")] {
      let nested = String(repeating: open, count: depth) + String(repeating: close, count: depth)
      let sentence = try #require(try refusal(of: "data: \(nested)"))
      #expect(sentence.hasPrefix("run.yaml:1: not valid YAML: "))
    }
  }

  @Test func longAndControlTextIsShortenedInErrors() throws {
    let long = String(repeating: "x", count: 1000)
    let shown = String(repeating: "x", count: 60) + "..."
    #expect(
      try refusal(of: "\(long): 1")
        == "run.yaml:1: \(shown): unknown key; known keys here: data, network, training, scaling, "
        + "limit, finite, record, prediction, study, scales")
    #expect(
      try refusal(of: Self.data + "finite:\n  seeds: \"\\e[1m\\n\"\n")
        == "run.yaml:3: finite.seeds: received the text \"\\u{1B}[1m\\n\"; "
        + "accepted: a whole number of at least 1")
  }

  // MARK: Lines

  @Test func linesOfNestedFlowAndListValues() throws {
    let text = """
      # comment

      data: {format: csv,
        train_path: a}
      finite:
        widths: [128,
          256]
        seeds:
          10
      scaling: {q_sigma: -1,
         q_eta: 1}
      """
    let loaded = try parsed(text)
    let lines = [
      "data": 3, "data.format": 3, "data.train_path": 4, "finite": 5, "finite.widths": 6,
      "finite.seeds": 8, "scaling.q_eta": 11, "data.train": 3, "data.normalize.std": 3,
    ]
    for (key, line) in lines {
      #expect(loaded.location(of: key)?.line == line, "\(key)")
      #expect(loaded.location(of: key)?.file == "run.yaml")
    }
    #expect(loaded.location(of: "network.slope") == nil)
    #expect(loaded.location(of: "") == nil)
    #expect(loaded.text == text)
    func line(_ old: String, _ new: String) throws -> String? {
      let pieces = text.split(separator: old, omittingEmptySubsequences: false)
      return try refusal(of: pieces.joined(separator: new))?.split(separator: " ").first.map {
        String($0)
      }
    }
    #expect(try line("256", "0") == "run.yaml:7:")
    #expect(try line("    10", "    0") == "run.yaml:9:")
    #expect(try line("q_eta: 1", "q_eta: x") == "run.yaml:11:")
    #expect(try line("format: csv", "format: cvs") == "run.yaml:3:")
  }

  @Test func laterErrorsAreLocatedByTheirKey() throws {
    let loaded = try parsed(Self.data + "limit:\n  design: sobol\n")
    func described(_ diagnostic: Diagnostic) -> String { loaded.locate(diagnostic).description }
    #expect(
      described(Diagnostic(.badInput, "no", key: "limit.design")) == "run.yaml:3: limit.design: no")
    #expect(
      described(Diagnostic(.badInput, "no", key: "limit.seed")) == "run.yaml:2: limit.seed: no")
    #expect(described(Diagnostic(.badInput, "no", key: "network")) == "run.yaml: network: no")
    #expect(described(Diagnostic(.badInput, "no")) == "run.yaml: no")
    #expect(
      described(Diagnostic(.badInput, "no", file: "a.csv", key: "data.train"))
        == "a.csv: data.train: no"
    )
  }

  // MARK: Files

  @Test func filesThatCannotBeRead() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func error(_ name: String, _ content: Data?) -> Diagnostic? {
      let path = folder + "/" + name
      if let content {
        #expect(FileManager.default.createFile(atPath: path, contents: content))
      }
      do {
        _ = try LoadedConfiguration.load(path: path)
        return nil
      } catch { return error as? Diagnostic }
    }
    let missing = error("none.yaml", nil)
    #expect(missing?.description == "\(folder)/none.yaml: no such configuration file")
    #expect(missing?.kind == .inputMissing)
    let directory = error("", nil)
    #expect(directory?.description == "\(folder)/: a directory, not a configuration file")
    #expect(directory?.kind == .inputMissing)
    let latin = error("latin.yaml", Data("data:\n  # caf".utf8) + [0xE9] + Data("\n".utf8))
    #expect(latin?.description == "\(folder)/latin.yaml:2: the file is not UTF-8 text")
    #expect(latin?.kind == .badInput)
    let large = error("large.yaml", Data(repeating: 0x20, count: 16 << 20) + [0x20])
    #expect(
      large?.description
        == "\(folder)/large.yaml: the file is larger than the 16 MB a configuration may have")
    #expect(
      error("empty.yaml", Data())?.message
        == "the file is empty; it must hold at least the section data:")
    #expect(error("good.yaml", Data(Self.data.utf8)) == nil)
  }

  @Test func pathsAreRelativeToTheConfigurationFile() throws {
    func resolved(_ configuration: String, _ path: String) throws -> String {
      try LoadedConfiguration.parse(text: Self.data, path: configuration).resolved(path: path)
    }
    #expect(try resolved("run.yaml", "train.bin") == "train.bin")
    #expect(try resolved("a/run.yaml", "train.bin") == "a/train.bin")
    #expect(try resolved("a/run.yaml", "../train.bin") == "a/../train.bin")
    #expect(try resolved("/x/run.yaml", "b/train.bin") == "/x/b/train.bin")
    #expect(try resolved("/run.yaml", "train.bin") == "/train.bin")
    #expect(try resolved("a/run.yaml", "/data/train.bin") == "/data/train.bin")
    #expect(try resolved("a/run.yaml", "~/train.bin") == NSHomeDirectory() + "/train.bin")
  }

  private func temporaryFolder() throws -> String {
    let folder = NSTemporaryDirectory() + "configuration-" + UUID().uuidString
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    return folder
  }
}
