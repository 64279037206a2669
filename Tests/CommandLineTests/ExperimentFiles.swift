import Foundation
import Testing

/// A configuration of data/experiments and the commands that stand in the remark at its head.
struct ExperimentFile: CustomTestStringConvertible {
  let name: String
  let text: String

  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let folder = package.appendingPathComponent("data/experiments")

  var testDescription: String { name }

  static func all() throws -> [ExperimentFile] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".yaml") }.sorted().map { name in
        let path = folder.appendingPathComponent(name).path
        return ExperimentFile(name: name, text: try String(contentsOfFile: path, encoding: .utf8))
      }
  }

  /// The arguments of each `infwidth` in the remark: lines that end with a backslash go on in the next,
  /// and what follows a number sign is a remark of its own.
  var commands: [[String]] {
    let head = text.split(separator: "\n", omittingEmptySubsequences: false)
      .prefix { $0.hasPrefix("#") }.map { $0.dropFirst() }
    let lines = head.joined(separator: "\n").replacing("\\\n", with: " ").split(separator: "\n")
    return lines.compactMap { line in
      // Quotes are the shell's; nothing within them has spaces.
      let words = line.prefix { $0 != "#" }.split(separator: " ").map {
        String($0).replacing("\"", with: "")
      }
      return words.first == "infwidth" ? Array(words.dropFirst()) : nil
    }
  }

  /// Folders of data that are not part of the package and that the configuration reads.
  var foreignData: [String] {
    ["cifar2", "mnist"].filter { text.contains("_path: \($0)/") }
  }

  /// Files and folders that a command writes or reads are relative to the package's root where they say so, else to
  /// the folder of the configurations.
  static func base(of command: [String]) -> String {
    command.contains { $0.hasPrefix("data/") || $0.hasPrefix("output/") } ? "" : "data/experiments/"
  }

  /// The outputs of a command.
  static func outputs(of command: [String]) -> [String] {
    zip(command, command.dropFirst()).filter { ["-o", "--figures"].contains($0.0) }.map(\.1)
  }
}
