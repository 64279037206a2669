import Diagnostics
import Yams

/// A mapping of the configuration whose keys have all been found among the known ones.
struct MappingReader<Key: CodingKey & CaseIterable> {
  private let mapping: ValueReader
  private var values: [String: ValueReader] = [:]

  /// A section with nothing in it is an empty mapping: users comment entries out.
  init(_ value: ValueReader) throws {
    mapping = value
    if ValueReader.isNull(value.node) { return }
    guard let pairs = value.node.mapping else {
      throw value.refusal(accepted: "a mapping with keys such as \(Self.known[0])")
    }
    for (name, node) in pairs {
      guard let text = name.scalar?.string else {
        throw value.failure("a key must be a word; known keys here: \(Self.listed)")
      }
      guard Self.known.contains(text) else {
        throw Self.unknown(text, in: value, line: name.mark?.line)
      }
      values[text] = Self.reader(
        of: node, key: dotted(text), line: name.mark?.line, file: value.file)
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
      key: dotted(key.stringValue))
  }

  private func dotted(_ name: String) -> String {
    mapping.key.isEmpty ? name : mapping.key + "." + name
  }

  private static var known: [String] { Key.allCases.map(\.stringValue) }
  private static var listed: String { known.joined(separator: ", ") }

  private static func reader(
    of node: Node, key: String, line: Int?, file: String
  ) -> ValueReader {
    let scalarLine = node.scalar != nil && !ValueReader.isNull(node) ? node.mark?.line : nil
    return ValueReader(node: node, file: file, key: key, line: scalarLine ?? line)
  }

  private static func unknown(_ name: String, in value: ValueReader, line: Int?) -> Diagnostic {
    let hint =
      ValueReader.nearest(to: name, among: known).map { "did you mean \($0)?" }
      ?? "known keys here: \(listed)"
    let shown = ValueReader.shortened(name)
    return Diagnostic(
      .badInput, "unknown key; \(hint)", file: value.file, line: line,
      key: value.key.isEmpty ? shown : value.key + "." + shown)
  }
}
