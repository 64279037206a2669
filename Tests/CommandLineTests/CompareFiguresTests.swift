import Foundation
import InfiniteWidth
import Testing

/// Figures of comparisons from the command line.
@Suite struct CompareFiguresTests: SmallExperiment {
  static var small: String {
    smallConfiguration.replacing("widths: [8, 32]", with: "widths: [8, 16, 32]")
      .replacing("seeds: 3", with: "seeds: 4")
  }

  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  private static let stems = ["densities", "functions", "logits", "terms", "training", "weights"]

  private func drawn(_ name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path + "/" + name).sorted()
  }

  /// `compare --figures` and `plot` of its file draw the same; an existing figure is refused before the run.
  @Test(.enabled(if: (try? Gnuplot()) != nil, "gnuplot is not on PATH")) func sameFigures() throws {
    let result = try run(
      "compare", "small.yaml", "-o", "cmp.nc", "--quiet", "--figures", "figures")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("\nFigure: figures/comparison_functions.png\n"))
    #expect(
      try drawn("figures")
        == Self.stems.flatMap { ["comparison_\($0).png", "comparison_\($0).svg"] })
    let plot = try run("plot", "cmp.nc", "-o", "again")
    #expect(plot.status == 0, "\(plot.errors)")
    for name in try drawn("figures") {
      let files = ["figures", "again"].map { folder.path + "/\($0)/\(name)" }
      #expect(FileManager.default.contentsEqual(atPath: files[0], andPath: files[1]), "\(name)")
    }
    let again = try run("compare", "small.yaml", "-o", "x.nc", "--quiet", "--figures", "figures")
    #expect(again.status == 74)
    #expect(
      again.errors
        == "infwidth: error: figures/comparison_functions.svg: the file exists; choose another name or"
        + " pass --force\n")
    #expect(!folder.exists("x.nc"))
    // For pages: the same figures as text.
    let figures = try figures(ofFile: folder.path + "/cmp.nc")
    #expect(figures.map(\.name).sorted() == Self.stems.map { "comparison_\($0)" })
    let text = try Gnuplot().svg(figures[0])
    #expect(text.hasPrefix("<svg") && text.hasSuffix("</svg>"))
    #expect(text.contains("\(figures[0].name)-gnuplot_canvas"))
    #expect(!text.contains("\"#gp") && !text.contains("'#gp"))
  }

  /// What networks and limit make of the weights: shares of the bins sum to at most one, nearly one for the
  /// limit, and edges are common.
  @Test func histogramsOfWeights() throws {
    #expect(try run("compare", "small.yaml", "-o", "cmp.nc", "--quiet").status == 0)
    let scaling = try #require(
      try ComparisonRecord.read(folder.path + "/cmp.nc").scalings.first)
    let edges = try #require(scaling.array("weight_edge")?.values)
    let limit = try #require(scaling.array("limit_weight_density")?.values)
    let nets = try #require(scaling.array("weight_density")?.values)
    let (axes, bins) = (scaling.projections.count, scaling.bins)
    #expect(edges.count == axes * (bins + 1) && limit.count == 2 * axes * bins)
    for axis in 0..<axes {
      let own = Array(edges[(axis * (bins + 1))..<((axis + 1) * (bins + 1))])
      #expect(zip(own, own.dropFirst()).allSatisfy { $0 < $1 })
      let width = own[1] - own[0]
      for snapshot in 0..<2 {
        func mass(_ values: [Double], _ row: Int) -> Double {
          values[(row * bins)..<((row + 1) * bins)].reduce(0) { $0 + $1 * width }
        }
        let place = snapshot * axes + axis
        #expect((0.98...1.0000001).contains(mass(limit, place)))
        for net in 0..<3 {
          #expect((0.8...1.0000001).contains(mass(nets, net * 2 * axes + place)))
        }
      }
    }
  }

  @Test func refusals() throws {
    func expect(
      _ arguments: [String], _ status: Int32, _ message: String,
      location: SourceLocation = #_sourceLocation
    ) throws {
      let result = try Program.run(arguments, in: folder)
      #expect(result.status == status, sourceLocation: location)
      #expect(result.errors == "infwidth: error: \(message)\n", sourceLocation: location)
    }
    let compare = ["compare", "small.yaml", "-o", "x.nc", "--quiet", "--figures"]
    try expect(
      compare + ["small.yaml"], 74, "small.yaml: this is a file; name a folder")
    try expect(
      compare + ["small.yaml/figures"], 74, "small.yaml/figures: small.yaml is not a folder")
    #expect(!folder.exists("x.nc"))
    #expect(try run("compare", "small.yaml", "-o", "cmp.nc", "--quiet").status == 0)
    try expect(
      ["plot", "cmp.nc", "cmp.nc", "-o", "figures"], 64,
      "received cmp.nc with other files; accepted: a comparison alone")
    try expect(
      ["plot", "small.yaml", "-o", "figures"], 65,
      "small.yaml: not a NetCDF file")
    // No program on this path.
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["PATH=/nowhere", Program.executable.path] + compare + ["figures"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let text = String(
      decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 66)
    #expect(
      text
        == "infwidth: error: figures need gnuplot, which is not on PATH; install it: apt install"
        + " gnuplot-nox\n")
    #expect(!folder.exists("x.nc") && !folder.exists("figures"))
  }
}
