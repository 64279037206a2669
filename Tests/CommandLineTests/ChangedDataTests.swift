import Foundation
import InfiniteWidth
import Testing

/// Training data that have changed since a run are not taken for those that it was made from.
@Suite struct ChangedDataTests: DensityExperiment {
  let folder: Program.Folder

  init() throws {
    folder = try Self.smallFolder()
    try folder.write("points.csv", Self.points(scale: 1))
    try folder.write(
      "csv.yaml",
      Self.small.replacing(
        "  format: synthetic\n  dimension: 5\n  train: 40\n  test: 30",
        with: "  format: csv\n  train_path: points.csv\n  train: 20"))
  }

  /// - Parameter scale: of the first column; labels stay.
  static func points(scale: Int, rows: Int = 24) -> String {
    (0..<rows).map { "\(scale * ($0 % 7)),\(($0 * 5) % 11),\($0 % 2)" }.joined(separator: "\n")
  }

  static let uses: [[String]] = [
    ["density", "run.nc", "--particles", "512"],
    ["density", "run.nc", "--project", "dot(w,pca1)"],
    ["density", "run.nc"],
    ["density", "nets.nc", "--project", "angle(w,mean_difference)"],
    ["limit", "csv.yaml", "--from", "run.nc", "--particles", "512"],
  ]

  @Test func everyUseOfTheDataIsRefused() throws {
    try solve("csv.yaml")
    #expect(try run(["train", "csv.yaml", "-o", "nets.nc", "--quiet"]).status == 0)
    let path = URL(fileURLWithPath: folder.path + "/points.csv").standardizedFileURL.path
    for (changed, points) in [
      (false, Self.points(scale: 1)), (true, Self.points(scale: 10)),
      // Points that the run does not train on may change.
      (false, Self.points(scale: 1, rows: 23)),
    ] {
      try folder.write("points.csv", points)
      for use in changed ? Self.uses : Array(Self.uses[..<2]) {
        let result = try run(use + ["-o", "x.nc", "--quiet", "--force"])
        guard changed else {
          #expect(result.status == 0, "\(result.errors)")
          continue
        }
        #expect(result.status == 65, "\(use)")
        let file = use[0] == "limit" ? "points.csv" : path
        // The projection that needs the data.
        let axis = use.last!.hasSuffix(")") ? use.last!.replacing(",", with: ", ") + ": " : ""
        #expect(
          result.errors
            == "infwidth: error: \(file): \(axis)the training data have changed since the run"
            + " \(use[0] == "limit" ? "run.nc" : use[1]); accepted: the points that it was made from\n"
        )
      }
    }
    // What needs no data is looked at all the same.
    try folder.write("points.csv", Self.points(scale: 10))
    #expect(try density("--project", "a").projections.count == 1)
  }

  /// The same points in a file of another name are the same data.
  @Test func dataOfAnotherName() throws {
    try solve("csv.yaml")
    #expect(try run(["train", "csv.yaml", "-o", "nets.nc", "--quiet"]).status == 0)
    let configuration = try String(contentsOfFile: folder.path + "/csv.yaml", encoding: .utf8)
    try folder.write(
      "moved.yaml", configuration.replacing("train_path: points.csv", with: "train_path: moved.csv")
    )
    let uses = [
      ["limit", "moved.yaml", "--from", "run.nc", "--particles", "512"],
      ["compare", "moved.yaml", "--limit", "run.nc", "--nets", "nets.nc"],
    ]
    for scale in [1, 10] {
      try folder.write("moved.csv", Self.points(scale: scale))
      for use in uses {
        let result = try run(use + ["-o", "x.nc", "--quiet", "--force"])
        #expect(result.status == (scale == 1 ? 0 : 65), "\(result.errors)")
        if scale == 10 {
          #expect(
            result.errors.hasPrefix(
              "infwidth: error: moved.csv: the training data have changed since the run"),
            "\(result.errors)")
        }
      }
    }
  }

  /// Nets that were trained on other points are not put beside the limit.
  @Test func netsOfOtherData() throws {
    try solve("csv.yaml")
    try folder.write("points.csv", Self.points(scale: 10))
    #expect(try run(["train", "csv.yaml", "-o", "nets.nc", "--quiet"]).status == 0)
    try expectError(
      ["--nets", "nets.nc", "--project", "a"], status: 65,
      "nets.nc: its training data are not those of run.nc: the data have changed between the runs")
  }

  /// Curves of limits and networks of other points are not drawn in common axes.
  @Test func plotsOfOtherData() throws {
    func points(test scale: Int) -> String { Self.points(scale: scale) }
    try folder.write("test.csv", points(test: 1))
    try folder.write(
      "csv.yaml",
      Self.small.replacing(
        "  format: synthetic\n  dimension: 5\n  train: 40\n  test: 30",
        with: "  format: csv\n  train_path: points.csv\n  test_path: test.csv\n  train: 20"))
    try solve("csv.yaml")
    try folder.write("test.csv", points(test: 10))
    #expect(try run(["train", "csv.yaml", "-o", "nets.nc", "--quiet"]).status == 0)
    try folder.write("points.csv", Self.points(scale: 10))
    #expect(
      try run(["limit", "csv.yaml", "--scaling", "ntk", "-o", "ntk.nc", "--quiet"]).status == 0)
    for (second, what) in [("nets.nc", "test"), ("ntk.nc", "training")] {
      let result = try run(["plot", "run.nc", second, "-o", "figures"])
      #expect(result.status == 65)
      #expect(
        result.errors
          == "infwidth: error: \(second): its \(what) data are not those of run.nc: the data have changed"
          + " between the runs\n")
    }
    let three = try run(["plot", "ntk.nc", "ntk.nc", "nets.nc", "-o", "figures"])
    #expect(three.errors.contains("nets.nc: its training data are not those of ntk.nc"))
    #expect(!folder.exists("figures"))
  }

  /// Files that have no fingerprint are accepted.
  @Test func filesWithoutAFingerprint() throws {
    try solve()
    #expect(try reader("run.nc").text("training_data_fingerprint") == nil)
    #expect(try density("--project", "dot(w,pca1)").projections.count == 1)
    try solve("csv.yaml", "csv.nc")
    #expect(
      try reader("csv.nc").text("training_data_fingerprint")?.hasPrefix("20 x 2, fnv1a ") == true)
  }
}
