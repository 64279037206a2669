/// An SVG image of gnuplot's as a part of a page.
///
/// Identifiers begin with a prefix, so that those of several images differ; the image has a label of
/// its own instead of the name and version of the program that drew it.
struct InlineDrawing {
  let markup: Markup

  /// - Parameter svg: a document, or its root element alone.
  init(_ svg: String, prefix: String, label: String) {
    var result = ""
    var rest = svg[(svg.firstRange(of: "<svg")?.lowerBound ?? svg.startIndex)...]
    var isRoot = true
    while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
      result += rest[..<open]
      let tag = rest[open...close]
      rest = rest[rest.index(after: close)...]
      if isRoot {
        isRoot = false
        result += tag.dropLast().replacing("\n", with: "")
        result += Self.naturalSize(tag)
        result += " role=\"img\" aria-label=\"\(Markup.escaped(label))\">\n"
      } else if let words = Self.ownWords(tag, rest) {
        rest = rest[words.upperBound...]
      } else {
        result += Self.renamed(tag, prefix)
      }
    }
    result += rest
    while result.last?.isWhitespace == true { result.removeLast() }
    // Blank lines at the end of gnuplot's text and within it say nothing.
    markup = Markup(
      trusted: result.split(separator: "\n").joined(separator: "\n"))
  }

  /// Width and height as the drawing has them, so that its letters are as large as they should be.
  private static func naturalSize(_ root: Substring) -> String {
    guard let box = root.firstRange(of: "viewBox=\"") else { return "" }
    let numbers = root[box.upperBound...].prefix { $0 != "\"" }.split(separator: " ")
    guard numbers.count == 4 else { return "" }
    return " width=\"\(numbers[2])\" height=\"\(numbers[3])\""
  }

  /// Where gnuplot speaks of itself or of its own names for curves, which the tag begins.
  private static func ownWords(_ tag: Substring, _ rest: Substring) -> Range<Substring.Index>? {
    switch tag {
    case "<desc>": rest.firstRange(of: "</desc>")
    case "<title>" where rest.hasPrefix("Gnuplot</title>") || rest.hasPrefix("gnuplot_plot_"):
      rest.firstRange(of: "</title>")
    default: nil
    }
  }

  /// A tag whose identifiers, and references to identifiers, begin with the prefix.
  private static func renamed(_ tag: Substring, _ prefix: String) -> String {
    guard !tag.hasPrefix("</") else { return String(tag) }
    return [" id='", " id=\"", "href='#", "href=\"#", "url(#"].reduce(String(tag)) {
      $0.replacing($1, with: $1 + prefix)
    }
  }
}
