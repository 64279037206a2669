import Diagnostics
import Plotting

/// The parts of a page as they are made, with figures and tables numbered through.
///
/// Figures are drawn together when the page is there: until then each has a mark in its place.
struct PageContents {
  private var figures: [(figure: any ScriptedFigure, identifier: String, label: String)] = []
  private(set) var tables = 0

  /// Before and after the number of a figure: characters that no text on a page has (``Markup/escaped(_:)``).
  private static let marks = (before: "\u{1}", after: "\u{2}")

  mutating func table(_ table: ReportTable) -> Markup {
    tables += 1
    return table.withoutEmptyColumns().markup(number: tables)
  }

  /// The place of a figure on the page, with its caption.
  ///
  /// - Parameter remark: what the caption says besides what the figure says of itself.
  mutating func figure(_ figure: any ScriptedFigure, remark: Markup) -> Markup {
    let number = figures.count + 1
    let identifier = "figure-\(number)"
    figures.append(
      (figure, identifier, "Figure \(number): \(figure.title). \(figure.caption)"))
    let mark = Markup(trusted: "\(Self.marks.before)\(number - 1)\(Self.marks.after)")
    return element(
      "figure", ["id": identifier],
      element(
        "div",
        [
          "class": "drawing", "role": "group", "tabindex": "0",
          "aria-label": "Drawing of figure \(number)",
        ], mark), "\n",
      element(
        "figcaption", [:],
        element("b", [:], "Figure \(number)."),
        " \(figure.title.isEmpty ? "" : "\(figure.title). ")\(figure.caption) \(remark)"))
      + "\n"
  }

  mutating func figures(_ figures: [any ScriptedFigure], remark: Markup) -> Markup {
    figures.map { figure($0, remark: remark) }.joined()
  }

  /// The page with its figures drawn in.
  ///
  /// - Throws: as `Gnuplot`.
  func drawn(_ page: Markup, with gnuplot: Gnuplot) throws -> Markup {
    let drawings = try gnuplot.svgs(figures.map(\.figure))
    var result = ""
    var rest = page.source[...]
    while let before = rest.firstRange(of: Self.marks.before),
      let after = rest[before.upperBound...].firstRange(of: Self.marks.after)
    {
      let number = Int(rest[before.upperBound..<after.lowerBound])!
      let (_, identifier, label) = figures[number]
      result += rest[..<before.lowerBound]
      result +=
        InlineDrawing(drawings[number], prefix: "\(identifier)-", label: label).markup.source
      rest = rest[after.upperBound...]
    }
    return Markup(trusted: result + rest)
  }
}
