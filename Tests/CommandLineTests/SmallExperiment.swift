import Foundation
import Testing

/// A suite with a folder that holds small.yaml, a mean-field experiment of a fraction of a second.
protocol SmallExperiment {
  /// What small.yaml says.
  static var small: String { get }
  var folder: Program.Folder { get }
}

/// The configuration of ``SmallExperiment``, of which suites have variants.
let smallConfiguration = """
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
  limit:
    particles: 256
  finite:
    widths: [8, 32]
    seeds: 3
  record:
    snapshots: [0, 6]
  """

extension SmallExperiment {
  static var small: String { smallConfiguration }

  static func smallFolder() throws -> Program.Folder {
    let folder = try Program.Folder()
    try folder.write("small.yaml", small)
    return folder
  }

  func run(_ arguments: String...) throws -> Program.Result {
    try Program.run(arguments, in: folder)
  }

  /// Writes a variant of small.yaml.
  func write(_ name: String, replacing old: String, with new: String) throws {
    #expect(Self.small.contains(old))
    try folder.write(name, Self.small.replacingOccurrences(of: old, with: new))
  }
}
