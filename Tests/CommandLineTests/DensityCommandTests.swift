import Foundation
import InfiniteWidth
import TestSupport
import Testing

/// `infwidth density`: from a run to a file of densities.
@Suite struct DensityCommandTests {
  let folder: Program.Folder

  init() throws {
    folder = try Program.Folder()
    try folder.write("small.yaml", Self.small)
  }

  static let small = """
    data:
      format: synthetic
      dimension: 5
      train: 40
      test: 30
    network:
      activation: leaky_relu
      slope: 0.1
      reference_width: 16
    training:
      learning_rate: 0.2
      steps: 6
    scaling: mean_field
    limit:
      particles: 512
    record:
      snapshots: [0, 2, 6]
    """

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
    try folder.write("e.csv", "# along the second coordinate\n0, 2,0\n0 0\n")
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
    try folder.write("text.csv", "1 2 3\nx 5\n")
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

  /// Fresh particles through the field: the densities of those that `limit --from` stores, which are the
  /// same particles.
  @Test func freshParticles() throws {
    try solve()
    let stored = try run([
      "limit", "small.yaml", "--from", "run.nc", "-o", "more.nc", "--particles", "4096", "--quiet",
    ])
    #expect(stored.status == 0, "\(stored.errors)")
    let options = ["--grid", "24", "--project", "a,dot(w,pca1)", "--project", "norm(w)"]
    #expect(try run(["density", "more.nc", "-o", "a.nc", "--quiet"] + options).status == 0)
    let fresh = try run(
      ["density", "run.nc", "-o", "b.nc", "--quiet", "--particles", "4096"] + options)
    #expect(fresh.status == 0, "\(fresh.errors)")
    #expect(fresh.output.hasPrefix("Densities of 4096 fresh particles of run.nc at 3 snapshots"))
    let (a, b) = (
      try DensityRecord.read(folder.path + "/a.nc"), try DensityRecord.read(folder.path + "/b.nc")
    )
    for (one, other) in zip(a.projections, b.projections) {
      #expect(one.axes == other.axes && one.steps == other.steps)
      let peak = one.density.max()!
      #expect(largestDifference(one.density, other.density) < 1e-11 * peak)
      #expect(largestDifference(one.bandwidthMatrix, other.bandwidthMatrix) < 1e-14)
    }
    #expect(try reader("b.nc").number("particles") == 4096)
    // Any step can be looked at, stored or not.
    let steps = try run(
      ["density", "run.nc", "-o", "c.nc", "--quiet", "--particles", "512", "--snapshots", "1,5"]
        + options)
    #expect(steps.status == 0, "\(steps.errors)")
    #expect(try DensityRecord.read(folder.path + "/c.nc").projections[0].steps == [1, 5])
    try expectError(
      ["--particles", "512", "--snapshots", "7"], status: 64,
      "--snapshots: received step 7; accepted: 0 to 6")
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
        == "infwidth: error: received density.nc with other files; accepted: one file of densities"
        + " alone\n")
  }

  @Test func badCommandLines() throws {
    try solve()
    let axes = "accepted: a, a[c], w[j], norm(w), dot(w, e) or angle(w, e)"
    for (arguments, message) in [
      (["--project", "b"], "--project: b: character 1: received b, did you mean a? \(axes)"),
      (["--project", ""], "--project: received an empty text; \(axes)"),
      (["--project", "w[5]"], "w[5]: received coordinate 5; accepted: 0 to 4"),
      (["--project", "a[1]"], "a[1]: received output 1; accepted: 0"),
      (
        ["--project", "dot(w, pca6)"],
        "dot(w, pca6): received pca6; accepted: pca1 to pca5, the rank of the centred training inputs"
      ),
      (
        ["--project", "dot(w, mean_difference[0,2])"],
        "dot(w, mean_difference[0,2]): received class 2; accepted: 0 to 1"
      ),
      (
        ["--kernel", "gausian"],
        "--kernel: received gausian, did you mean gaussian? accepted: gaussian, epanechnikov,"
          + " triangular, biweight, box"
      ),
      (["--bandwidth", "0"], "--bandwidth: received 0; accepted: positive numbers"),
      (["--bandwidth", "0.1,-1"], "--bandwidth: received -1; accepted: positive numbers"),
      (
        ["--bandwidth", "0.1,0.2", "--project", "a"],
        "--bandwidth: received 2 numbers, but a has 1 axis; accepted: one number, or one for each"
          + " axis of every projection"
      ),
      (["--grid", "1"], "--grid: received 1; accepted: 2 to 1048576"),
      (
        ["--bounds", "a=2:1"],
        "--bounds: received a=2:1; accepted: an axis and the ends of its grid, such as a=-2:2"
      ),
      (
        ["--bounds", "w[1]=0:1", "--project", "a"],
        "--bounds: w[1] is no axis of the projections; accepted: a"
      ),
      (
        ["--snapshots", "0,3"],
        "--snapshots: received step 3; accepted: 0, 2 and 6, the snapshots of the run"
      ),
      (
        ["--snapshots", "last"],
        "--snapshots: received last; accepted: training steps with commas between, such as 0,10,100"
      ),
      (["--seed", "3"], "--seed belongs to fresh particles; give --particles as well"),
      (["--particles", "0"], "--particles: received 0; accepted: 1 or more"),
      (
        ["--histogram", "--bandwidth", "1"],
        "--bandwidth belongs to kernels; the bins of --histogram are set by --grid"
      ),
      (
        ["--kernel", "box", "--bandwidth-shape", "matrix"],
        "--bandwidth-shape: received matrix with the box kernel; accepted: scalar, per_axis"
      ),
    ] { try expectError(arguments, status: 64, message) }
  }

  @Test func badFiles() throws {
    func expect(_ file: String, _ message: String, options: [String] = []) throws {
      let result = try run(["density", file, "-o", "x.nc", "--quiet"] + options)
      #expect(
        result.status == 65 && result.errors == "infwidth: error: \(message)\n", "\(result.errors)")
    }
    #expect(
      try run(["train", "small.yaml", "-o", "nets.nc", "--width", "4", "--quiet"]).status == 0)
    try expect(
      "nets.nc",
      "nets.nc: received finite nets, whose weights the file does not keep; accepted: a limit,"
        + " written by infwidth limit")
    try folder.write("without.yaml", Self.small.replacing("snapshots: [0, 2, 6]", with: "every: 1"))
    try solve("without.yaml", "without.nc")
    try expect(
      "without.nc",
      "without.nc: the file holds no particles: the measure of its limit is frozen at its initial law,"
        + " or the configuration gave no record.snapshots")
    // Its field drives fresh ones all the same.
    let fresh = try run([
      "density", "without.nc", "-o", "fresh.nc", "--particles", "512", "--quiet", "--grid", "12",
    ])
    #expect(fresh.status == 0, "\(fresh.errors)")
    #expect(try DensityRecord.read(folder.path + "/fresh.nc").projections[0].steps == [0, 6])

    // A limit that starts from a random function moves its particles by more than the field.
    try folder.write("random.yaml", Self.small.replacing("mean_field", with: "sym_default"))
    try solve("random.yaml", "random.nc")
    let path = URL(fileURLWithPath: folder.path + "/random.yaml").standardizedFileURL.path
    try expect(
      "random.nc",
      "\(path):13: scaling: the limit sym-default has a random initial function, which"
        + " --particles does not add; accepted: deterministic limits whose measure moves, such as"
        + " mean_field", options: ["--particles", "512"])
  }

  /// Laws of several outputs, whose a is a vector, and data with three classes or none.
  @Test func otherTasks() throws {
    let rows = (0..<36).map { row in
      "\((row * row) % 7),\((row * 5) % 11),\(row % 4),\(row % 3)"
    }
    try folder.write("points.csv", rows.joined(separator: "\n"))
    func config(_ loss: String) -> String {
      Self.small.replacing(
        "  format: synthetic\n  dimension: 5\n  train: 40\n  test: 30",
        with: "  format: csv\n  train_path: points.csv\n  train: 30"
      ).replacing("learning_rate: 0.2", with: "learning_rate: 0.01\n  loss: \(loss)")
    }
    try folder.write("classes.yaml", config("softmax"))
    try solve("classes.yaml")
    let classes = try density("--grid", "12")
    #expect(
      classes.projections.map(\.expression) == [
        "a[0]", "norm(w)", "a[0], dot(w, mean_difference[0,1])", "dot(w, pca1), dot(w, pca2)",
      ])
    let problem = try Experiment(LoadedConfiguration.load(path: folder.path + "/classes.yaml"))
      .problem
    var difference = [0.0, 0, 0]
    for (index, label) in problem.trainingLabels.enumerated() where label < 2 {
      for j in 0..<3 { difference[j] += (2 * label - 1) * problem.trainingInputs[index, j] / 10 }
    }
    let length = difference.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(
      largestDifference(classes.directions[0].values, difference.map { $0 / length }) < 1e-12)
    try expectError(
      ["--project", "a"], status: 64, "a: the law has 3 outputs; accepted: a[0] to a[2]")
    try expectError(
      ["--project", "dot(w, mean_difference)"], status: 64,
      "dot(w, mean_difference): the data have 3 classes; accepted: mean_difference[i,j] with two of"
        + " 0 to 2")
    try FileManager.default.removeItem(atPath: folder.path + "/run.nc")

    try folder.write("regression.yaml", config("squared"))
    try solve("regression.yaml")
    #expect(
      try density("--grid", "12").projections.map(\.expression) == [
        "a", "norm(w)", "a, dot(w, pca1)", "dot(w, pca1), dot(w, pca2)",
      ])
    try expectError(
      ["--project", "dot(w, mean_difference)"], status: 64,
      "dot(w, mean_difference): the data have no classes; accepted: pca1, pca2, ... or file:PATH")
  }

  /// Fresh particles take training steps, not a flow; what the run stored is looked at all the same.
  @Test func gradientFlow() throws {
    try folder.write(
      "flow.yaml", Self.small.replacing("particles: 512", with: "particles: 512\n  dynamics: flow"))
    try solve("flow.yaml")
    #expect(try density("--project", "a", "--grid", "12").projections[0].steps == [0, 2, 6])
    let path = URL(fileURLWithPath: folder.path + "/flow.yaml").standardizedFileURL.path
    try expectError(
      ["--particles", "512"], status: 65,
      "\(path):16: limit.dynamics: received flow; accepted with --particles: discrete")
  }

  /// The data are found where the run found them, or where --config says.
  @Test func movedData() throws {
    let rows = (0..<24).map { "\($0 % 7),\(($0 * 5) % 11),\($0 % 2)" }.joined(separator: "\n")
    try folder.write("points.csv", rows)
    try folder.write(
      "csv.yaml",
      Self.small.replacing(
        "  format: synthetic\n  dimension: 5\n  train: 40\n  test: 30",
        with: "  format: csv\n  train_path: points.csv\n  train: 20"))
    try solve("csv.yaml")
    _ = try density("--project", "dot(w,pca1)", "--grid", "12")
    let elsewhere = folder.path + "/elsewhere"
    try FileManager.default.createDirectory(atPath: elsewhere, withIntermediateDirectories: true)
    for name in ["points.csv", "csv.yaml"] {
      try FileManager.default.moveItem(
        atPath: folder.path + "/" + name, toPath: elsewhere + "/" + name)
    }
    let missing = try run([
      "density", "run.nc", "-o", "x.nc", "--quiet", "--project", "dot(w,pca1)",
    ])
    #expect(missing.status == 66)
    #expect(
      missing.errors.contains("--config says where the experiment's configuration lies now"),
      "\(missing.errors)")
    let found = try density(
      "--project", "dot(w,pca1)", "--grid", "12", "--config", "elsewhere/csv.yaml")
    #expect(found.directions[0].identifier == "pca1")
    // Without a projection named, those that need no data are left.
    let result = try run(["density", "run.nc", "-o", "some.nc", "--grid", "12"])
    #expect(result.status == 0)
    #expect(
      result.errors.hasPrefix(
        "infwidth: note: no projections on directions of the training inputs, which cannot be read: "
      ))
    #expect(
      try DensityRecord.read(folder.path + "/some.nc").projections.map(\.expression)
        == ["a", "norm(w)"])
    // Other labels in their place are refused.
    try rows.replacingOccurrences(of: ",0\n", with: ",1\n").write(
      toFile: elsewhere + "/points.csv", atomically: true, encoding: .utf8)
    let changed = try run([
      "density", "run.nc", "-o", "x.nc", "--quiet", "--project", "dot(w,pca1)", "--config",
      "elsewhere/csv.yaml",
    ])
    #expect(changed.status == 65, "\(changed.errors)")
  }

  /// A law whose a is the same for every particle at step 0, and is not a number at step 2.
  @Test func constantProjections() throws {
    let trajectory = Trajectory(
      steps: [0], members: 1, updates: 0, trainingPoints: 1, testPoints: 1, outputs: 1, probes: 0,
      hasAccuracy: false, hasDecomposition: false, hasError: false)
    let writer = try RunFileWriter(
      path: folder.path + "/run.nc", force: false,
      RunFileDescription(
        metadata: FileMetadata(configText: Self.small, history: "", source: "", seed: 1),
        limit: LimitDescription(name: "mean_field", alpha: -0.5, beta: 0, gamma: 0), particles: 4,
        realizations: 1,
        recording: RecordingDescription(
          steps: [0], updates: 0, outputs: 1, probes: 0, trainingLabels: [1], testLabels: [1]),
        measure: MeasureDescription(
          snapshotSteps: [0, 2], particles: 4, features: 2, outputs: 1, isSinglePrecision: false)))
    try writer.writeMass([0.25, 0.25, 0.25, 0.25])
    for (snapshot, a) in [[0.5, 0.5, 0.5, 0.5], [0.5, .nan, 1, 2]].enumerated() {
      try a.withUnsafeBufferPointer { a in
        try [0, 0, 1, 2, 3, 4, 5, 6.0].withUnsafeBufferPointer {
          try writer.writeSnapshotBlock(
            snapshotIndex: snapshot, firstParticle: 0, outputWeights: a, inputWeights: $0, rows: 4)
        }
      }
    }
    try writer.write(trajectory)
    try writer.finish()
    let first = ["--snapshots", "0", "--project"]
    try expectError(
      first + ["a,norm(w)"], status: 65,
      "a, norm(w): step 0: a is 0.5 for every particle; a bandwidth rule needs different values"
        + " (--bandwidth with a number does not)")
    let record = try density("--snapshots", "0", "--project", "a", "--bandwidth", "0.3")
    let projection = record.projections[0]
    let peak = 1 / (0.3 * (2 * Double.pi).squareRoot())
    #expect(abs(projection.density.max()! / peak - 1) < 1e-4)
    try expectError(
      ["--project", "a"], status: 65,
      "run.nc: a is nan for a particle at step 2: the run diverged before, or w is 0, which has no"
        + " angle; choose other --snapshots or another projection")
    try expectError(
      first + ["angle(w, file:e.csv)"], status: 66,
      "e.csv: angle(w, file:e.csv): there is no such file")
    try folder.write("e.csv", "1 1")
    try expectError(
      first + ["angle(w, file:e.csv)"], status: 65,
      "run.nc: angle(w, file:e.csv) is nan for a particle at step 0: the run diverged before, or w is"
        + " 0, which has no angle; choose other --snapshots or another projection")
  }
}
