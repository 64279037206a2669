import Foundation
import InfiniteWidth
import TestSupport
import Testing

/// What `infwidth density` tells beside the file: comparisons, tables, figures.
@Suite struct DensityResultsTests: DensityExperiment {
  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  @Test func comparisons() throws {
    try solve()
    try folder.write("other.yaml", Self.small.replacing("0.2", with: "0.4"))
    try solve("other.yaml", "other.nc")
    let first = try run([
      "density", "other.nc", "-o", "other-density.nc", "--quiet", "--grid", "50", "--project", "a",
      "--project", "dot(w,mean_difference)", "--bounds", "a=-8:8", "--snapshots", "0,6",
    ])
    #expect(first.status == 0, "\(first.errors)")
    let record = try density("--compare", "other-density.nc")
    #expect(record.projections.map(\.expression) == ["a", "dot(w, mean_difference)"])
    let a = record.projections[0]
    #expect(a.axes[0].points.count == 50 && a.axes[0].points[0] == -8)
    let distances = try #require(a.fromOther)
    let other = try DensityRecord.read(folder.path + "/other-density.nc").projections[0]
    // The same law at step 0, none at step 2, others at step 6.
    #expect(distances.l1[0] < 1e-9 && distances.l1[1].isNaN && distances.l1[2] > 0.05)
    let sum = zip(a.density(snapshot: 2), other.density(snapshot: 1)).reduce(0) {
      $0 + abs($1.0 - $1.1)
    }
    #expect(abs(sum * 16 / 49 - distances.l1[2]) < 1e-12)
    #expect(try reader("density.nc").text("compared_with") == "other-density.nc")

    try expectError(
      ["--compare", "other-density.nc", "--project", "norm(w)"], status: 65,
      "other-density.nc: no densities of norm(w); the file has those of a and"
        + " dot(w, mean_difference)")
    try expectError(
      ["--compare", "other-density.nc", "--grid", "9"], status: 64,
      "--compare: takes the grids of other-density.nc; give it without --grid and --bounds")
    try expectError(
      ["--compare", "other-density.nc", "--snapshots", "2"], status: 65,
      "other-density.nc: no step in common with run.nc: 2 there")
    try expectError(
      ["--compare", "other.nc"], status: 65,
      "other.nc: not a file of densities (written by infwidth density)")
  }

  @Test func tablesAndJSON() throws {
    try solve()
    let result = try run([
      "density", "run.nc", "-o", "density.nc", "--quiet", "--project", "a", "--project",
      "a,norm(w)", "--grid", "12", "--csv", "tables", "--json",
    ])
    #expect(result.status == 0, "\(result.errors)")
    let lines = try String(
      contentsOfFile: folder.path + "/tables/density_a__norm_w.csv", encoding: .utf8
    ).split(separator: "\r\n")
    #expect(lines[0] == "step,a,norm_w,density")
    #expect(lines.count == 1 + 3 * 144)
    let record = try DensityRecord.read(folder.path + "/density.nc")
    let row = lines[1 + 144 + 12 * 3 + 7].split(separator: ",").map { Double($0)! }
    let projection = record.projections[1]
    #expect(
      row == [
        2, projection.axes[0].points[3], projection.axes[1].points[7],
        projection.density[144 + 43],
      ])
    #expect(folder.exists("tables/density_a.csv") && folder.exists("tables/density_summary.csv"))
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let projections = try #require(json["projections"] as? [[String: Any]])
    #expect(projections.map { $0["projection"] as? String } == ["a", "a, norm(w)"])
    let snapshots = try #require(projections[0]["snapshots"] as? [[String: Any]])
    #expect(snapshots.map { $0["step"] as? Int } == [0, 2, 6])
  }

  @Test(.enabled(if: (try? Gnuplot()) != nil, "gnuplot is not installed"))
  func figures() throws {
    try solve()
    let names = [
      "density_a", "density_norm_w", "density_a__dot_w_mean_difference",
      "density_dot_w_pca1__dot_w_pca2",
    ]
    let result = try run([
      "density", "run.nc", "-o", "density.nc", "--grid", "24", "--quiet", "--figures", "figures",
    ])
    #expect(result.status == 0, "\(result.errors)")
    let plot = try run(["plot", "density.nc", "-o", "again"])
    #expect(plot.status == 0, "\(plot.errors)")
    for name in names {
      #expect(result.output.contains("Figure: figures/\(name).png\n") || name == names[3])
      for format in ["svg", "png"] {
        #expect(folder.exists("figures/\(name).\(format)"))
        #expect(folder.exists("again/\(name).\(format)"))
      }
    }
    let svg = try String(contentsOfFile: folder.path + "/again/density_a.svg", encoding: .utf8)
    for label in ["step 0 (filled)", "step 2", "step 6"] { #expect(svg.contains(">\(label)<")) }
    let two = try run(["plot", "density.nc", "run.nc", "-o", "two"])
    #expect(two.status == 64)
    #expect(
      two.errors
        == "infwidth: error: received density.nc with other files; accepted: densities alone\n")
  }
}
