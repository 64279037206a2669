import Diagnostics
import Plotting

/// The parts of a page as they are made, with figures and tables numbered through.
struct PageContents {
  private let gnuplot: Gnuplot
  private(set) var figures = 0
  private(set) var tables = 0

  init(gnuplot: Gnuplot) { self.gnuplot = gnuplot }

  mutating func table(_ table: ReportTable) -> Markup {
    tables += 1
    return table.withoutEmptyColumns().markup(number: tables)
  }

  /// The figure drawn into the page, with its caption.
  ///
  /// - Parameter remark: what the caption says besides what the figure says of itself.
  /// - Throws: as `Gnuplot`.
  mutating func figure(_ figure: any ScriptedFigure, remark: Markup) throws -> Markup {
    figures += 1
    let identifier = "figure-\(figures)"
    let drawing = InlineDrawing(
      try gnuplot.svg(figure), prefix: "\(identifier)-",
      label: "Figure \(figures): \(figure.title). \(figure.caption)")
    return element(
      "figure", ["id": identifier],
      element(
        "div",
        [
          "class": "drawing", "role": "group", "tabindex": "0",
          "aria-label": "Drawing of figure \(figures)",
        ], drawing.markup), "\n",
      element(
        "figcaption", [:],
        element("b", [:], "Figure \(figures)."),
        " \(figure.title.isEmpty ? "" : "\(figure.title). ")\(figure.caption) \(remark)"))
      + "\n"
  }

  mutating func figures(_ figures: [any ScriptedFigure], remark: Markup) throws -> Markup {
    var result: Markup = ""
    for figure in figures { result += try self.figure(figure, remark: remark) }
    return result
  }
}
