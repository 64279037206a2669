import Diagnostics
import Foundation
import Yams

/// A configuration together with the file it was read from, so that errors found later, in modules
/// that know only keys, can name the line.
public struct LoadedConfiguration: Sendable {
  /// What the file states, checked, with defaults filled in.
  public var configuration: ExperimentConfiguration
  /// The file's text as written; with a scale, the configuration that its keys make, defaults included.
  public let text: String
  /// The file as the user named it.
  public let path: String
  /// The scale whose keys replace those of the file; `nil`: the file as it stands.
  public let scale: String?
  /// The line of every key, by dotted path.
  private let lines: [String: Int]
  /// The keys that the scale replaces.
  private let scaled: Set<String>

  /// The options of the command line that stand in for keys of the file, by key.
  private var options: [String: String] = [:]

  /// Files larger than this are not configurations.
  static let largestSize = 16 << 20

  /// Reads and checks a configuration file.
  ///
  /// - Parameter scale: one of the file's `scales`, whose keys replace those of the file.
  /// - Throws: `Diagnostic` of kind `inputMissing` where the file is missing or unreadable, of kind
  ///   `badInput` with file, line and key where its content is not acceptable, of kind `commandLine`
  ///   where the file has no such scale.
  public static func load(path: String, scale: String? = nil) throws -> LoadedConfiguration {
    let data = try fileContents(path)
    guard let text = String(validating: data, as: UTF8.self) else {
      // A newline is never part of another character, so the first line at fault can be named.
      let line = data.split(separator: 0x0A, omittingEmptySubsequences: false)
        .firstIndex { String(validating: $0, as: UTF8.self) == nil }
      throw Diagnostic(
        .badInput, "the file is not UTF-8 text", file: path, line: line.map { $0 + 1 })
    }
    return try parse(text: text, path: path, scale: scale)
  }

  /// Reads and checks a configuration held in memory.
  ///
  /// Every scale is checked, asked for or not.
  ///
  /// - Parameters:
  ///   - path: The file's name in errors, and the place that relative paths start from.
  ///   - scale: as in ``load(path:scale:)``.
  /// - Throws: `Diagnostic` as ``load(path:scale:)``.
  public static func parse(
    text: String, path: String, scale: String? = nil
  ) throws -> LoadedConfiguration {
    guard text.utf8.count <= largestSize else { throw tooLarge(path) }
    let root = try YAMLDocument(text: text, file: path).root()
    let top = ValueReader(node: root, file: path, key: "", line: nil)
    guard top.isMapping else {
      throw Diagnostic(
        .badInput, "the file must hold sections such as data:, not \(top.received)",
        file: path, line: root.mark?.line)
    }
    let configuration = try ExperimentConfiguration(top)
    var lines = top.keyLines()
    let scales = try ConfigurationScale.all(of: top)
    let scaled = try scales.map { try $0.configuration(of: top) }
    guard let scale else {
      return LoadedConfiguration(
        configuration: configuration, text: text, path: path, scale: nil, lines: lines, scaled: [])
    }
    guard let place = scales.firstIndex(where: { $0.name == scale }) else {
      throw ConfigurationScale.unknown(scale, among: scales.map(\.name), file: path)
    }
    let name = (path as NSString).lastPathComponent
    let replaced = scales[place].replace(in: &lines)
    return LoadedConfiguration(
      configuration: scaled[place],
      text: "# \(name) at the scale \(scale)\n" + (try scaled[place].yaml()), path: path,
      scale: scale, lines: lines, scaled: replaced)
  }

  /// The line of a key such as `training.steps`; for a key the file does not give, the line of the
  /// section it belongs to; `nil` where that is missing as well.
  package func location(of dottedKey: String) -> (file: String, line: Int)? {
    var key = dottedKey[...]
    while !key.isEmpty {
      if let line = lines[String(key)] { return (path, line) }
      key = key.lastIndex(of: ".").map { key[..<$0] } ?? ""
    }
    return nil
  }

  /// Puts the value of an option of the command line in place of the file's `scaling`; errors about
  /// it then name the option and not a line.
  package mutating func replaceScaling(_ scaling: ScalingSection, option: String) {
    configuration.scaling = scaling
    options["scaling"] = option
    // A default that depends on the scaling.
    if configuration.training?.optimizer == .rmsprop, !gives("training.epsilon") {
      let isDeep = configuration.deepScalingName != nil
      configuration.training?.epsilon = isDeep ? 0 : TrainingSection.defaultEpsilon
    }
  }

  /// Puts the value of an option in place of the file's `limit.design`, as `replaceScaling(_:option:)`.
  mutating func replaceDesign(_ design: String, option: String) {
    configuration.limit.design = design
    options["limit.design"] = option
  }

  /// The file with other settings, which no line of it gives.
  func with(_ configuration: ExperimentConfiguration) -> LoadedConfiguration {
    var other = self
    other.configuration = configuration
    return other
  }

  /// Whether the file itself has the key, such as `limit.tolerance`.
  func gives(_ dottedKey: String) -> Bool { lines[dottedKey] != nil }

  /// The diagnostic with file and line filled in from its key. One that names another file, such as
  /// a data file, is returned as it is: the line would be wrong there.
  package func locate(_ diagnostic: Diagnostic) -> Diagnostic {
    guard diagnostic.file == nil || diagnostic.file == path else { return diagnostic }
    if let key = diagnostic.key, let option = options[key] {
      return Diagnostic(diagnostic.kind, diagnostic.message, key: option)
    }
    // The value of an option of the command line is not in the file.
    if diagnostic.key?.hasPrefix("--") == true { return diagnostic }
    let place = diagnostic.located(
      file: path, line: diagnostic.key.flatMap { location(of: $0)?.line })
    guard let scale, let key = diagnostic.key, scaled.contains(key) else { return place }
    return Diagnostic(
      place.kind, place.message, file: place.file, line: place.line,
      key: ConfigurationScale.key(key, in: scale))
  }

  /// A path of the configuration, relative to the folder of the configuration file; absolute paths
  /// stay, and a leading `~` is the home directory.
  package func resolved(path other: String) -> String {
    let expanded = (other as NSString).expandingTildeInPath
    let folder = (path as NSString).deletingLastPathComponent
    return expanded.hasPrefix("/") || folder.isEmpty
      ? expanded : (folder as NSString).appendingPathComponent(expanded)
  }

  private static func tooLarge(_ path: String) -> Diagnostic {
    Diagnostic(
      .badInput, "the file is larger than the 16 MB a configuration may have", file: path)
  }

  /// The bytes of a file; reads no more than a configuration may have, whatever the file is.
  private static func fileContents(_ path: String) throws -> Data {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw Diagnostic(.inputMissing, "no such configuration file", file: path)
    }
    guard !isDirectory.boolValue else {
      throw Diagnostic(.inputMissing, "a directory, not a configuration file", file: path)
    }
    let unreadable = Diagnostic(
      .inputMissing, "the configuration file cannot be read", file: path)
    // Without O_NONBLOCK, opening a named pipe that nobody writes to would wait for ever; now it reads
    // as empty. A pipe that has a writer, as of another command, is waited for.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable }
    defer { close(descriptor) }
    var data = Data()
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &part, part.count)
      if count > 0 {
        data.append(contentsOf: part[..<count])
        guard data.count <= largestSize else { throw tooLarge(path) }
      } else if count == 0 {
        return data
      } else if errno == EAGAIN {
        var source = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&source, 1, -1)
      } else if errno != EINTR {
        throw unreadable
      }
    }
  }
}
