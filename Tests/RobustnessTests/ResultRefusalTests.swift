import Foundation
import InfiniteWidth
import Testing

extension ResultSuites {
  /// What readers say of files of results that cannot be: each was once a crash.
  @Suite struct ResultRefusalTests: RefusedFiles {
    let files: ResultFiles
    let reading: ResultReading
    let path: String

    init() throws {
      files = try ResultFiles.shared.get()
      reading = try ResultReading(files)
      path = Self.newPath(files)
    }

    @Test func stepsAndWidthsIncrease() throws {
      let message = "the variable step must hold increasing numbers, of at least 0"
      for name in ["run", "nets", "comparison"] {
        try expect(name, message) {
          $0["step"].numbers = [0, 1, 1, 2]
        } read: {
          try reading.figures($0)
        }
      }
      try expect("nets", "the variable width must hold increasing numbers, of at least 1") {
        $0["width"].numbers = [0, 8]
      } read: {
        try reading.figures($0)
      }
    }

    @Test func membersAreThere() throws {
      try expect("run", "the dimension realization is empty; accepted: one entry or more") {
        $0.setLength("realization", 0)
      } read: {
        try reading.figures($0)
      }
    }

    @Test func snapshotsAreThere() throws {
      try expect("run", "the file has no snapshots of the weights; accepted: at least one") {
        $0.groups[$0.groups.firstIndex { $0.name == "measure" }!].setLength("snapshot", 0)
      } read: {
        try reading.density($0, output: path + ".density", particles: 64)
      }
    }

    /// The laws of one file are estimated at the same snapshots.
    @Test func netsOfEveryWidthAreOfOneRun() throws {
      func change(_ tree: inout FileTree, _ dimension: String, _ length: Int) {
        let measure = tree.groups.firstIndex { $0.name == "measure" }!
        let width = tree.groups[measure].groups.firstIndex { $0.name == "width_8" }!
        tree.groups[measure].groups[width].setLength(dimension, length)
        if dimension == "snapshot" {
          tree.groups[measure].groups[width]["step"].numbers = [0]
        }
      }
      let accepted = "; accepted: weights of nets that infwidth train made in one run"
      for (dimension, length, message) in [
        ("snapshot", 1, "snapshots at steps 0, those of width 4 have 0 and 3"),
        ("feature", 3, "features 3, those of width 4 have 2"),
        ("output", 2, "outputs 2, those of width 4 have 1"),
      ] {
        try expect("nets", "the nets of width 8 have " + message + accepted) {
          change(&$0, dimension, length)
        } read: {
          try reading.density($0, output: path + ".density")
        }
      }
    }

    @Test func namesOfGroups() throws {
      try expect("density", "the file has no group width_8") {
        $0.groups[$0.groups.firstIndex { $0.name == "width_8" }!].name = "width_08"
      } read: {
        try reading.figures($0)
      }
    }

    /// A group width_04 is no second one of width 4.
    @Test func widthsOfNetsAreThoseOfTheirGroups() throws {
      var tree = try FileTree(files.path("nets"))
      let measure = tree.groups.firstIndex { $0.name == "measure" }!
      let width = tree.groups[measure].groups.firstIndex { $0.name == "width_8" }!
      tree.groups[measure].groups[width].name = "width_04"
      try tree.write(path)
      defer { try? FileManager.default.removeItem(atPath: path) }
      #expect(try MeasureFile.widths(path) == [4])
      try reading.density(path, output: path + ".density")
      try FileManager.default.removeItem(atPath: path + ".density")
    }

    @Test func densitiesHaveOneGrid() throws {
      let message = "the densities along a are not all on one grid at the same steps"
      try expect("density", message) {
        let width = $0.groups.firstIndex { $0.name == "width_8" }!
        let place = $0.groups[width].groups.firstIndex { $0.name == "a" }!
        $0.groups[width].groups[place]["step"].numbers = [0, 2]
      } read: {
        try reading.figures($0)
      }
    }

    @Test func densitiesAreNumbers() throws {
      func change(_ tree: inout FileTree, _ body: (inout FileTree) -> Void) {
        body(&tree.groups[tree.groups.firstIndex { $0.name == "a" }!])
      }
      try expect("density", "a/density has numbers that are not finite") {
        change(&$0) { $0["density"].numbers = [1, .nan] }
      } read: {
        try reading.figures($0)
      }
      try expect("density", "a/density has no snapshot") {
        change(&$0) { $0.setLength("snapshot", 0) }
      } read: {
        try reading.figures($0)
      }
    }

    @Test func shapesOfComparisons() throws {
      try expect(
        "comparison", "the variable rate_verdict has the dimensions width; expected: metric"
      ) {
        $0["rate_verdict"].dimensions = ["width"]
      } read: {
        try reading.figures($0)
      }
      try expect(
        "comparison",
        "the variable network_train_loss has the dimensions width, step; expected: width, seed, step"
      ) {
        $0["network_train_loss"].dimensions = ["width", "step"]
      } read: {
        try reading.figures($0)
      }
    }

    @Test func rankingsNameScalings() throws {
      try expect("ranking", "the variable best_logit_gap has the value 99; accepted: -1 to 1") {
        $0["best_logit_gap"].numbers = [99]
      } read: {
        try reading.page($0)
      }
    }

    @Test func replicatesDivideParticles() throws {
      for (value, text) in [(1e30, "1e+30"), (.nan, "nan"), (3, "3.0"), (0, "0.0")] {
        try expect(
          "run",
          "the attribute replicates is \(text); accepted: a divisor of the number of particles, 64"
        ) {
          $0.attributes["replicates"] = .double(value)
        } read: {
          try reading.compare(files.experiment, limit: $0, output: path + ".out")
        }
      }
    }

    @Test func comparedRunsFitTheExperiment() throws {
      func refuse(
        _ name: String, _ message: String, location: SourceLocation = #_sourceLocation,
        change: (inout FileTree) throws -> Void
      ) throws {
        try expect(name, message, location: location, change: change) {
          if name == "run" {
            try reading.compare(files.experiment, limit: $0, output: path + ".out")
          } else {
            try reading.compare(
              files.experiment, limit: files.path("run"), nets: $0, output: path + ".out")
          }
        }
      }
      let config = files.experiment.loaded.path
      try refuse(
        "run",
        "received 4 updates where \(config) has 3; runs that are compared are of the same data"
      ) { $0.setLength("update", 4) }
      func changeWeights(_ tree: inout FileTree, _ dimension: String, _ length: Int) {
        let measure = tree.groups.firstIndex { $0.name == "measure" }!
        let width = tree.groups[measure].groups.firstIndex { $0.name == "width_8" }!
        tree.groups[measure].groups[width].setLength(dimension, length)
      }
      for (dimension, length, words) in [
        ("feature", 5, "5 features; accepted: 2"), ("output", 3, "3 outputs; accepted: 1"),
        ("particle", 9, "18 neurons in all; accepted: 16"),
      ] {
        try refuse(
          "nets",
          "the weights of the nets of width 8 have \(words), as the networks of the file and the experiment have"
        ) { changeWeights(&$0, dimension, length) }
      }
      try refuse(
        "nets",
        "the weights of the nets of width 8 have 1 seeds; accepted: 2, as the networks of the file and the"
          + " experiment have"
      ) { changeWeights(&$0, "seed", 1) }
      try refuse("nets", "the file has no train_accuracy or no test_accuracy") {
        $0.variables.removeAll { $0.name == "test_accuracy" }
      }
      try refuse(
        "run", "the particles have 5 features and 1 outputs where the experiment has 2 and 1"
      ) { $0.groups[0].setLength("feature", 5) }
      try refuse(
        "run", "the variable test_logits_error has the value -1.0; accepted: no negative numbers"
      ) { $0["test_logits_error"].numbers = [-1] }
    }

    /// A dimension of 2^40 entries takes no room in a file: it is what the header says.
    @Test func hugeDimensions() throws {
      var tree = try FileTree(files.path("run"))
      tree.groups[0].setLength("particle", 1 << 40)
      try tree.write(path)
      defer { try? FileManager.default.removeItem(atPath: path) }
      let size = try Data(contentsOf: URL(fileURLWithPath: path)).count
      #expect(
        throws: Diagnostic(
          .badInput, "the variable mass claims more numbers than a file of \(size) bytes can hold",
          file: path)
      ) { try reading.density(path, output: path + ".out") }
    }
  }
}
