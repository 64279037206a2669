import Diagnostics

/// Reads projections (the grammar is that of ``ProjectionExpression``) and says, where it cannot, at
/// which character.
struct ProjectionParser {
  private let text: String
  private let characters: [Character]
  private var position = 0

  static let axisForms = "a, a[c], w[j], norm(w), dot(w, e), angle(w, e) or z2[p]"
  static let directionForms =
    "pca1, pca2, ..., mean_difference, mean_difference[i,j] or file:PATH"

  init(_ text: String) {
    self.text = text
    characters = Array(text)
  }

  mutating func projection() throws -> [AxisExpression] {
    var axes: [AxisExpression] = []
    while true {
      skipSpaces()
      let start = position
      let axis = try axis()
      guard !axes.contains(axis) else {
        throw failure(at: start, "received \(axis.text) again; accepted: different axes")
      }
      axes.append(axis)
      guard axes.count <= ProjectionExpression.mostAxes else {
        throw failure(
          at: start,
          "received an axis number \(axes.count); accepted: 1 to \(ProjectionExpression.mostAxes) axes"
        )
      }
      skipSpaces()
      if position == characters.count { return axes }
      try expect(",", or: "the end")
    }
  }

  private mutating func axis() throws -> AxisExpression {
    let start = position
    let name = word()
    switch name {
    case "a": return .outputWeight(peek() == "[" ? try index() : nil)
    case "w":
      guard peek() == "[" else {
        throw failure(
          at: start,
          "received w, which is a vector; accepted: w[j], norm(w), dot(w, e) or angle(w, e)")
      }
      return .inputWeight(try index())
    case "norm":
      try argument()
      try expect(")")
      return .norm
    case "dot", "angle":
      try argument()
      try expect(",")
      let direction = try direction()
      try expect(")")
      return name == "dot" ? .dot(direction) : .angle(direction)
    default:
      if name == "z" || name.first == "z" && Int(name.dropFirst()) != nil {
        guard let layer = Int(name.dropFirst()), layer >= 1 else {
          throw failure(
            at: start, "received \(name); accepted: z1, z2, ..., hidden layers count from 1")
        }
        return .preactivation(layer: layer, probe: try index())
      }
      throw unknown(
        name, at: start, among: ["a", "w", "norm", "dot", "angle", "z2"], accepted: Self.axisForms)
    }
  }

  /// The opening parenthesis and the w in it.
  private mutating func argument() throws {
    try expect("(")
    skipSpaces()
    let start = position
    let name = word()
    guard name == "w" else {
      throw failure(at: start, "received \(received(name, at: start)); accepted: w")
    }
  }

  private mutating func direction() throws -> DirectionExpression {
    skipSpaces()
    let start = position
    let name = word()
    if name == "file" {
      try expect(":")
      return .file(try path())
    }
    if name == "mean_difference" {
      guard peek() == "[" else { return .meanDifference }
      position += 1
      let from = try number()
      try expect(",")
      let secondStart = position
      let to = try number()
      guard from != to else {
        throw failure(at: secondStart, "received class \(to) twice; accepted: two classes")
      }
      try expect("]")
      return .classMeanDifference(from: from, to: to)
    }
    if name.hasPrefix("pca"), let number = Int(name.dropFirst(3)) {
      guard number >= 1 else {
        throw failure(at: start, "received \(name); accepted: pca1, pca2, ...")
      }
      return .principalComponent(number)
    }
    throw unknown(
      name, at: start, among: ["pca1", "mean_difference", "file"], accepted: Self.directionForms)
  }

  private mutating func path() throws -> String {
    let start = position
    var result = ""
    if let mark = peek(), mark == "'" || mark == "\"" {
      position += 1
      while let next = peek(), next != mark {
        result.append(next)
        position += 1
      }
      try expect(mark)
    } else {
      while let next = peek(), !",()".contains(next) {
        result.append(next)
        position += 1
      }
      while result.last == " " { result.removeLast() }
    }
    guard !result.isEmpty else {
      throw failure(at: start, "received no path; accepted: the name of a file")
    }
    return result
  }

  private mutating func index() throws -> Int {
    try expect("[")
    let value = try number()
    try expect("]")
    return value
  }

  private mutating func number() throws -> Int {
    skipSpaces()
    let start = position
    let name = word()
    guard !name.isEmpty, name.allSatisfy({ $0.isASCII && $0.isNumber }), let value = Int(name)
    else {
      throw failure(
        at: start, "received \(received(name, at: start)); accepted: a whole number from 0 on")
    }
    return value
  }

  /// Letters, digits and underscores; none where something else comes.
  private mutating func word() -> String {
    let start = position
    while let next = peek(), next.isLetter || next.isNumber || next == "_" { position += 1 }
    return String(characters[start..<position])
  }

  private func peek() -> Character? {
    position < characters.count ? characters[position] : nil
  }

  private mutating func skipSpaces() {
    while peek()?.isWhitespace == true { position += 1 }
  }

  private mutating func expect(_ character: Character, or other: String? = nil) throws {
    skipSpaces()
    guard peek() == character else {
      let accepted = "\(character)" + (other.map { " or \($0)" } ?? "")
      throw failure(at: position, "received \(received("", at: position)); accepted: \(accepted)")
    }
    position += 1
  }

  /// The word that was read, or else the character in its place.
  private func received(_ word: String, at start: Int) -> String {
    if !word.isEmpty { return word }
    return start < characters.count ? String(characters[start]) : "the end"
  }

  private func unknown(
    _ name: String, at start: Int, among names: [String], accepted: String
  ) -> Diagnostic {
    let nearest =
      name.isEmpty
      ? ";" : nearestName(to: name, among: names).map { ", did you mean \($0)?" } ?? ";"
    return failure(
      at: start, "received \(received(name, at: start))\(nearest) accepted: \(accepted)")
  }

  private func failure(at start: Int, _ message: String) -> Diagnostic {
    guard !text.isEmpty else {
      return Diagnostic(.commandLine, "received an empty text; accepted: \(Self.axisForms)")
    }
    return Diagnostic(.commandLine, "\(text): character \(start + 1): \(message)")
  }
}
