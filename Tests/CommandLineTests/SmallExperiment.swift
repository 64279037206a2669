import Foundation
import InfiniteWidth
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

/// Data and networks of an experiment of several hidden layers, to which suites add sections.
///
/// - Parameters:
///   - test: test points.
///   - settings: further ones of the networks.
func layeredConfiguration(
  hiddenLayers: Int, referenceWidth: Int = 16, test: Int = 10, settings: String...
) -> String {
  ([
    """
    data:
      format: synthetic
      dimension: 5
      train: 24
      test: \(test)
    network:
      activation: leaky_relu
      slope: 0.1
      hidden_layers: \(hiddenLayers)
      reference_width: \(referenceWidth)
    """
  ] + settings.map { "  \($0)" }).joined(separator: "\n") + "\n"
}

extension SmallExperiment {
  static var small: String { smallConfiguration }

  static func smallFolder() throws -> Program.Folder {
    let folder = try Program.Folder()
    try folder.write("small.yaml", small)
    return folder
  }

  /// The same with long.yaml, which runs until it is stopped.
  static func longFolder() throws -> Program.Folder {
    let folder = try smallFolder()
    try folder.write(
      "long.yaml",
      small.replacingOccurrences(of: "steps: 6", with: "steps: 1000000")
        .replacingOccurrences(of: "record:", with: "record:\n  every: 100000"))
    return folder
  }

  func run(_ arguments: String...) throws -> Program.Result {
    try Program.run(arguments, in: folder)
  }

  /// Runs a line of shell in the folder; `$infwidth` is the program.
  func shell(_ line: String) throws -> Program.Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", line]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["infwidth": Program.executable.path]) { $1 }
    let output = folder.path + "/../\(UUID().uuidString).out"
    let errors = folder.path + "/../\(UUID().uuidString).err"
    for file in [output, errors] {
      _ = FileManager.default.createFile(atPath: file, contents: nil)
    }
    defer {
      for file in [output, errors] { try? FileManager.default.removeItem(atPath: file) }
    }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    try process.run()
    process.waitUntilExit()
    return Program.Result(
      status: process.terminationStatus,
      output: try String(contentsOfFile: output, encoding: .utf8),
      errors: try String(contentsOfFile: errors, encoding: .utf8))
  }

  /// Writes a variant of small.yaml.
  func write(_ name: String, replacing old: String, with new: String) throws {
    #expect(Self.small.contains(old))
    try folder.write(name, Self.small.replacingOccurrences(of: old, with: new))
  }

  /// Runs a command of a variant of small.yaml, which it refuses.
  func refuse(
    _ command: String, replacing old: String, with new: String, _ text: String,
    location: SourceLocation = #_sourceLocation
  ) throws {
    try write("wrong.yaml", replacing: old, with: new)
    let result = try run(command, "wrong.yaml", "-o", "wrong.nc", "--quiet")
    #expect(result.status == 65, sourceLocation: location)
    #expect(result.errors.contains(text), "\(result.errors)", sourceLocation: location)
    #expect(!folder.exists("wrong.nc"), sourceLocation: location)
  }

  /// The numbers of a variable of a file in the folder.
  func values(_ file: String, _ name: String) throws -> [Double] {
    try NetCDFReader(path: folder.path + "/" + file).read(name)
  }
}
