import Foundation
import InfiniteWidth
import Testing

/// The recipe in Python (data/recipes), on files of the program.
@Suite(
  .enabled(
    if: ProcessInfo.processInfo.environment["INFINITEWIDTH_PYTHON"] != nil,
    "INFINITEWIDTH_PYTHON names no Python with data/recipes/requirements.txt"))
struct RecipeTests: SmallExperiment {
  static var small: String {
    smallConfiguration.replacing("widths: [8, 32]", with: "widths: [16, 64, 256]")
      .replacing("seeds: 3", with: "seeds: 6")
      .replacing("limit:", with: "scaling: mean_field\nlimit:")
  }

  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  private func recipe(_ figure: String) throws -> Program.Result {
    let script = ExperimentFile.package.appendingPathComponent("data/recipes/xarray_figure.py").path
    return try shell(#""$INFINITEWIDTH_PYTHON" '\#(script)' . \#(figure)"#)
  }

  /// xarray reads the numbers that the program has, and the figure is drawn, the same each time.
  @Test func figureOfAllFiles() throws {
    let files = try shell(
      """
      set -e
      "$infwidth" limit small.yaml -o run.nc --quiet
      "$infwidth" train small.yaml -o nets.nc --quiet
      "$infwidth" density run.nc -o density.nc --project a --quiet
      "$infwidth" compare small.yaml --limit run.nc --nets nets.nc -o cmp.nc --quiet
      """)
    #expect(files.status == 0, "\(files.errors)")
    let result = try recipe("overview.svg")
    #expect(result.status == 0, "\(result.errors)")
    let loss = try NetCDFReader(path: folder.path + "/run.nc")
      .read("test_loss", as: Double.self).last!
    let rate = try #require(
      ComparisonRecord.read(folder.path + "/cmp.nc").scalings[0].rates
        .first { $0.metric == "logit_rms_gap" })
    func text(_ number: Double) -> String { String(format: "%.6f", number) }
    #expect(
      result.output == """
        mean_field: test loss \(text(loss)) at step 6
        logit_rms_gap: exponent \(text(rate.rate)), standard error \(text(rate.rateStandardError))

        """)
    let figure = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/overview.svg"))
    #expect(String(decoding: figure, as: UTF8.self).contains("</svg>"))
    #expect(try recipe("again.svg").status == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/again.svg")) == figure)
  }

  @Test func aMissingFileIsNamed() throws {
    let result = try recipe("overview.svg")
    #expect(result.status != 0)
    #expect(result.errors.contains("run.nc"))
    #expect(!folder.exists("overview.svg"))
  }
}
