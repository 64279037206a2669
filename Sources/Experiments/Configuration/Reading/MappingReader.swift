import Diagnostics
import Yams

/// A mapping of the configuration whose keys have all been found among the known ones.
struct MappingReader<Key: CodingKey & CaseIterable> {
  private let mapping: ValueReader
  private var values: [String: ValueReader] = [:]

  /// A section with nothing in it is an empty mapping: users comment entries out.
  ///
  /// Replacements are entries of the same keys; one with nothing behind it takes the key out.
  init(_ value: ValueReader) throws {
    mapping = value
    for (name, entry) in try Self.entries(of: value) { values[name] = entry }
    for replacement in value.replacements {
      for (name, entry) in try Self.entries(of: replacement) {
        values[name] = ValueReader.isNull(entry.node) ? nil : entry
      }
    }
  }

  private static func entries(of value: ValueReader) throws -> [(String, ValueReader)] {
    if ValueReader.isNull(value.node) { return [] }
    guard let pairs = value.node.mapping else {
      throw value.refusal(accepted: "a mapping with keys such as \(known[0])")
    }
    return try pairs.map { name, node in
      guard let text = name.scalar?.string else {
        throw value.failure("a key must be a word; known keys here: \(listed)")
      }
      guard known.contains(text) else {
        throw unknown(text, in: value, line: name.mark?.line)
      }
      let entry = value.entry(named: text, node: node, line: name.mark?.line)
      return (text, entry)
    }
  }

  subscript(key: Key) -> ValueReader? { values[key.stringValue] }

  /// - Parameter give: What the user should write, for the error.
  func required(_ key: Key, give: String) throws -> ValueReader {
    guard let value = self[key] else { throw missing(key, give: give) }
    return value
  }

  func missing(_ key: Key, give: String) -> Diagnostic {
    Diagnostic(
      .badInput, "missing; give \(give)", file: mapping.file, line: mapping.line,
      key: mapping.dotted(key.stringValue))
  }

  private static var known: [String] { Key.allCases.map(\.stringValue) }
  private static var listed: String { known.joined(separator: ", ") }

  private static func unknown(_ name: String, in value: ValueReader, line: Int?) -> Diagnostic {
    let hint =
      ValueReader.nearest(to: name, among: known).map { "did you mean \($0)?" }
      ?? "known keys here: \(listed)"
    let shown = ValueReader.shortened(name)
    return Diagnostic(
      .badInput, "unknown key; \(hint)", file: value.file, line: line,
      key: value.dotted(shown))
  }
}
