import Foundation

/// Runs the built `infwidth` in a folder of its own.
struct Program {
  /// A new empty folder, whose name has a space and letters beyond ASCII; removed with the object.
  final class Folder {
    let path: String

    init() throws {
      path = NSTemporaryDirectory() + "infwidth größe \(UUID().uuidString)"
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws {
      try text.write(toFile: path + "/" + name, atomically: true, encoding: .utf8)
    }

    func exists(_ name: String) -> Bool {
      FileManager.default.fileExists(atPath: path + "/" + name)
    }

    func contents() -> [String] {
      (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? []
    }
  }

  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  /// The executable lies beside the test bundle.
  static var executable: URL {
    URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("infwidth")
  }

  /// - Parameters:
  ///   - searchPath: replaces the environment's PATH.
  ///   - environment: replaces other variables.
  ///   - executable: another build of the program.
  static func run(
    _ arguments: [String], in folder: Folder, searchPath: String? = nil,
    environment: [String: String] = [:], executable: URL = Self.executable
  ) throws -> Result {
    let process = Process()
    process.environment = ProcessInfo.processInfo.environment
      .merging(environment) { $1 }.merging(searchPath.map { ["PATH": $0] } ?? [:]) { $1 }
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    let output = Pipe()
    let errors = folder.path + "/../\(UUID().uuidString).stderr"
    _ = FileManager.default.createFile(atPath: errors, contents: nil)
    defer { try? FileManager.default.removeItem(atPath: errors) }
    process.standardOutput = output
    process.standardError = FileHandle(forWritingAtPath: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: try String(contentsOfFile: errors, encoding: .utf8))
  }
}
