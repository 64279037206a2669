import Yams

/// Finds where a repeated key stands. Yams names the key and marks its first occurrence, but gives
/// neither the mapping nor the second line; parsing once more with the first occurrence renamed
/// yields a tree that shows both.
struct DuplicateKeySearch {
  let text: String

  /// The dotted path of the key whose first occurrence is at `mark`, and the line of the second.
  /// `nil` where the text has further errors, or the key is not plain.
  func place(ofFirst mark: Mark) -> (key: String, secondLine: Int)? {
    guard let (renamed, name) = renaming(at: mark),
      let parser = try? YAMLDocument.parser(of: renamed),
      let root = try? parser.nextRoot()
    else { return nil }
    return place(in: root, path: "", mark: mark, name: name)
  }

  /// The text with the first letter of the key replaced by a private one, which keeps all columns;
  /// and the renamed key.
  private func renaming(at mark: Mark) -> (text: String, letter: Unicode.Scalar)? {
    var scalars = Array(text.unicodeScalars)
    var start = 0
    for _ in 1..<max(mark.line, 1) {
      guard let end = scalars[start...].firstIndex(of: "\n") else { return nil }
      start = end + 1
    }
    let position = start + mark.column - 1
    guard position < scalars.count else { return nil }
    let letter = scalars[position]
    scalars[position] = Self.privateLetter
    var renamed = String.UnicodeScalarView()
    renamed.append(contentsOf: scalars)
    return (String(renamed), letter)
  }

  private static let privateLetter: Unicode.Scalar = "\u{E000}"

  private func place(
    in node: Node, path: String, mark: Mark, name letter: Unicode.Scalar
  ) -> (key: String, secondLine: Int)? {
    switch node {
    case .mapping(let mapping):
      for (key, _) in mapping where key.mark?.line == mark.line && key.mark?.column == mark.column {
        guard let renamed = key.scalar?.string, renamed.unicodeScalars.first == Self.privateLetter
        else { return nil }
        let name = String(letter) + String(renamed.unicodeScalars.dropFirst())
        let second = mapping.first { $0.key.scalar?.string == name }
        return second?.key.mark.map { (dotted(path, name), $0.line) }
      }
      for (key, value) in mapping {
        let inner = dotted(path, key.scalar?.string ?? "")
        if let found = place(in: value, path: inner, mark: mark, name: letter) { return found }
      }
    case .sequence(let sequence):
      for element in sequence {
        if let found = place(in: element, path: path, mark: mark, name: letter) { return found }
      }
    case .scalar, .alias: break
    }
    return nil
  }

  private func dotted(_ path: String, _ key: String) -> String {
    path.isEmpty ? key : path + "." + key
  }
}
