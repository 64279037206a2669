import Diagnostics
import Yams

/// A value of the configuration with its place, read as what its key asks for.
///
/// Written over Yams' tree rather than its decoder: the decoder's errors know no lines, and it takes
/// `yes` for true and `010` for eight, which users do not mean.
struct ValueReader {
  let node: Node
  let file: String
  /// The dotted path; elements of a list have the list's.
  let key: String
  /// The line of the value where it is a scalar or a list's element, else of its key.
  let line: Int?
  /// A mapping whose entries stand in for those of this one; none, or one.
  private(set) var replacements: [ValueReader] = []

  init(node: Node, file: String, key: String, line: Int?) {
    self.node = node
    self.file = file
    self.key = key
    self.line = line
  }

  /// The mapping with some entries replaced, each by one that keeps its own place in errors.
  func replacing(with entries: ValueReader) -> ValueReader {
    var result = self
    result.replacements = [entries]
    return result
  }

  // MARK: Errors

  func failure(_ message: String) -> Diagnostic {
    Diagnostic(.badInput, message, file: file, line: line, key: key.isEmpty ? nil : key)
  }

  func refusal(accepted: String) -> Diagnostic {
    failure("received \(received); accepted: \(accepted)")
  }

  /// The value as an error names it.
  var received: String {
    switch node {
    case .mapping: "a mapping"
    case .sequence(let sequence): sequence.isEmpty ? "an empty list" : "a list"
    case .scalar where Self.isNull(node): "nothing"
    case .scalar(let scalar):
      scalar.style == .plain
        ? Self.shortened(scalar.string) : "the text \"\(Self.shortened(scalar.string))\""
    case .alias: "an alias"
    }
  }

  /// Text of a user in an error: on one line, without control characters, not endless.
  static func shortened(_ text: String) -> String {
    var short = ""
    for scalar in text.unicodeScalars.prefix(60) {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
        short += scalar.escaped(asASCII: true)
      default: short.unicodeScalars.append(scalar)
      }
    }
    return text.unicodeScalars.count > 60 ? short + "..." : short
  }

  // MARK: Kinds of value

  /// Whether a value is left out (`steps:` with nothing behind it) or written `null` or `~`.
  static func isNull(_ node: Node) -> Bool {
    guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }

  var isMapping: Bool { node.mapping != nil }

  /// A value of this mapping.
  ///
  /// - Parameter line: of its key.
  func entry(named name: String, node: Node, line: Int?) -> ValueReader {
    let scalarLine = node.scalar != nil && !Self.isNull(node) ? node.mark?.line : nil
    return ValueReader(node: node, file: file, key: dotted(name), line: scalarLine ?? line)
  }

  /// The dotted path of a key of this mapping.
  func dotted(_ name: String) -> String { key.isEmpty ? name : key + "." + name }

  var isScalar: Bool { node.scalar != nil && !Self.isNull(node) }

  /// The text of a scalar, quoted or not.
  var scalarText: String? { isScalar ? node.scalar?.string : nil }

  /// The text of a scalar without quotes: quoted numbers are text.
  var unquotedText: String? { node.scalar?.style == .plain ? scalarText : nil }

  /// The elements of a list, each with its own line.
  var elements: [ValueReader]? {
    node.sequence?.map {
      ValueReader(node: $0, file: file, key: key, line: $0.mark?.line ?? line)
    }
  }

  func nonEmptyList(of what: String) throws -> [ValueReader] {
    guard let elements, !elements.isEmpty else {
      throw refusal(accepted: "a list of \(what), at least one")
    }
    return elements
  }

  /// The line of every key below this mapping, by dotted path; the first occurrence of a path.
  func keyLines() -> [String: Int] {
    var lines: [String: Int] = [:]
    func visit(_ mapping: Node.Mapping, _ path: String) {
      for (name, value) in mapping {
        guard let text = name.scalar?.string else { continue }
        let key = path.isEmpty ? text : path + "." + text
        lines[key] = name.mark?.line
        if let inner = value.mapping { visit(inner, key) }
      }
    }
    if let mapping = node.mapping { visit(mapping, key) }
    return lines
  }
}

extension [ValueReader] {
  /// The values of a list's elements, which must differ.
  func distinct<Value: Hashable>(
    _ noun: String, _ read: (ValueReader) throws -> Value
  ) throws -> [Value] {
    var seen: Set<Value> = []
    return try map { element in
      let value = try read(element)
      guard seen.insert(value).inserted else {
        throw element.failure("the \(noun) \(element.received) is listed twice")
      }
      return value
    }
  }
}
