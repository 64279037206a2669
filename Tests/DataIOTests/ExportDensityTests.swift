import DataIO
import Diagnostics
import Foundation
import Testing

@Suite struct ExportDensityTests {
  /// Two projections, one with two axes, with a different number in every entry.
  static func record(_ path: String) -> DensityRecord {
    let a = ProjectionDensity.Axis(
      identifier: "a", label: "a", longName: "hatted output weight a", units: "1",
      points: [-1, 0, 1, 2])
    let angle = ProjectionDensity.Axis(
      identifier: "angle_w_pca1", label: "angle(w, pca1)", longName: "angle", units: "radian",
      points: [0, 1, 2], lowerBound: 0, upperBound: .pi)
    func numbers(_ count: Int, from first: Double) -> [Double] {
      (0..<count).map { first + Double($0) / 8 }
    }
    let projections = [[a], [a, angle]].enumerated().map { index, axes in
      let k = axes.count
      var entry = ProjectionDensity(
        identifier: axes.map(\.identifier).joined(separator: "__"),
        expression: axes.map(\.label).joined(separator: ", "), axes: axes, steps: [0, 50])
      entry.density = numbers(2 * entry.gridSize, from: 10)
      entry.estimator = "kernel density estimate"
      entry.bandwidthRule = "silverman"
      entry.bandwidthMatrix = k == 1 ? [0.25, 4] : [1, 0.5, 0.5, 4, 9, 0, 0, 16]
      entry.effectiveSampleSize = [100, 90.5]
      entry.outsideCount = [0, 3]
      entry.outsideMass = [0, 0.03]
      entry.mean = numbers(2 * k, from: 20)
      entry.standardDeviation = numbers(2 * k, from: 30)
      entry.entropy = [1.5, 1.25]
      entry.modes = [
        [],
        [
          .init(position: Array(numbers(k, from: 40)), density: 5, prominence: 5),
          .init(position: Array(numbers(k, from: 50)), density: 4, prominence: 2.5),
        ],
      ]
      if k == 1 {
        entry.cumulative = numbers(8, from: 60)
        entry.quantileLevels = [0.25, 0.5, 0.75]
        entry.quantiles = numbers(6, from: 70)
      }
      func distances(_ first: Double) -> ProjectionDensity.Distances {
        var result = ProjectionDensity.Distances()
        result.l1 = [0, first]
        result.l2 = [0, first + 1]
        result.hellinger = [0, first + 2]
        result.kullbackLeibler = [0, first + 3]
        result.massBeyond = [0, first + 4]
        return result
      }
      entry.fromFirst = distances(80)
      if index == 1 { entry.fromOther = distances(90) }
      return entry
    }
    var record = DensityRecord(path: path, title: "digits, mean field", projections: projections)
    record.directions = [
      .init(identifier: "pca1", longName: "principal component 1", values: [0.6, 0.8])
    ]
    return record
  }

  func write(_ record: DensityRecord) throws {
    try DensityFile.write(record, metadata: exampleMetadata(), other: "other.nc", force: false)
  }

  @Test func whatIsWrittenIsRead() throws {
    let folder = try NetCDFScratchFolder()
    let record = Self.record(folder("density.nc"))
    try write(record)
    #expect(try DensityRecord.read(folder("density.nc")) == record)
    #expect(try recordKind(of: folder("density.nc")) == .density)
    #expect(try folder.contents() == ["density.nc"])
  }

  /// The same with nets of two widths beside it: groups within groups.
  @Test func nets() throws {
    let folder = try NetCDFScratchFolder()
    var record = Self.record(folder("density.nc"))
    let limit = record.projections
    for width in [8, 32] {
      for var projection in limit {
        (projection.width, projection.seeds) = (width, 3)
        projection.density = projection.density.map { $0 + Double(width) }
        projection.fromLimit = limit[1].fromOther
        record.projections.append(projection)
      }
    }
    try write(record)
    #expect(try DensityRecord.read(folder("density.nc")) == record)
    let text = try #require(try output(of: "ncdump", ["-h", folder("density.nc")]), "no ncdump")
    for line in [
      "group: width_8 {", "group: width_32 {", ":width = 32LL ;", ":seeds = 3LL ;",
      "l1_from_limit:long_name = \"integral of |p - q|; p this density, q that of the limit at the same step\"",
    ] { #expect(text.contains(line), "\(line)") }
    let tables = record.tables
    #expect(
      tables.map(\.name) == [
        "density_a", "density_a__angle_w_pca1", "density_a_width_8",
        "density_a__angle_w_pca1_width_8", "density_a_width_32",
        "density_a__angle_w_pca1_width_32", "density_summary",
      ])
    // Projection 1 of width 32 at the second snapshot.
    #expect(
      tables[6].rows[11] == [50, 1.25, 80, 81, 82, 83, 3, 90.5, 32, 90, 91, 92, 93])
    #expect(tables[6].rows[3].suffix(5).allSatisfy { $0.isNaN })
  }

  /// What `ncdump -h` shows: every variable with its dimensions, units and meaning.
  @Test func theHeaderExplainsTheFile() throws {
    let folder = try NetCDFScratchFolder()
    try write(Self.record(folder("density.nc")))
    let text = try #require(try output(of: "ncdump", ["-h", folder("density.nc")]), "no ncdump")
    for line in [
      ":title = \"Densities of the law of a neural network\\'s weights over training\"",
      ":compared_with = \"other.nc\"", "group: directions {", "group: a {",
      "group: a__angle_w_pca1 {", ":projection = \"a, angle(w, pca1)\"",
      ":bandwidth_rule = \"silverman\"", "double density(snapshot, a) ;",
      "double density(snapshot, a, angle_w_pca1) ;", "density:units = \"radian-1\"",
      "angle_w_pca1:units = \"radian\"", "angle_w_pca1:reflected_below = 0.",
      "double bandwidth(snapshot) ;", "double bandwidth(snapshot, axis) ;",
      "double bandwidth_matrix(snapshot, axis, axis_column) ;", "string axis(axis) ;",
      "double mode_position(snapshot, mode, axis) ;",
      "double mode_prominence(snapshot, mode) ;", "double cumulative(snapshot, a) ;",
      "double quantile(snapshot, level) ;", "entropy:units = \"nat\"",
      "l2_from_first:units = \"sqrt(radian-1)\"",
      "l1_from_other:long_name = \"integral of |p - q|; p this density, q that at the same step in other.nc\"",
    ] { #expect(text.contains(line), "\(line)") }
  }

  @Test func tables() {
    let record = Self.record("density.nc")
    let tables = record.tables
    #expect(tables.map(\.name) == ["density_a", "density_a__angle_w_pca1", "density_summary"])
    #expect(tables[0].columns == ["step", "a", "density", "cumulative"])
    #expect(tables[0].rows[5] == [50, 0, 10.625, 60.625])
    #expect(tables[1].columns == ["step", "a", "angle_w_pca1", "density"])
    #expect(tables[1].rows[12 + 3 * 2 + 1] == [50, 1, 1, 10 + 19.0 / 8])
    #expect(tables[2].rows[3] == [50, 1.25, 80, 81, 82, 83, 3, 90.5])
    #expect(tables[2].labels == ["a", "a", "a, angle(w, pca1)", "a, angle(w, pca1)"])
    let lines = tables[2].csv.split(separator: "\r\n")
    #expect(lines[0].hasPrefix("projection,step,entropy,"))
    #expect(lines[4] == "\"a, angle(w, pca1)\",50,1.25,80,81,82,83,3,90.5")
  }

  @Test func otherFilesAreRefused() throws {
    let folder = try NetCDFScratchFolder()
    try NetCDFWriter(path: folder("other.nc"), force: false).finish()
    #expect(
      throws: Diagnostic(
        .badInput, "not a file of densities (written by infwidth density)", file: folder("other.nc")
      )
    ) { try DensityRecord.read(folder("other.nc")) }
    // A grid that goes backwards, as no run writes it.
    var record = Self.record(folder("back.nc"))
    record.projections[0].axes[0].points = [3, 2, 1, 0]
    try write(record)
    #expect(
      throws: Diagnostic(
        .badInput, "a/a is no grid: its points do not increase", file: folder("back.nc"))
    ) { try DensityRecord.read(folder("back.nc")) }
  }
}

@Suite struct DirectionFileTests {
  func read(_ text: String) throws -> [Double] {
    let folder = try NetCDFScratchFolder()
    try text.write(toFile: folder("e.csv"), atomically: true, encoding: .utf8)
    do {
      return try DirectionFile.read(folder("e.csv"))
    } catch let error as Diagnostic {
      throw Diagnostic(error.kind, error.message, line: error.line)
    }
  }

  @Test(arguments: [
    ("1,2,3", [1.0, 2, 3]), ("1 2\n3\n", [1, 2, 3]),
    ("\n-1e-3\t,+2.5\r\n\r\n4 , 5\r\n", [-1e-3, 2.5, 4, 5]),
    ("# e\n1\n #2\n3", [1, 3]),
  ]) func numbers(text: String, numbers: [Double]) throws {
    #expect(try read(text) == numbers)
  }

  @Test(arguments: [
    ("1 2\n3 x", 2, "received 'x'; accepted: finite decimal numbers"),
    ("1;2", 1, "received '1;2'; accepted: finite decimal numbers"),
    ("1 nan", 1, "received 'nan'; accepted: finite decimal numbers"),
    ("1\n2 1e999", 2, "received '1e999'; accepted: finite decimal numbers"),
  ]) func faults(text: String, line: Int, message: String) {
    #expect(throws: Diagnostic(.badInput, message, line: line)) { try read(text) }
  }

  @Test func noNumbers() {
    #expect(throws: Diagnostic(.badInput, "the file holds no numbers")) { try read("# none\n") }
  }
}
