import Foundation
import InfiniteWidth
import Testing

/// `infwidth compare` from the command line.
@Suite struct CompareCommandTests: SmallExperiment {
  static var small: String {
    smallConfiguration.replacing("widths: [8, 32]", with: "widths: [8, 16, 32]")
      .replacing("seeds: 3", with: "seeds: 4")
      .replacing("limit:", with: "scaling: mean_field\nlimit:")
  }

  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  func expectError(
    _ arguments: [String], status: Int32, _ message: String,
    location: SourceLocation = #_sourceLocation
  ) throws {
    let result = try Program.run(
      ["compare", "small.yaml", "-o", "x.nc", "--quiet"] + arguments, in: folder)
    #expect(result.status == status, sourceLocation: location)
    #expect(result.errors == "infwidth: error: \(message)\n", sourceLocation: location)
    #expect(!folder.exists("x.nc"), sourceLocation: location)
  }

  @Test func tableAndFile() throws {
    let result = try run("compare", "small.yaml", "-o", "cmp.nc", "--quiet", "--csv", "tables")
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.output.hasPrefix("Networks beside the limit MF (alpha -0.5, beta 0.0, gamma 0.0"))
    let lines = result.output.split(separator: "\n").map(String.init)
    let header = try #require(lines.first { $0.hasPrefix("metric") })
    #expect(
      header.split(separator: " ").map(String.init) == [
        "metric", "d=8", "d=16", "d=32", "floor", "limit", "exponent", "predicted", "verdict",
      ])
    for metric in ["logit_rms_gap", "coupling_distance2", "wasserstein1[a]", "energy_distance"] {
      #expect(lines.contains { $0.hasPrefix(metric + " ") }, "\(metric)")
    }
    #expect(
      lines.contains(
        "Not available: logit_kl, probability_kl (the limit does not fluctuate: the divergence of its"
          + " law from any other is infinite)."))
    let file = try NetCDFReader(path: folder.path + "/cmp.nc")
    #expect(try recordKind(of: folder.path + "/cmp.nc") == .comparison)
    #expect(try file.shape(of: "logit_rms_gap").map(\.name) == ["width", "step"])
    #expect(
      try file.shape(of: "wasserstein1").map(\.name) == ["width", "snapshot", "projection"])
    #expect(try file.shape(of: "rate_predicted").map(\.name) == ["metric"])
    #expect(try file.read("width", as: Int.self) == [8, 16, 32])
    #expect(try file.text("config") == Self.small)
    let csv = try String(contentsOfFile: folder.path + "/tables/comparison.csv", encoding: .utf8)
    #expect(csv.hasPrefix("metric,step,d8,d8_stderr,d8_floor,"))
    #expect(csv.contains("\r\n\"wasserstein1[dot(w, pca1)]\",6,"))
    // Verdicts stand behind the numbers, as in the file.
    let rows = csv.split(separator: "\r\n").map(String.init)
    #expect(rows[0].hasSuffix(",rate_predicted,verdict"))
    let verdict = try #require(file.readStrings("rate_verdict").first)
    #expect(
      rows[1].hasSuffix(verdict.contains(",") ? ",\"\(verdict)\"" : ",\(verdict)")
        && !verdict.isEmpty)
  }

  /// The table of rankings has floors and verdicts; a reference width that was added is told once.
  @Test func rankingsInWords() throws {
    try write("added.yaml", replacing: "widths: [8, 16, 32]", with: "widths: [8, 32]")
    let result = try run(
      "compare", "added.yaml", "-o", "cmp.nc", "--quiet", "--csv", "tables", "--scaling",
      "mean_field", "--scaling", "ntk")
    #expect(result.status == 0, "\(result.errors)")
    let note = "Width 16 is not among finite.widths; it was added,"
    #expect(result.output.components(separatedBy: note).count == 2)
    #expect(result.output.contains("In brackets: the floor, which is to be expected where"))
    let line = try #require(
      result.output.split(separator: "\n").first { $0.hasPrefix("0 ") }.map(String.init))
    #expect(line.hasSuffix("NTK, which cannot be told from the networks") && line.contains(" (0)"))
    let csv = try String(contentsOfFile: folder.path + "/tables/reference.csv", encoding: .utf8)
    let rows = csv.split(separator: "\r\n").map(String.init)
    #expect(
      rows[0].hasPrefix(
        "step,logit_gap_mean_field,logit_gap_mean_field_stderr,logit_gap_mean_field_floor,"))
    #expect(
      rows[0].hasSuffix(
        ",verdict_logit_gap,verdict_logit_law_distance,verdict_logit_kl,verdict_widest_logit_kl"))
    #expect(rows[1].contains(",\"NTK, which cannot be told from the networks\","))
  }

  @Test func jsonOfSeveralScalings() throws {
    let result = try run(
      "compare", "small.yaml", "-o", "cmp.nc", "--quiet", "--json", "--scaling", "mean_field",
      "--scaling", "ntk", "--scaling", "-0.75,0.5")
    #expect(result.status == 0, "\(result.errors)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let scalings = try #require(object["scalings"] as? [[String: Any]])
    #expect(scalings.map { $0["limit"] as? String } == ["mean_field", "ntk", "intermediate"])
    let reference = try #require(object["reference"] as? [[String: Any]])
    #expect(
      reference.map { $0["criterion"] as? String } == [
        "logit_gap", "logit_law_distance", "logit_kl", "widest_logit_kl",
      ])
    let steps = try #require(reference[0]["steps"] as? [[String: Any]])
    #expect(steps.count == 7)
    #expect((steps[0]["ties"] as? [String])?.isEmpty == false)
    let file = try NetCDFReader(path: folder.path + "/cmp.nc")
    #expect(try file.groupNames() == ["mean_field", "ntk", "q_m0.75_0.5"])
  }

  @Test func runsOfOtherExperiments() throws {
    #expect(try run("limit", "small.yaml", "-o", "run.nc", "--quiet").status == 0)
    #expect(try run("train", "small.yaml", "-o", "nets.nc", "--quiet").status == 0)
    let same = try run(
      "compare", "small.yaml", "-o", "cmp.nc", "--quiet", "--limit", "run.nc", "--nets", "nets.nc")
    #expect(same.status == 0, "\(same.errors)")
    #expect(
      same.output.contains(
        "(the networks were read from a file, which holds their weights at snapshots at most)"))

    let variants = [
      ("train: 40", "train: 42", "data.train: received 42 where small.yaml has 40"),
      ("steps: 6", "steps: 7", "training.steps: received 7 where small.yaml has 6"),
      (
        "learning_rate: 0.2", "learning_rate: 0.1",
        "training.learning_rate: received 0.1 where small.yaml has 0.2"
      ),
      (
        "scaling: mean_field", "scaling: intermediate",
        "scaling: received intermediate where small.yaml has mean_field"
      ),
    ]
    for (old, new, message) in variants {
      try write("other.yaml", replacing: old, with: new)
      for (command, option, file) in [
        ("limit", "--limit", "other-run.nc"), ("train", "--nets", "other-nets.nc"),
      ] {
        #expect(try run(command, "other.yaml", "-o", file, "--quiet", "--force").status == 0)
        try expectError(
          [option, file], status: 65,
          "\(file): \(message); runs that are compared are of one experiment")
      }
    }
    try write("other.yaml", replacing: "record:", with: "record:\n  every: 2")
    #expect(try run("limit", "other.yaml", "-o", "other.nc", "--quiet", "--force").status == 0)
    try expectError(
      ["--limit", "other.nc"], status: 65,
      "other.nc: record.every: received recorded step number 1 is 2, where small.yaml has 1; runs that"
        + " are compared record the same steps")
    try expectError(
      ["--limit", "nets.nc"], status: 65,
      "nets.nc: received another kind of file; accepted with --limit: a limit, written by infwidth"
        + " limit")
    try expectError(
      ["--nets", "run.nc"], status: 65,
      "run.nc: received another kind of file; accepted with --nets: finite nets, written by infwidth"
        + " train")
    try expectError(["--limit", "none.nc"], status: 66, "none.nc: the file does not exist")
  }

  @Test func badOptions() throws {
    try expectError(
      ["--rate-step", "9"], status: 64,
      "--rate-step: received 9; accepted: a recorded step, such as 6")
    try expectError(
      ["--scaling", "ntk", "--scaling", "ntk"], status: 64,
      "--scaling: a scaling is given twice; accepted: different scalings")
    try expectError(
      ["--scaling", "ntk", "--scaling", "mean_field", "--nets", "nets.nc"], status: 64,
      "--nets belongs to one scaling; with several, none are read from files")
    let result = try run("compare", "small.yaml", "-o", "x.nc", "--scaling", "meanfield")
    #expect(result.status == 64)
    #expect(
      result.errors.hasPrefix(
        "infwidth: error: --scaling: received meanfield, did you mean mean_field? accepted:"))
    try folder.write(
      "few.yaml", Self.small.replacing("finite:\n  widths: [8, 16, 32]\n  seeds: 4", with: ""))
    let missing = try run("compare", "few.yaml", "-o", "x.nc", "--quiet")
    #expect(missing.status == 65)
    #expect(missing.errors.contains("finite.widths: missing; give the widths to train"))
  }
}
