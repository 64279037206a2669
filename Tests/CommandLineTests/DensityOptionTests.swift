import Foundation
import InfiniteWidth
import TestSupport
import Testing

/// Options that would have no effect, directions of any length, and what is random.
@Suite struct DensityOptionTests: DensityExperiment {
  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  @Test func optionsWithoutEffectAreRefused() throws {
    try solve()
    for option in [["--kernel", "box"], ["--no-reflection"], ["--bandwidth-shape", "matrix"]] {
      try expectError(
        ["--histogram"] + option, status: 64,
        "\(option[0]) belongs to kernels; the bins of --histogram are set by --grid and --bounds")
    }
    try expectError(
      ["--bandwidth-shape", "matrix", "--bandwidth", "0.1"], status: 64,
      "--bandwidth-shape: received matrix with the bandwidth 0.1, which is given as it is; accepted with"
        + " rules alone")
    try expectError(
      ["--bounds", "a=-2:2", "--bounds", "a=-3:3"], status: 64,
      "--bounds: received a twice, up to 2 and up to 3; accepted: once for each axis")
    try expectError(
      ["--precision", "double"], status: 64,
      "--precision belongs to fresh particles; give --particles as well")
    // With rules and fresh particles they have one.
    let record = try density(
      "--bandwidth-shape", "scalar", "--bandwidth", "scott", "--project", "a,w[0]", "--particles",
      "512", "--precision", "double", "--grid", "1.2e1")
    #expect(record.projections[0].bandwidthRule == "scott, scalar")
    #expect(record.projections[0].axes.map(\.points.count) == [12, 12])
  }

  /// What the command line says is not looked for in the configuration.
  @Test func designsOfTheCommandLine() throws {
    try solve()
    let result = try run([
      "density", "run.nc", "-o", "x.nc", "--particles", "512", "--design", "foo", "--quiet",
    ])
    #expect(result.status == 65)
    #expect(result.errors.hasPrefix("infwidth: error: --design: received foo"), "\(result.errors)")
    #expect(!result.errors.contains("yaml"))
  }

  /// The length of a direction does not count, however small or large.
  @Test(arguments: ["1e-200", "5e-324", "1e200", "-1e308"])
  func lengthsOfDirections(number: String) throws {
    try solve()
    try folder.write("e.csv", "0 \(number) 0 \(number) 0")
    try folder.write("one.csv", number.hasPrefix("-") ? "0 -1 0 -1 0" : "0 1 0 1 0")
    let record = try density(
      "--project", "dot(w, file:e.csv)", "--project", "dot(w, file:one.csv)", "--bandwidth", "0.1",
      "--grid", "20")
    let half = 0.5.squareRoot() * (number.hasPrefix("-") ? -1 : 1)
    #expect(largestDifference(record.directions[0].values, [0, half, 0, half, 0]) < 1e-15)
    #expect(
      largestDifference(record.projections[0].density, record.projections[1].density) < 1e-12)
  }

  @Test func parallelAxes() throws {
    try solve()
    try folder.write("e.csv", "0 -3 0 0 0")
    try expectError(
      ["--project", "w[1],dot(w,file:e.csv)"], status: 64,
      "w[1], dot(w, file:e.csv): w[1] and dot(w, file:e.csv) are parallel, so that their joint law has no"
        + " density; accepted: axes along different directions")
    #expect(
      try density("--project", "w[0],dot(w,file:e.csv)", "--grid", "8").projections.count == 1)
  }

  /// The file of a random limit says whose particles it holds, and so do densities of them.
  @Test func randomLimits() throws {
    for name in ["sym_default", "ic_mean_field", "mean_field"] {
      try folder.write("random.yaml", Self.small.replacing("mean_field", with: name))
      try solve("random.yaml")
      _ = try density("--project", "a", "--grid", "8")
      let run = try reader("run.nc")
      let measure: NetCDFGroup = try #require(run.group("measure"))
      let remark = try run.attribute("comment", in: measure)
      if name == "mean_field" {
        #expect(remark == nil)
        #expect(try reader("density.nc").text("comment") == nil)
      } else {
        let text =
          "The limit is random: these are the particles of the first realization of its initial function"
          + " alone."
        #expect(remark == .text(text))
        #expect(try reader("density.nc").text("comment") == text)
      }
      try FileManager.default.removeItem(atPath: folder.path + "/run.nc")
    }
  }
}
