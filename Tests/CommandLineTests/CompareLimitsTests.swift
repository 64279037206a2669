import Foundation
import InfiniteWidth
import Testing

/// Limits in different scalings of one configuration, and the figure that compares them.
@Suite struct CompareLimitsTests {
  let folder: Program.Folder

  init() throws {
    folder = try Program.Folder()
    try folder.write("small.yaml", Self.small)
  }

  /// With a Gaussian law, so that kernels need no particles.
  static let small = """
    data: {format: synthetic, dimension: 4, train: 20, test: 12}
    network: {activation: leaky_relu, slope: 0.1, reference_width: 16, initialization: gaussian}
    training: {learning_rate: 0.2, steps: 5}
    scaling: mean_field
    limit: {particles: 64, realizations: 3}
    finite: {widths: [8, 16], seeds: 3}
    """

  func run(_ arguments: String...) throws -> Program.Result {
    try Program.run(arguments, in: folder)
  }

  func limit(_ scaling: String, _ name: String) throws -> NetCDFReader {
    let result = try run(
      "limit", "small.yaml", "--scaling", scaling, "-o", name, "--quiet")
    #expect(result.status == 0, "\(result.errors)")
    return try NetCDFReader(path: folder.path + "/" + name)
  }

  @Test func theOptionReplacesTheScaling() throws {
    let ntk = try limit("ntk", "ntk.nc")
    #expect(try ntk.text("limit") == "ntk" && ntk.text("scaling") == "ntk")
    #expect(try ntk.text("config") == Self.small)
    #expect(try ntk.dimensionLength("realization") == 3)
    let between = try limit("-0.75,0.5", "between.nc")
    #expect(try between.text("limit") == "intermediate")
    #expect(try between.text("scaling") == "-0.75,0.5")

    // The same bits as from a configuration that says so.
    try folder.write("ntk.yaml", Self.small.replacing("scaling: mean_field", with: "scaling: ntk"))
    #expect(try run("limit", "ntk.yaml", "-o", "same.nc", "--quiet").status == 0)
    #expect(
      try NetCDFReader(path: folder.path + "/same.nc").read("test_logits")
        == ntk.read("test_logits"))

    // Networks: at the reference width all scalings are the same, at others not.
    for (name, options) in [("a.nc", []), ("b.nc", ["--scaling", "-0.5,1,0"])] {
      let result = try Program.run(
        ["train", "small.yaml", "-o", name, "--quiet"] + options, in: folder)
      #expect(result.status == 0)
    }
    let nets = try ["a.nc", "b.nc"].map {
      try NetsRecord.read(folder.path + "/" + $0, parts: .testLogits)
    }
    #expect(nets.map(\.referenceWidth) == [16, 16])
    #expect(nets[0].trajectories[0].testLogits != nets[1].trajectories[0].testLogits)
    let difference = zip(nets[0].trajectories[1].testLogits, nets[1].trajectories[1].testLogits)
      .map { abs($0 - $1) }.max()!
    #expect(difference < 1e-5)
    #expect(
      try NetCDFReader(path: folder.path + "/b.nc").text("scaling") == "-0.5,1,0")
  }

  @Test(arguments: [
    ("meanfield", "meanfield, did you mean mean_field?"), ("-0.75", "-0.75;"),
    ("-0.75,0.5,", "-0.75,0.5,;"), ("", "an empty text;"), ("-3/4,1/2", "-3/4,1/2;"),
  ]) func badScalings(value: String, received: String) throws {
    for command in ["limit", "train"] {
      let result = try run(command, "small.yaml", "--scaling", value, "-o", "x.nc")
      #expect(result.status == 64)
      #expect(
        result.errors
          == "infwidth: error: --scaling: received \(received) accepted: mean_field, ntk,"
          + " sym_default, ic_mean_field, intermediate, default, ntk_published, or q_sigma,q_eta (or"
          + " q_sigma,q_a,q_w) as decimal numbers from -100 to 100, such as -0.75,0.5\n")
    }
    #expect(folder.contents() == ["small.yaml"])
  }

  /// The option is at fault, not the line of the file that it replaces.
  @Test func scalingsWithoutLimit() throws {
    let result = try run("limit", "small.yaml", "--scaling", "0,1", "-o", "x.nc", "--quiet")
    #expect(result.status == 65)
    #expect(
      result.errors.hasPrefix(
        "infwidth: error: --scaling: the scaling has no limit (alpha 0.5, beta 2"),
      "\(result.errors)")
  }

  @Test(.enabled(if: (try? Gnuplot()) != nil, "gnuplot is not installed"))
  func severalLimitsAreCompared() throws {
    _ = try limit("mean_field", "mf.nc")
    _ = try limit("ntk", "ntk.nc")
    #expect(try run("train", "small.yaml", "-o", "nets.nc", "--quiet").status == 0)
    let result = try run("plot", "mf.nc", "ntk.nc", "nets.nc", "-o", "figures")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output == "figures/limits.svg\nfigures/limits.png\n")
    let text = try String(contentsOfFile: folder.path + "/figures/limits.svg", encoding: .utf8)
    for label in ["network of width 16", "MF", "NTK", "logits at width 16"] {
      #expect(text.contains(">\(label)<"), "\(label)")
    }
    // One limit and nets: the figures of one limit.
    let one = try run("plot", "nets.nc", "mf.nc", "-o", "one")
    #expect(one.status == 0)
    #expect(one.output.hasPrefix("one/loss.svg\none/loss.png\n"))
    #expect(!one.output.contains("limits"))
  }

  @Test func filesThatDoNotBelongTogether() throws {
    _ = try limit("mean_field", "mf.nc")
    try folder.write("other.yaml", Self.small.replacing("test: 12", with: "test: 14"))
    #expect(
      try run("limit", "other.yaml", "--scaling", "ntk", "-o", "ntk.nc", "--quiet").status == 0)
    let mixed = try run("plot", "mf.nc", "ntk.nc", "-o", "figures")
    #expect(mixed.status == 65)
    #expect(
      mixed.errors
        == "infwidth: error: ntk.nc: data.test: received 14 where mf.nc has 12; give files of one"
        + " experiment\n")
    #expect(try run("train", "small.yaml", "-o", "nets.nc", "--quiet").status == 0)
    let nets = try run("plot", "nets.nc", "nets.nc", "-o", "figures")
    #expect(nets.status == 64)
    #expect(
      nets.errors
        == "infwidth: error: received 2 files of nets; accepted: at most one, and any number of"
        + " limits\n")
    #expect(!folder.exists("figures"))
  }
}
