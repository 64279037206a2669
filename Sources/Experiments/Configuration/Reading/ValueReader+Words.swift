import Diagnostics

extension ValueReader {
  /// One of an enumeration's words.
  ///
  /// - Parameter alternative: What is accepted besides the words.
  func word<Word: CaseIterable & RawRepresentable<String>>(
    _ type: Word.Type, or alternative: String? = nil
  ) throws -> Word {
    if let text = scalarText, let word = Word(rawValue: text) { return word }
    let words = Word.allCases.map(\.rawValue)
    let accepted = words.joined(separator: ", ") + (alternative.map { ", or " + $0 } ?? "")
    if let text = scalarText, let near = Self.nearest(to: text, among: words) {
      throw failure("received \(received), did you mean \(near)? accepted: \(accepted)")
    }
    throw refusal(accepted: accepted)
  }

  /// `true` or `false`; the other spellings of YAML 1.1 (`yes`, `on`, `n`) are errors.
  func boolean() throws -> Bool {
    switch unquotedText {
    case "true", "True", "TRUE": return true
    case "false", "False", "FALSE": return false
    default: throw refusal(accepted: "true or false")
    }
  }

  /// A path.
  func text() throws -> String {
    guard let text = scalarText, !text.isEmpty, !text.unicodeScalars.contains("\0") else {
      throw refusal(accepted: "a path")
    }
    return text
  }

  /// A name of ASCII letters, digits, `_` and `-`.
  func name() throws -> String {
    guard let text = scalarText, !text.isEmpty,
      text.unicodeScalars.allSatisfy({ scalar in
        scalar.isASCII
          && (scalar.properties.isAlphabetic || "0123456789_-+".unicodeScalars.contains(scalar))
      })
    else { throw refusal(accepted: "a name") }
    return text
  }

  /// The nearest name; a text far longer than any name has none, and comparing it would take its
  /// time.
  static func nearest(to text: String, among names: [String]) -> String? {
    text.utf8.count <= 100 ? nearestName(to: text, among: names) : nil
  }
}
