import Foundation
import InfiniteWidth
import TestSupport
import Testing

/// Grids between given bounds and natural ends, and what lies beyond them.
@Suite struct DensityBoundsTests: DensityExperiment {
  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  @Test func cellsTileTheBounds() throws {
    try solve()
    let result = try run([
      "density", "run.nc", "-o", "density.nc", "--quiet", "--histogram", "--project", "w[4]",
      "--grid", "9", "--bounds", "w[4]=-0.2:0.2", "--csv", "tables",
    ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("w[4]: histogram; grid of 9 cells, -0.2 to 0.2\n"))
    let projection = try DensityRecord.read(folder.path + "/density.nc").projections[0]
    let points = projection.axes[0].points
    #expect(abs(points[0] + 0.2 - 0.4 / 18) < 1e-15 && abs(points[8] - 0.2 + 0.4 / 18) < 1e-15)
    let run = try reader("run.nc")
    let measure = run.group("measure")
    let w = try run.read("input_weight", in: measure)
    let mass = try run.read("mass", in: measure)
    for snapshot in 0..<3 {
      let values = (0..<512).map { w[(snapshot * 512 + $0) * 5 + 4] }
      let outside = values.indices.filter { abs(values[$0]) > 0.2 }
      #expect(projection.outsideCount[snapshot] == outside.count && outside.count > 100)
      let heights = projection.density(snapshot: snapshot)
      let inside = heights.reduce(0, +) * 0.4 / 9
      #expect(abs(inside + outside.reduce(0) { $0 + mass[$1] } - 1) < 1e-12)
      // The distribution function at the centre of a cell, by hand.
      let centre = projection.cumulative[snapshot * 9 + 3]
      let below3 = heights[0] + heights[1] + heights[2] + heights[3] / 2
      #expect(abs(centre - below3 * 0.4 / 9) < 1e-12)
      // And the median of what is inside.
      let level = projection.quantileLevels.firstIndex(of: 0.5)!
      let median = projection.quantiles[snapshot * projection.quantileLevels.count + level]
      let below = values.indices.filter { values[$0] >= -0.2 && values[$0] < median }
        .reduce(0) { $0 + mass[$1] }
      #expect(abs(below - inside / 2) < 0.05)
    }
    #expect(
      result.output.contains(
        "\nMass lies beyond the grid: entropies, quantiles, modes and distances are those of the part"
          + " inside"), "\(result.output)")
  }

  @Test func cellsEndWhereAnAxisDoes() throws {
    try solve()
    let result = try run([
      "density", "run.nc", "-o", "density.nc", "--quiet", "--histogram", "--project", "norm(w)",
      "--project", "angle(w,pca1)",
    ])
    #expect(result.output.contains("\nnorm(w): histogram; grid of 128 cells, 0 to "))
    let record = try DensityRecord.read(folder.path + "/density.nc")
    for projection in record.projections {
      let axis = projection.axes[0]
      #expect(axis.points[0] - axis.spacing / 2 > -1e-12)
      #expect(projection.outsideCount == [0, 0, 0] && projection.outsideRemark == nil)
    }
    let angle = record.projections[1].axes[0]
    #expect(angle.points[angle.points.count - 1] + angle.spacing / 2 < .pi + 1e-12)
  }

  @Test func boundsBeyondAnEnd() throws {
    try solve()
    let norm = ["--project", "norm(w)", "--bounds", "norm(w)=-1:3"]
    try expectError(
      norm, status: 64,
      "--bounds: received norm(w)=-1:3; accepted: bounds from 0 on, a length is not negative")
    try expectError(
      norm + ["--histogram"], status: 64,
      "--bounds: received norm(w)=-1:3; accepted: bounds from 0 on, a length is not negative")
    try expectError(
      ["--project", "angle(w,pca1)", "--bounds", "angle(w,pca1)=0:180"], status: 64,
      "--bounds: received angle(w, pca1)=0:180; accepted: bounds from 0 to pi (3.1416), angles are in"
        + " radian")
    // A rounded pi is pi; kernels that are not reflected may be looked at beyond.
    let angle = try density("--project", "angle(w,pca1)", "--bounds", "angle(w,pca1)=0:3.1416")
    #expect(angle.projections[0].axes[0].points.last == .pi)
    let leaking = try density(
      "--project", "norm(w)", "--bounds", "norm(w)=-1:3", "--no-reflection")
    #expect(leaking.projections[0].axes[0].points[0] == -1)
  }

  /// Between parts of laws a divergence may be negative, which is explained.
  @Test func negativeDivergences() throws {
    try solve()
    let record = try density("--project", "a", "--bounds", "a=-0.1:0.1", "--bandwidth", "0.05")
    let divergences = record.projections[0].fromFirst.kullbackLeibler
    let remark = try #require(record.projections[0].outsideRemark)
    let explanation = "; a Kullback-Leibler divergence is negative because of the mass beyond"
    // The law widens: less of it is left inside.
    #expect(divergences[2] < -1e-3 && remark.hasSuffix(explanation))
    let file = try reader("density.nc")
    guard case .text(let comment)? = try file.attribute("comment", in: file.group("a")) else {
      Issue.record("no comment")
      return
    }
    #expect(comment.hasSuffix(explanation))
  }
}
