import Foundation
import InfiniteWidth
import Testing

/// The configurations of data/experiments, by the commands that they name.
@Suite(.serialized) struct ExperimentFilesTests {
  private static let environment = ProcessInfo.processInfo.environment
  /// The folder with real image data, which is not part of the package.
  private static let images =
    environment["INFINITEWIDTH_DATA"]
    ?? ExperimentFile.package.appendingPathComponent("../shared/data").standardized.path
  /// A release build is many times faster: `Scripts/test --slow` names it.
  private static let executable =
    environment["INFINITEWIDTH_PROGRAM"].map { URL(fileURLWithPath: $0) } ?? Program.executable

  /// Every file has a quick scale and says how it is run.
  @Test func everyFileNamesItsCommands() throws {
    let files = try ExperimentFile.all()
    #expect(files.count >= 20)
    for file in files {
      #expect(file.commands.contains { $0.contains { $0.hasSuffix(file.name) } }, "\(file.name)")
      #expect(file.text.contains("\n  quick:\n"), "\(file.name)")
    }
  }

  /// data/experiments/README.md has a row for each.
  @Test func theTableIsComplete() throws {
    let path = ExperimentFile.package.appendingPathComponent("data/experiments/README.md").path
    let table = try String(contentsOfFile: path, encoding: .utf8)
    for file in try ExperimentFile.all() {
      #expect(table.contains("\n| [\(file.name)](\(file.name)) |"), "\(file.name)")
    }
  }

  /// Runs all of a file's commands at its quick scale, one after another, as they stand.
  @Test(
    .enabled(
      if: environment["INFINITEWIDTH_SLOW"] != nil,
      "many minutes: set INFINITEWIDTH_SLOW, or use Scripts/test --slow"),
    arguments: (try? ExperimentFile.all()) ?? [])
  func quickScale(_ file: ExperimentFile) throws {
    // Without its data a file is read alone (`ConfigurationScaleTests`).
    guard file.foreignData.allSatisfy({ exists("\(Self.images)/\($0)") }) else { return }
    let folder = try Program.Folder()
    let experiments = folder.path + "/data/experiments"
    let manager = FileManager.default
    try manager.createDirectory(atPath: experiments, withIntermediateDirectories: true)
    try manager.copyItem(
      atPath: ExperimentFile.package.appendingPathComponent("data/digits.csv").path,
      toPath: folder.path + "/data/digits.csv")
    try file.text.write(
      toFile: experiments + "/" + file.name, atomically: true, encoding: .utf8)
    for name in file.foreignData {
      try manager.createSymbolicLink(
        atPath: experiments + "/" + name, withDestinationPath: "\(Self.images)/\(name)")
    }
    let start = ContinuousClock.now
    for command in file.commands { try check(command, of: file, in: folder) }
    print("\(file.name) --scale quick: \(ContinuousClock.now - start)")
  }

  private func check(_ command: [String], of file: ExperimentFile, in folder: Program.Folder) throws
  {
    let base = ExperimentFile.base(of: command)
    let outputs = ExperimentFile.outputs(of: command)
    for output in outputs {
      try FileManager.default.createDirectory(
        at: URL(fileURLWithPath: folder.path + "/" + base + output).deletingLastPathComponent(),
        withIntermediateDirectories: true)
    }
    let isScaled = command.contains { $0.hasSuffix(".yaml") }
    let arguments = command.map {
      $0.hasSuffix(".yaml") || $0.hasSuffix(".nc") || outputs.contains($0) ? base + $0 : $0
    }
    let result = try Program.run(
      arguments + (isScaled ? ["--scale", "quick"] : []), in: folder,
      executable: Self.executable)
    #expect(result.status == 0, "\(command): \(result.errors)")
    for output in outputs {
      let path = folder.path + "/" + base + output
      #expect(exists(path), "\(command)")
      guard isScaled, output.hasSuffix(".nc"), exists(path) else { continue }
      let scale = try NetCDFReader(path: path).text("scale")
      #expect(scale == "quick", "\(command)")
    }
  }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
