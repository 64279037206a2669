import Diagnostics
import Foundation
import Yams

/// The text of a configuration file, parsed into the one YAML document it must hold.
///
/// Refuses what a configuration has no use for and what makes YAML dangerous or ambiguous: several
/// documents, explicit tags, and anchors with aliases, through which a short text can stand for an
/// exponentially large value.
struct YAMLDocument {
  let text: String
  let file: String

  init(text: String, file: String) {
    // Some editors put a byte order mark first, which libYAML takes for part of a key.
    self.text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    self.file = file
  }

  /// - Throws: `Diagnostic` with the line at fault.
  func root() throws -> Node {
    try refuseAliasExpansion()
    do {
      return try parse()
    } catch let error as YamlError {
      throw diagnostic(for: error)
    }
  }

  private func parse() throws -> Node {
    let parser = try Self.parser(of: text)
    // Nodes refer weakly to their anchors, which the parser owns.
    return try withExtendedLifetime(parser) {
      guard let root = try parser.nextRoot(), !ValueReader.isNull(root) else {
        throw Diagnostic(
          .badInput, "the file is empty; it must hold at least the section data:", file: file)
      }
      try refuseAnchorsAndTags(root)
      if let second = try parser.nextRoot() {
        throw Diagnostic(
          .badInput, "a second YAML document starts here; the file must hold one", file: file,
          line: clamped(second.mark?.line))
      }
      return root
    }
  }

  /// A parser whose text stays in place: libYAML keeps the address of the text's bytes, but short
  /// strings are stored inside the string value itself and have no lasting address.
  static func parser(of text: String) throws -> Parser {
    var padded = text + String(repeating: "\n", count: max(0, 16 - text.utf8.count))
    padded.makeContiguousUTF8()
    return try Parser(yaml: padded, encoding: .utf8)
  }

  // MARK: Anchors and aliases

  private static let anchorMessage =
    "anchors (&name) and aliases (*name) are not accepted; write the value out"

  /// Yams expands aliases while it parses and hashes mapping keys, so nested aliases inside a key
  /// must be refused beforehand. This looks for characters and cannot tell a comment from a value;
  /// it therefore lets a few pass, which expand at most 19-fold (the largest product of numbers
  /// whose sum is 8), and leaves those to `refuseAnchorsAndTags`.
  private func refuseAliasExpansion() throws {
    var aliases = 0
    var anchorLine: Int?
    var line = 1
    var previous = UInt8(ascii: "\n")
    for byte in text.utf8 {
      if Self.startsToken.contains(previous) {
        if byte == UInt8(ascii: "*") { aliases += 1 }
        if byte == UInt8(ascii: "&"), anchorLine == nil { anchorLine = line }
      }
      if byte == UInt8(ascii: "\n") { line += 1 }
      previous = byte
    }
    if aliases > 8, let anchorLine {
      throw Diagnostic(.badInput, Self.anchorMessage, file: file, line: anchorLine)
    }
  }

  /// What may stand before an anchor or alias.
  private static let startsToken = Set("\n\r\t [{,:?-!>".utf8)

  private func refuseAnchorsAndTags(_ node: Node) throws {
    func refuse(_ message: String, at key: Node? = nil) -> Diagnostic {
      Diagnostic(.badInput, message, file: file, line: clamped((key ?? node).mark?.line))
    }
    if node.anchor != nil { throw refuse(Self.anchorMessage) }
    switch node {
    case .scalar(let scalar):
      // A quoted scalar carries the tag of text without being written with one.
      let quoted = scalar.style != .plain && scalar.tag.description == "tag:yaml.org,2002:str"
      if !quoted, !scalar.tag.description.isEmpty { throw refuse(Self.tagMessage) }
    case .sequence(let sequence):
      if !sequence.tag.description.isEmpty { throw refuse(Self.tagMessage) }
      for element in sequence { try refuseAnchorsAndTags(element) }
    case .mapping(let mapping):
      if !mapping.tag.description.isEmpty { throw refuse(Self.tagMessage) }
      for (key, value) in mapping {
        if key.anchor != nil { throw refuse(Self.anchorMessage, at: key) }
        try refuseAnchorsAndTags(value)
      }
    case .alias:
      throw refuse(Self.anchorMessage)
    }
  }

  private static let tagMessage = "tags such as !!int are not accepted; write the plain value"

  // MARK: Errors of the YAML library

  private func diagnostic(for error: YamlError) -> Diagnostic {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _):
      return invalid(problem, context: context?.text, line: mark.line)
    case .composer(_, let problem, let mark, _):
      // The one composer error of Yams' tree parser: an alias without its anchor.
      if problem == "found undefined alias" {
        return Diagnostic(.badInput, Self.anchorMessage, file: file, line: clamped(mark.line))
      }
      return invalid(problem, context: nil, line: mark.line)
    case .reader(let problem, let offset, _, _):
      let line = offset.map { text.prefix($0).count(where: \.isNewline) + 1 }
      return invalid(problem, context: nil, line: line)
    case .duplicatedKeysInMapping(let names, let context):
      return duplicateKey(named: names.first ?? "", at: context.mark)
    case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      return Diagnostic(.internalFailure, "the YAML parser failed: \(error)", file: file)
    }
  }

  private func invalid(_ problem: String, context: String?, line: Int?) -> Diagnostic {
    let line = clamped(line)
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let indentation = line.map { lines[$0 - 1].prefix(while: \.isWhitespace) } ?? ""
    let hint = indentation.contains("\t") ? " (a tab: indent with spaces)" : ""
    let reason = [context, problem].compactMap(\.self).joined(separator: ", ")
    return Diagnostic(.badInput, "not valid YAML: \(reason)\(hint)", file: file, line: line)
  }

  private func duplicateKey(named name: String, at first: Mark) -> Diagnostic {
    guard let place = DuplicateKeySearch(text: text).place(ofFirst: first) else {
      return Diagnostic(
        .badInput, "given more than once", file: file, line: first.line,
        key: ValueReader.shortened(name))
    }
    return Diagnostic(
      .badInput, "given twice; first on line \(first.line)", file: file, line: place.secondLine,
      key: ValueReader.shortened(place.key))
  }

  /// libYAML marks an unexpected end after the last line.
  private func clamped(_ line: Int?) -> Int? {
    guard let line else { return nil }
    let count = text.count(where: \.isNewline) + (text.last?.isNewline ?? true ? 0 : 1)
    return min(line, max(count, 1))
  }
}
