import Foundation

extension PlotScript {
  /// The script of heat maps.
  init(_ figure: HeatMapFigure, terminal: Terminal) {
    let layout = PlotLayout(
      panels: figure.panels.count, columns: figure.panels.count > 3 ? 3 : nil,
      ticLetters: Self.ticLetters(figure.vertical, figure.y), legendLetters: 0, entries: 3,
      notes: figure.notes.count)
    var lines = Self.output(size: (layout.width, layout.height), terminal)
    lines += Self.grid("$background", figure.background, figure)
    for (index, panel) in figure.panels.enumerated() {
      lines += Self.grid("$map\(index)", panel, figure)
    }
    // gnuplot's own contours, as data: drawn over an image they need a plot in two dimensions.
    lines += ["set contour base", "unset surface", "set cntrparam linear"]
    lines += Self.contour("$contour_background", of: "$background", figure.background)
    for (index, panel) in figure.panels.enumerated() {
      lines += Self.contour("$contour\(index)", of: "$map\(index)", panel)
    }
    lines += [
      "unset contour", "set surface", "set palette defined (\(Self.colors))",
      "set cbrange [0:\(Self.number(figure.peak))]", "set multiplot",
    ]
    lines += Self.legend(figure, layout, terminal.letters)
    for (index, panel) in figure.panels.enumerated() {
      lines += Self.panel(panel, index, figure, layout)
    }
    lines += ["unset multiplot", "exit"]
    self.init(text: lines.joined(separator: "\n") + "\n")
  }

  /// White for none, then one hue to the dark, so that lines of another hue stand out everywhere.
  private static let colors =
    "0 '#FFFFFF', 1 '#DEEBF7', 2 '#C6DBEF', 3 '#9ECAE1', 4 '#6BAED6', 5 '#4292C6', 6 '#2171B5',"
    + " 7 '#08519C', 8 '#08306B'"
  private static let ownLine = "linetype 1 linewidth 1 linecolor rgb '#08306B'"
  private static let backgroundLine =
    "linetype 1 dashtype (6,4) linewidth 1.4 linecolor rgb '#D55E00'"

  private static func grid(
    _ name: String, _ panel: HeatMapFigure.Panel, _ figure: HeatMapFigure
  ) -> [String] {
    var lines = ["\(name) << EOD"]
    for (i, x) in figure.x.enumerated() {
      for (j, y) in figure.y.enumerated() {
        lines.append(
          "\(number(x)) \(number(y)) \(number(max(0, panel.values[i * figure.y.count + j])))")
      }
      lines.append("")
    }
    return lines + ["EOD"]
  }

  private static func contour(
    _ name: String, of grid: String, _ panel: HeatMapFigure.Panel
  ) -> [String] {
    let levels = panel.levels.sorted().map { number($0) }.joined(separator: ",")
    return [
      "set cntrparam levels discrete \(levels)", "set table \(name)",
      "splot \(grid) using 1:2:3 with lines notitle", "unset table",
    ]
  }

  private static func panel(
    _ panel: HeatMapFigure.Panel, _ index: Int, _ figure: HeatMapFigure, _ layout: PlotLayout
  ) -> [String] {
    [
      "reset", "set palette defined (\(colors))", "set cbrange [0:\(number(figure.peak))]",
      layout.margins(index), "unset key", "unset label", "unset colorbox",
      "set border 15 linewidth 0.8 linecolor rgb '#404040' front",
      "set tics nomirror out scale 0.6",
      "set title \(quoted(panel.title)) offset 0,-0.4",
      "set xrange [\(number(figure.x.first!)):\(number(figure.x.last!))]",
      "set xtics \(number(ticStep(figure.x.last! - figure.x.first!)))",
      "set yrange [\(number(figure.y.first!)):\(number(figure.y.last!))]",
      "set label 1 \(quoted(figure.horizontal.label)) at \(layout.horizontalLabel(index)) center",
      "set label 2 \(quoted(figure.vertical.label)) at \(layout.verticalLabel(index)) center"
        + " rotate by 90",
      "plot $map\(index) using 1:2:3 with image, \\\n"
        + "  $contour_background using 1:2 with lines \(backgroundLine), \\\n"
        + "  $contour\(index) using 1:2 with lines \(ownLine)",
    ]
  }

  /// The least of 1, 2 and 5 times a power of ten that leaves room for the labels of a narrow panel.
  private static func ticStep(_ range: Double) -> Double {
    let power = pow(10, floor(log10(range / 5)))
    return [1, 2, 5].map { $0 * power }.first { range / $0 <= 5 } ?? 10 * power
  }

  /// Key, colour scale and notes right of the panels, in a panel without axes that draws nothing else.
  private static func legend(
    _ figure: HeatMapFigure, _ layout: PlotLayout, _ letters: (normal: Int, title: Int, note: Int)
  ) -> [String] {
    let (top, foot) = (layout.legendTop - 0.24, layout.legendFoot + 0.2)
    let scale = [
      "set colorbox vertical user origin screen \(number(layout.legendLeft + 0.01)),"
        + "\(number(foot)) size screen 0.016,\(number(top - foot))",
      "set cbtics \(number(ticStep(figure.peak))) out scale 0.5",
      "set label 2 \(quoted(figure.valueLabel)) at screen \(number(layout.legendLeft + 0.01)),"
        + "\(number(top + 0.03)) left",
    ]
    let lines =
      legendPanel(figure.title, figure.notes, firstNote: 3, layout, letters) + scale
    // A colour scale appears with something that has colours: a point beyond the ranges.
    return lines + [
      "plot NaN with lines \(ownLine) title \(quoted(figure.contourLabels.own)), \\\n"
        + "  NaN with lines \(backgroundLine) title \(quoted(figure.contourLabels.background)), \\\n"
        + "  '+' every ::0::0 using (-9):(-9):(0) with points palette notitle"
    ]
  }
}

extension HeatMapFigure {
  /// The end of the colour scale.
  fileprivate var peak: Double {
    let largest = panels.flatMap(\.values).filter(\.isFinite).max() ?? 0
    return largest > 0 ? largest : 1
  }
}
