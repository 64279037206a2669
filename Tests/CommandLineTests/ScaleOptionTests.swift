import DataIO
import Foundation
import Testing

/// `--scale` of the commands that run an experiment.
@Suite struct ScaleOptionTests: SmallExperiment {
  static let small =
    smallConfiguration + """

      scales:
        quick:
          training: {steps: 2}
          limit: {particles: 64}
          finite: {widths: [8, 16], seeds: 2}
          record: {snapshots: [0, 2]}

      """
  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  private func read(_ name: String) throws -> NetCDFReader {
    try NetCDFReader(path: folder.path + "/" + name)
  }

  /// The same numbers as from a configuration with the scale's keys written into it.
  @Test func limitsRunAtAScale() throws {
    try folder.write(
      "byhand.yaml",
      smallConfiguration.replacingOccurrences(of: "steps: 6", with: "steps: 2")
        .replacingOccurrences(of: "256", with: "64")
        .replacingOccurrences(of: "[0, 6]", with: "[0, 2]"))
    #expect(try run("limit", "small.yaml", "-o", "a.nc", "--scale", "quick").status == 0)
    #expect(try run("limit", "byhand.yaml", "-o", "b.nc").status == 0)
    let (a, b) = (try read("a.nc"), try read("b.nc"))
    #expect(try a.read("test_logits") == b.read("test_logits"))
    #expect(try a.read("step") == [0, 1, 2])
    #expect(try a.text("scale") == "quick")
    #expect(try b.text("scale") == nil)
    let config = try #require(try a.text("config"))
    #expect(config.hasPrefix("# small.yaml at the scale quick\n"))
    #expect(config.contains("steps: 2") && !config.contains("scales:"))
  }

  @Test func widthsOfTheCommandLineStandAboveTheScale() throws {
    let arguments = ["train", "small.yaml", "-o", "n.nc", "--scale", "quick"]
    #expect(try Program.run(arguments + ["--width", "4", "12"], in: folder).status == 0)
    let nets = try read("n.nc")
    #expect(try nets.read("width") == [4, 12])
    #expect(try nets.read("seed").count == 2)
    #expect(try nets.read("step") == [0, 1, 2])
  }

  /// The stored configurations are those of the scale: files of one scale go together.
  @Test func comparisonsRunAtAScale() throws {
    #expect(try run("limit", "small.yaml", "-o", "a.nc", "--scale", "quick").status == 0)
    let scaled = try run(
      "compare", "small.yaml", "-o", "c.nc", "--scale", "quick", "--limit", "a.nc", "--scaling",
      "mean_field")
    #expect(scaled.status == 0, "\(scaled.errors)")
    #expect(try read("c.nc").read("width") == [8, 16])
    #expect(try read("c.nc").text("scale") == "quick")
    let full = try run("compare", "small.yaml", "-o", "d.nc", "--limit", "a.nc")
    #expect(full.status == 65)
    #expect(
      full.errors
        == "infwidth: error: a.nc: training.steps: received 2 where small.yaml has 6; runs that are compared"
        + " are of one experiment\n")
  }

  @Test func anUnknownScaleIsACommandLineError() throws {
    let result = try run("train", "small.yaml", "-o", "n.nc", "--scale", "fast")
    #expect(result.status == 64)
    #expect(
      result.errors
        == "infwidth: error: --scale: received fast; the scales of small.yaml are: quick\n")
    #expect(!folder.exists("n.nc"))
  }
}
