import Foundation
import Testing

@testable import Plotting

@Suite struct PlotScriptTests {
  private let figure = CurveFigure(
    name: "example", title: "a_1 isn't {b}",
    panels: [
      CurvePanel(
        title: "left", horizontal: PlotAxis("training step"), vertical: PlotAxis("loss (%)"),
        curves: [
          PlotCurve(
            label: "width 8", x: [0, 1, 2, 3], y: [0.5, .nan, 2, 3], lower: [0, .nan, 1, 2],
            upper: [1, .nan, 3, 4], style: .line(width: 1.5), color: 0x00FF7F),
          PlotCurve(
            label: "limit", x: [0, 3], y: [1, 2], style: .dashed(width: 2), color: 0x000000),
        ]),
      CurvePanel(
        title: "right", horizontal: PlotAxis("width", isLogarithmic: true, tics: [8, 16]),
        vertical: PlotAxis("gap", isLogarithmic: true),
        curves: [
          PlotCurve(label: nil, x: [8, 16], y: [0, 0.25], style: .points, color: 0x00FF7F),
          PlotCurve(
            label: "width 8", x: [8, 16], y: [.nan, .nan], style: .line(width: 1), color: 0x00FF7F),
        ]),
    ], notes: ["a note"])

  private func lines(_ terminal: PlotScript.Terminal) -> [String] {
    PlotScript(figure, terminal: terminal).text.split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
  }

  @Test func terminals() {
    #expect(
      lines(.svg)[1]
        == "set terminal svg size 1185,420 dynamic enhanced background 'white'"
        + " font 'Arial,Helvetica,sans-serif,15'")
    #expect(
      lines(.png)[1]
        == "set terminal pngcairo size 2370,840 enhanced background 'white' font 'Arial,11'"
        + " fontscale 2 linewidth 2 pointscale 2")
  }

  /// Gaps are blank lines; on a logarithmic axis what is not positive is one.
  @Test func data() throws {
    let text = PlotScript(figure, terminal: .svg).text
    #expect(text.contains("$data0 << EOD\n0 0 1\n\n2 1 3\n3 2 4\nEOD\n"))
    #expect(text.contains("$data1 << EOD\n0 0.5\n\n2 2\n3 3\nEOD\n"))
    #expect(text.contains("$data2 << EOD\n0 1\n3 2\nEOD\n"))
    #expect(text.contains("$data3 << EOD\n16 0.25\nEOD\n"))
    #expect(text.contains("$data4 << EOD\nNaN NaN NaN\nEOD\n"))
  }

  @Test func curves() {
    let text = PlotScript(figure, terminal: .svg).text
    #expect(
      text.contains(
        "plot $data0 using 1:2:3 with filledcurves linecolor rgb '#00FF7F', \\\n"
          + "  $data1 using 1:2 with lines linetype 1 linewidth 1.5 linecolor rgb '#00FF7F', \\\n"
          + "  $data2 using 1:2 with lines linetype 1 dashtype (10,6) linewidth 2"
          + " linecolor rgb '#000000'\n"))
    #expect(
      text.contains(
        "plot $data3 using 1:2 with points pointtype 7 pointsize 0.7 linecolor rgb '#00FF7F', \\\n")
    )
  }

  @Test func axes() {
    let lines = lines(.png)
    #expect(lines.contains { $0.hasPrefix("set label 1 'training step' at screen ") })
    #expect(lines.contains { $0.hasPrefix("set label 2 'loss (%)' at screen ") })
    #expect(lines.contains("set xtics ('8' 8, '16' 16)"))
    #expect(
      lines.filter { $0.hasPrefix("set logscale") } == [
        "set logscale x 10", "set logscale y 10",
      ])
    #expect(lines.contains("set xrange [0:3]"))
  }

  /// One entry a label, whatever the number of curves; titles show as written.
  @Test func legend() {
    let text = PlotScript(figure, terminal: .svg).text
    #expect(text.components(separatedBy: "title 'width 8'").count == 2)
    #expect(text.contains("title 'limit'"))
    #expect(text.contains("set label 1 'a\\_1 isn''t \\{b\\}' at screen 0.5,"))
    #expect(text.contains("set label 2 'a note' at screen "))
  }

  @Test func longLinesAreThinned() {
    #expect(thinnedIndices(5, most: 500) == [0, 1, 2, 3, 4])
    let indices = thinnedIndices(100_001, most: 500)
    #expect(indices.count == 500 && indices.first == 0 && indices.last == 100_000)
    #expect(zip(indices, indices.dropFirst()).allSatisfy { (200...201).contains($1 - $0) })
    let x = (0...100_000).map(Double.init)
    let curves = (0..<8).map {
      PlotCurve(
        label: "width \($0)", x: x, y: x, lower: x, upper: x, style: .line(width: 1), color: 0)
    }
    let figure = CurveFigure(
      name: "long", title: "",
      panels: [
        CurvePanel(title: "", horizontal: PlotAxis("x"), vertical: PlotAxis("y"), curves: curves)
      ])
    #expect(PlotScript(figure, terminal: .svg).text.utf8.count < 200_000)
  }

  @Test func colorsGoFromLightToDark() {
    func lightness(_ color: UInt32) -> Double {
      0.2126 * Double(color >> 16) + 0.7152 * Double((color >> 8) & 0xFF)
        + 0.0722 * Double(color & 0xFF)
    }
    for count in 1...12 {
      let colors = Palette.widths(count).map(lightness)
      #expect(colors.count == count)
      #expect(zip(colors, colors.dropFirst()).allSatisfy { $0 > $1 })
    }
  }

  /// Three panels in rows of two: each inside the image and clear of the others, the third one under
  /// the first.
  @Test func rows() throws {
    var several = figure
    several.panels.append(figure.panels[0])
    several.columns = 2
    let layout = PlotLayout(
      panels: 3, columns: 2, ticLetters: 4, legendLetters: 0, entries: 2, notes: 1)
    #expect(layout.rows == 2)
    func edges(_ panel: Int) throws -> [Double] {
      let numbers = layout.margins(panel).split(separator: ";").compactMap {
        $0.split(separator: " ").last.flatMap { Double($0) }
      }
      try #require(numbers.count == 4)
      return numbers
    }
    // Left, right, top and foot as parts of the image.
    let (first, second, third) = try (edges(0), edges(1), edges(2))
    #expect(0 < first[0] && first[1] < second[0] && second[1] < layout.legendLeft)
    #expect(Array(first[2...]) == Array(second[2...]))
    #expect(Array(first[..<2]) == Array(third[..<2]))
    #expect(first[2] < layout.titleHeight && third[2] < first[3] && third[3] > 0)
    let lines = PlotScript(several, terminal: .svg).text.split(separator: "\n")
    #expect(lines.contains { $0 == layout.margins(2) })
    #expect(lines[1].hasPrefix("set terminal svg size \(layout.width),\(layout.height) "))
  }

  /// Long entries make the legend wider, and nothing else.
  @Test func longLegends() {
    func layout(_ letters: Int) -> PlotLayout {
      PlotLayout(panels: 3, ticLetters: 4, legendLetters: letters, entries: 2, notes: 1)
    }
    #expect(layout(0).width == layout(30).width && layout(40).width == layout(0).width + 70)
    #expect(layout(40).height == layout(0).height)
    let left = layout(0).legendLeft * Double(layout(0).width)
    #expect(abs(layout(40).legendLeft * Double(layout(40).width) - left) < 1e-9)
  }

  /// Between the axis and its label, whose right end is 11 pixels from its middle, there is room for letters of 9 pixels
  /// and a tic of 16; curves lose none of theirs.
  @Test(arguments: [nil, 2]) func longTicLabels(columns: Int?) throws {
    func places(_ letters: Int) throws -> (axis: Double, label: Double, length: Double) {
      let layout = PlotLayout(
        panels: 3, columns: columns, ticLetters: letters, legendLetters: 0, entries: 2, notes: 1)
      let ends = layout.margins(1).split(separator: ";").prefix(2).compactMap {
        $0.split(separator: " ").last.flatMap { Double($0) }
      }
      let label = try #require(
        layout.verticalLabel(1).split(separator: " ").last?.split(separator: ",").first)
      let width = Double(layout.width)
      return (ends[0] * width, try #require(Double(label)) * width, (ends[1] - ends[0]) * width)
    }
    let usual = try places(4)
    for letters in 4...9 {
      let long = try places(letters)
      #expect(long.axis - (long.label + 11) > Double(9 * letters + 16) - 0.1, "\(letters)")
      #expect(abs(long.length - usual.length) < 0.1)
    }
  }

  @Test func lettersOfTics() {
    #expect(PlotScript.ticLetters(PlotAxis("y", tics: [0.00015, 0.5]), []) == 7)
    // 0.00012, 0.00014, ...
    #expect(PlotScript.ticLetters(PlotAxis("y"), [0.00012, .nan, 0.00018]) == 7)
    #expect(PlotScript.ticLetters(PlotAxis("y", range: -0.2...0.1), [7]) == 5)
    #expect(PlotScript.ticLetters(PlotAxis("y", isLogarithmic: true), [1e-9, 1, -1]) == 5)
    #expect(PlotScript.ticLetters(PlotAxis("y", isLogarithmic: true), [0.0002, 0.0009]) == 6)
    #expect(PlotScript.ticLetters(PlotAxis("y"), [1]) == 0)
  }

  /// Marks that are one character with what follows, and ends of lines of two: what stands in a file does
  /// not become a command.
  @Test func textsStayWithinTheirQuotes() {
    #expect(PlotScript.quoted("'\u{301}; system 'x'") == "'''\u{301}; system ''x'''")
    #expect(PlotScript.quoted("a\r\nsystem 'x'\u{0}\u{85}") == "'a  system ''x''  '")
    #expect(PlotScript.quoted("\\\u{301}_") == "'\\\\\u{301}\\_'")
  }
}
