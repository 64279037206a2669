import Foundation
import Yams

extension ExperimentConfiguration {
  /// The whole configuration, defaults included and keys in alphabetical order, as YAML that
  /// ``LoadedConfiguration`` reads back to an equal value.
  ///
  /// Goes through JSON, whose encoder writes the shortest text that reads back to the same binary
  /// number; `YAMLEncoder` rounds most numbers to 15 digits.
  ///
  /// - Throws: `EncodingError` where a number is not finite.
  public func yaml() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let json = Self.escaped(String(decoding: try encoder.encode(self), as: UTF8.self))
    guard let node = try Yams.compose(yaml: json, .default, .default, .utf8) else {
      preconditionFailure("a JSON object is a YAML document")
    }
    return try Yams.serialize(node: Self.styled(node), allowUnicode: true)
  }

  /// JSON is YAML except for some characters in strings that YAML folds or refuses.
  private static func escaped(_ json: String) -> String {
    var text = String.UnicodeScalarView()
    for scalar in json.unicodeScalars {
      if scalar.isASCII, scalar != "\u{7F}" {
        text.append(scalar)
      } else {
        let digits = String(scalar.value, radix: 16)
        let zeros = String(repeating: "0", count: 8 - digits.count)
        text.append(contentsOf: "\\U\(zeros)\(digits)".unicodeScalars)
      }
    }
    return String(text)
  }

  /// Sections in block style, lists on one line, text in quotes only where it needs them.
  private static func styled(_ node: Node) -> Node {
    switch node {
    case .mapping(let mapping):
      Node(mapping.map { (styled($0.key), styled($0.value)) }, .implicit, .block)
    case .sequence(let sequence):
      Node(sequence.map { styled($0) }, .implicit, .flow)
    case .scalar(let scalar):
      scalar.style == .plain ? Node(scalar.string) : .scalar(scalar.string.represented())
    case .alias: preconditionFailure("JSON has no aliases")
    }
  }
}
