import Foundation
import InfiniteWidth
import TestSupport
import Testing

/// `infwidth density`: from a run to a file of densities.
@Suite struct DensityCommandTests: DensityExperiment {
  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  /// Every group explains itself and holds the densities of the particles in the run.
  @Test func theFile() throws {
    try solve()
    let result = try run(["density", "run.nc", "-o", "density.nc", "--grid", "24"])
    #expect(result.status == 0 && !result.errors.contains("error"), "\(result.errors)")
    #expect(result.output.hasPrefix("Densities of 512 particles of run.nc at 3 snapshots, "))
    #expect(result.output.contains("\na: bandwidth "))
    #expect(result.output.hasSuffix("\nWritten: density.nc\n"))
    let record = try DensityRecord.read(folder.path + "/density.nc")
    #expect(
      record.projections.map(\.expression) == [
        "a", "norm(w)", "a, dot(w, mean_difference)", "dot(w, pca1), dot(w, pca2)",
      ])
    #expect(record.projections.allSatisfy { $0.steps == [0, 2, 6] })
    #expect(record.title == "small, mean field")
    #expect(try recordKind(of: folder.path + "/density.nc") == .density)

    let run = try reader("run.nc")
    let measure = try #require(run.group("measure"))
    let mass = try run.read("mass", in: measure)
    let a = try run.read("output_weight", in: measure)
    let w = try run.read("input_weight", in: measure)
    let problem = try Experiment(LoadedConfiguration.load(path: folder.path + "/small.yaml"))
      .problem
    let difference = (0..<5).map { j in
      problem.trainingLabels.indices.reduce(0.0) {
        $0 + problem.trainingLabels[$1] * problem.trainingInputs[$1, j] / 20
      }
    }
    let length = difference.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let projection = record.projections[2]
    #expect(projection.axes.map(\.identifier) == ["a", "dot_w_mean_difference"])
    for snapshot in 0..<3 {
      let points = (0..<512).flatMap { r -> [Double] in
        let row = w[((snapshot * 512 + r) * 5)..<((snapshot * 512 + r + 1) * 5)]
        return [
          a[snapshot * 512 + r], zip(row, difference).reduce(0) { $0 + $1.0 * $1.1 } / length,
        ]
      }
      let direct = DirectDensity(
        try WeightedSample(points: points, dimensions: 2, masses: mass),
        bandwidth: try Bandwidth(
          covariance: Matrix(
            rows: 2, columns: 2,
            elements: Array(projection.bandwidthMatrix[(4 * snapshot)..<(4 * snapshot + 4)]))))
      let expected = direct.values(on: try projection.grid())
      let peak = expected.max()!
      #expect(largestDifference(projection.density(snapshot: snapshot), expected) < 1e-11 * peak)
      // What the file says of the particles themselves.
      let mean = zip(mass, stride(from: 0, to: 1024, by: 2)).reduce(0) { $0 + $1.0 * points[$1.1] }
      #expect(abs(projection.mean[2 * snapshot] - mean) < 1e-12)
    }
    #expect(projection.fromFirst.l1[0] == 0)
    #expect(projection.fromFirst.l1[2] > 0.05)
    #expect(projection.effectiveSampleSize.allSatisfy { abs($0 - 512) < 1e-9 || $0 < 512 })

    // A length has no density below 0, where the estimate is reflected.
    let norm = record.projections[1]
    #expect(norm.axes[0].lowerBound == 0 && norm.axes[0].points[0] >= 0)
  }

  @Test func everyVariableHasUnitsAndALongName() throws {
    try solve()
    _ = try density("--grid", "16")
    let file = try reader("density.nc")
    var count = 0
    for name in try file.groupNames() {
      let group = try #require(file.group(name))
      for variable in try file.variableNames(in: group) {
        for attribute in ["units", "long_name"] {
          guard case .text(let text)? = try file.attribute(attribute, of: variable, in: group)
          else {
            Issue.record("\(name)/\(variable) has no \(attribute)")
            continue
          }
          #expect(!text.isEmpty)
          count += 1
        }
      }
    }
    #expect(count > 100)
    for attribute in ["history", "config", "source", "Conventions", "title", "run", "limit"] {
      #expect(try file.text(attribute)?.isEmpty == false, "\(attribute)")
    }
    #expect(try file.text("config") == Self.small)
  }

  @Test func projectionsAndSnapshots() throws {
    try solve()
    let record = try density(
      "--project", "w[4]", "--project", "a,norm(w)", "--project", "angle(w, pca1)", "--snapshots",
      "6,0", "--bandwidth", "0.05", "--grid", "20", "--bounds", "w[4]=-0.2:0.1", "--bounds",
      "norm(w)=0:2")
    #expect(record.projections.map(\.identifier) == ["w_4", "a__norm_w", "angle_w_pca1"])
    #expect(record.projections[0].steps == [0, 6])
    #expect(record.projections[0].bandwidthRule == "fixed")
    #expect(
      largestDifference(
        record.projections[1].bandwidthMatrix.map { $0 },
        [
          0.0025, 0, 0, 0.0025, 0.0025, 0, 0, 0.0025,
        ]) < 1e-15)
    // What lies beyond the grid is counted.
    let run = try reader("run.nc")
    let w = try run.read("input_weight", in: run.group("measure"))
    let outside = (0..<512).filter { !(-0.2...0.1).contains(w[5 * $0 + 4]) }.count
    #expect(record.projections[0].outsideCount[0] == outside && outside > 100)
    let norm = record.projections[1].axes[1]
    #expect(norm.points.first == 0 && norm.points.last == 2)
    #expect(record.projections[2].axes[0].units == "radian")
    #expect(record.projections[2].axes[0].upperBound == .pi)
  }

  @Test func directionsFromFiles() throws {
    try solve()
    try folder.write("e.csv", "\u{FEFF}# along the second coordinate\n0, 2,0 # of five\n0 0#\n")
    let record = try density(
      "--project", "dot(w, file:e.csv)", "--project", "w[1]", "--bandwidth", "0.1", "--grid", "20")
    #expect(record.projections.map(\.identifier) == ["dot_w_file_e_csv", "w_1"])
    #expect(largestDifference(record.projections[0].density, record.projections[1].density) < 1e-12)
    #expect(record.directions.map(\.values) == [[0, 1, 0, 0, 0]])
    #expect(record.directions[0].longName == "the direction in e.csv")

    try folder.write("short.csv", "1 2 3\n")
    try expectError(
      ["--project", "dot(w, file:short.csv)"], status: 65,
      "short.csv: dot(w, file:short.csv): received 3 numbers; accepted: 5, one for each coordinate"
        + " of w")
    try folder.write("zero.csv", "0 0 0 0 0\n")
    try expectError(
      ["--project", "dot(w, file:zero.csv)"], status: 65,
      "zero.csv: dot(w, file:zero.csv): every number is 0; accepted: a direction")
    try folder.write("text.csv", "1 2 3\nx 5 # y\n")
    try expectError(
      ["--project", "dot(w, file:text.csv)"], status: 65,
      "text.csv:2: dot(w, file:text.csv): received 'x'; accepted: finite decimal numbers")
    try expectError(
      ["--project", "dot(w, file:none.csv)"], status: 66,
      "none.csv: dot(w, file:none.csv): there is no such file")
  }

  @Test func histograms() throws {
    try solve()
    let record = try density("--histogram", "--project", "a", "--grid", "16")
    let projection = record.projections[0]
    #expect(projection.estimator.hasPrefix("histogram") && projection.bandwidthRule == "none")
    let spacing = projection.axes[0].spacing
    for snapshot in 0..<3 {
      let mass = projection.density(snapshot: snapshot).reduce(0, +) * spacing
      #expect(abs(mass + projection.outsideMass[snapshot] - 1) < 1e-12)
      #expect(abs(projection.bandwidth(snapshot: snapshot, axis: 0) - spacing) < 1e-15)
    }
  }

  /// Grids follow narrow kernels; where one is given that does not, there is a warning.
  @Test func narrowKernels() throws {
    try solve()
    let fine = try density("--project", "a", "--bandwidth", "0.002").projections[0]
    #expect(fine.axes[0].points.count == 4096 || fine.axes[0].points.count == 2048)
    #expect(fine.axes[0].spacing <= 0.002 && fine.gridWarning == nil)
    let result = try run([
      "density", "run.nc", "-o", "coarse.nc", "--quiet", "--project", "a", "--bandwidth", "0.002",
      "--grid", "50", "--bounds", "a=-2:2",
    ])
    #expect(result.status == 0)
    #expect(
      result.errors
        == "infwidth: warning: a: the grid's spacing along a, \(4.0 / 49), is too coarse for the"
        + " bandwidth at step 0, 0.002: entropies, quantiles and distances, which are sums over grid"
        + " points, are inaccurate; take more grid points or a larger bandwidth\n")
    let file = try reader("coarse.nc")
    guard case .text? = try file.attribute("comment", in: file.group("a")) else {
      Issue.record("no comment")
      return
    }
  }

  /// The same bits for any number of threads.
  @Test func threads() throws {
    try solve()
    for source in [[], ["--particles", "1024"]] {
      let densities = try ["1", "3"].map { threads in
        let result = try run(
          ["density", "run.nc", "-o", "density.nc", "--quiet", "--force", "--threads", threads]
            + source)
        #expect(result.status == 0, "\(result.errors)")
        return try DensityRecord.read(folder.path + "/density.nc").projections
      }
      #expect(densities[0] == densities[1])
    }
  }
}
