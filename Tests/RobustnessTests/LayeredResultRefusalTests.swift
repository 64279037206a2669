import InfiniteWidth
import Testing

extension ResultSuites {
  /// What a comparison says of populations of hidden layers that are not those of its experiment.
  @Suite struct LayeredResultRefusalTests: RefusedFiles {
    let files: ResultFiles
    let reading: ResultReading
    let path: String

    init() throws {
      files = try ResultFiles.shared.get()
      reading = try ResultReading(files)
      path = Self.newPath(files)
    }

    /// - Parameter change: of the group `layer_1` or `layer_2`.
    private func refuse(
      _ name: String, layer: Int, _ message: String, location: SourceLocation = #_sourceLocation,
      change: (inout FileTree) throws -> Void
    ) throws {
      try expect(name, message, location: location) { tree in
        try tree.changeGroup(["measure"] + (name == "layered" ? [] : ["width_8"])) {
          try $0.changeGroup(["layer_\(layer)"], change)
        }
      } read: {
        if name == "layered" {
          try reading.compare(files.layered, limit: $0, output: path + ".out")
        } else {
          try reading.compare(
            files.layered, limit: files.path("layered"), nets: $0, output: path + ".out")
        }
      }
    }

    @Test func limitsFitTheExperiment() throws {
      try refuse(
        "layered", layer: 1,
        "the particles have 5 features and 1 outputs where the experiment has 2 and 1"
      ) { $0.setLength("feature", 5) }
      try refuse(
        "layered", layer: 2,
        "the particles have 2 features and 3 outputs where the experiment has 2 and 1"
      ) { $0.setLength("output", 3) }
      try refuse(
        "layered", layer: 2,
        "the snapshots of layer 1 (step 0, 3) are not those of layer 2 (step 0, 2)"
      ) { $0["step"].numbers = [0, 2] }
      try refuse(
        "layered", layer: 2,
        "the attribute replicates is 4.0; accepted: a divisor of the number of particles, 33"
      ) { $0.setLength("particle", 33) }
    }

    @Test func networksFitTheExperiment() throws {
      for (layer, dimension, length, words) in [
        (1, "feature", 5, "5 features; accepted: 2"), (2, "output", 3, "3 outputs; accepted: 1"),
        (1, "particle", 9, "18 neurons in all; accepted: 16"),
        (2, "seed", 1, "1 seeds; accepted: 2"),
      ] {
        try refuse(
          "layered-nets", layer: layer,
          "the weights of the nets of width 8 have \(words), as the networks of the file and the experiment have"
        ) { $0.setLength(dimension, length) }
      }
    }
  }
}

extension FileTree {
  /// Changes the group inside groups of these names.
  fileprivate mutating func changeGroup(
    _ names: [String], _ change: (inout FileTree) throws -> Void
  ) rethrows {
    guard let name = names.first else { return try change(&self) }
    let place = groups.firstIndex { $0.name == name }!
    try groups[place].changeGroup(Array(names.dropFirst()), change)
  }
}
