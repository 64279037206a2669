/// Well-formed markup, valid as HTML and as XML.
///
/// Literals and interpolated strings are text, in which nothing has a meaning of its own; only
/// interpolated markup and what ``element(_:_:_:)`` makes is markup. So no name of a file and no line
/// of a configuration can end as a tag.
struct Markup: Equatable, ExpressibleByStringInterpolation {
  private(set) var source: String

  init(stringLiteral value: String) { source = Self.escaped(value) }

  init(stringInterpolation: Interpolation) { source = stringInterpolation.source }

  /// Text as it stands.
  init(_ text: String) { source = Self.escaped(text) }

  /// Text that is markup already.
  init(trusted source: String) { self.source = source }

  struct Interpolation: StringInterpolationProtocol {
    var source = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      source.reserveCapacity(literalCapacity * 2)
    }

    mutating func appendLiteral(_ literal: String) { source += Markup.escaped(literal) }
    mutating func appendInterpolation(_ text: String) { source += Markup.escaped(text) }
    mutating func appendInterpolation(_ number: Int) { source += String(number) }
    mutating func appendInterpolation(_ markup: Markup) { source += markup.source }
  }

  static func + (a: Markup, b: Markup) -> Markup { Markup(trusted: a.source + b.source) }
  static func += (a: inout Markup, b: Markup) { a.source += b.source }

  /// Text with the marks of the language replaced, and characters that neither HTML nor XML allows
  /// by the sign for such (U+FFFD).
  static func escaped(_ text: String) -> String {
    var result = ""
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\r": result += "\n"
      case "\n" where previous == "\r": break
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case _ where !isAllowed(scalar): result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
      previous = scalar
    }
    return result
  }

  /// Neither a control character nor a noncharacter (XML 1.0, section 2.2; HTML, section 13.2.3.5).
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    !(scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      || scalar.value & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(scalar.value))
  }
}

/// Elements without content.
private let voidElements: Set<String> = ["br", "hr", "meta", "col"]

/// An element with its content.
func element(
  _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: Markup...
) -> Markup {
  let marks = attributes.map { " \($0)=\"\(Markup.escaped($1))\"" }.joined()
  if voidElements.contains(name) { return Markup(trusted: "<\(name)\(marks) />") }
  return Markup(trusted: "<\(name)\(marks)>\(content.map(\.source).joined())</\(name)>")
}

extension Sequence<Markup> {
  func joined(separator: Markup = "") -> Markup {
    Markup(trusted: map(\.source).joined(separator: separator.source))
  }
}
