import Foundation

/// SVG text without what only a file of its own has, and with other identifiers.
func inlineSVG(_ text: String, prefix: String) -> String {
  var text = text[(text.range(of: "<svg")?.lowerBound ?? text.startIndex)...]
  while text.last?.isWhitespace == true { text.removeLast() }
  // gnuplot's identifiers and references to them.
  return ["id='", "id=\"", "href='#", "href=\"#", "url(#"].reduce(String(text)) {
    $0.replacing($1, with: $1 + prefix)
  }
}
