import Foundation
import InfiniteWidth
import Testing

/// A suite of `infwidth density`: the small experiment with more particles and snapshots.
protocol DensityExperiment: SmallExperiment {}

extension DensityExperiment {
  static var small: String {
    smallConfiguration.replacing("particles: 256", with: "particles: 512")
      .replacing("limit:", with: "scaling: mean_field\nlimit:")
      .replacing("snapshots: [0, 6]", with: "snapshots: [0, 2, 6]")
  }

  func run(_ arguments: [String]) throws -> Program.Result {
    try Program.run(arguments, in: folder)
  }

  func solve(_ config: String = "small.yaml", _ output: String = "run.nc") throws {
    let result = try run(["limit", config, "-o", output, "--quiet"])
    #expect(result.status == 0, "\(result.errors)")
  }

  func density(_ arguments: String...) throws -> DensityRecord {
    let result = try run(
      ["density", "run.nc", "-o", "density.nc", "--quiet", "--force"] + arguments)
    #expect(result.status == 0, "\(result.errors)")
    return try DensityRecord.read(folder.path + "/density.nc")
  }

  func reader(_ name: String) throws -> NetCDFReader {
    try NetCDFReader(path: folder.path + "/" + name)
  }

  func expectError(
    _ arguments: [String], status: Int32, _ message: String,
    location: SourceLocation = #_sourceLocation
  ) throws {
    let result = try run(["density", "run.nc", "-o", "x.nc", "--quiet"] + arguments)
    #expect(result.status == status, sourceLocation: location)
    #expect(result.errors == "infwidth: error: \(message)\n", sourceLocation: location)
    #expect(!folder.exists("x.nc"), sourceLocation: location)
  }
}
