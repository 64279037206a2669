import Foundation
import InfiniteWidth
import TestSupport
import Testing

/// What `infwidth density` refuses or warns of, in which words and with which status.
@Suite struct DensityRefusalTests: DensityExperiment {
  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  @Test func badCommandLines() throws {
    try solve()
    let axes = "accepted: a, a[c], w[j], norm(w), dot(w, e), angle(w, e) or z2[p]"
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
        "--bandwidth belongs to kernels; the bins of --histogram are set by --grid and --bounds"
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
    try folder.write("without.yaml", Self.small.replacing("snapshots: [0, 2, 6]", with: "every: 1"))
    #expect(
      try run(["train", "without.yaml", "-o", "nets.nc", "--width", "4", "--quiet"]).status == 0)
    try expect(
      "nets.nc",
      "nets.nc: the file holds no weights of its nets: the configuration gave no record.snapshots")
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

    // All that a random initial function does to the particles is in the field.
    try folder.write("random.yaml", Self.small.replacing("mean_field", with: "sym_default"))
    try solve("random.yaml", "random.nc")
    let random = try run([
      "density", "random.nc", "-o", "random-fresh.nc", "--particles", "512", "--quiet", "--grid",
      "12",
    ])
    #expect(random.status == 0, "\(random.errors)")
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
}
