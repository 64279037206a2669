import Foundation

/// The gnuplot script of a figure: pure text, data included, that writes the image to stdout.
public struct PlotScript: Sendable, Equatable {
  /// What to draw into.
  public enum Terminal: String, Sendable, CaseIterable {
    case svg
    case png

    /// Sizes of letters, which look alike: pixels in SVG, points of 4/3 pixels in PNG.
    var letters: (normal: Int, title: Int, note: Int) {
      switch self {
      case .svg: (15, 17, 13)
      case .png: (11, 13, 10)
      }
    }
  }

  /// Points of a line at most; more are thinned.
  static let mostPoints = 500

  /// Commands and data, for gnuplot's standard input.
  public let text: String

  /// Lines of more than 500 points are thinned.
  public init(_ figure: CurveFigure, terminal: Terminal) {
    let labels = Set(figure.panels.flatMap(\.curves).compactMap(\.label))
    let layout = PlotLayout(
      panels: figure.panels.count, columns: figure.columns,
      ticLetters: figure.panels.map { Self.ticLetters($0.vertical, $0.ordinates) }.max() ?? 0,
      legendLetters: labels.map(\.count).max() ?? 0, entries: labels.count,
      notes: figure.notes.count)
    var lines = Self.output(size: (layout.width, layout.height), terminal)
    var blocks = DataBlocks()
    var panels: [String] = []
    for (index, panel) in figure.panels.enumerated() {
      panels += Self.panel(panel, index, layout, &blocks)
    }
    lines += blocks.lines
    lines.append("set multiplot")
    lines += Self.legend(figure, layout, terminal.letters)
    lines += panels
    lines += ["unset multiplot", "exit"]
    text = lines.joined(separator: "\n") + "\n"
  }

  init(text: String) { self.text = text }

  /// The terminal of an image of so many pixels.
  static func output(size: (width: Int, height: Int), _ terminal: Terminal) -> [String] {
    let letters = terminal.letters
    let output =
      switch terminal {
      case .svg:
        "set terminal svg size \(size.width),\(size.height) dynamic enhanced background 'white'"
          + " font 'Arial,Helvetica,sans-serif,\(letters.normal)'"
      // Twice the size for the resolution of print; lines and letters grow alike.
      case .png:
        "set terminal pngcairo size \(size.width * 2),\(size.height * 2) enhanced"
          + " background 'white' font 'Arial,\(letters.normal)' fontscale 2 linewidth 2"
          + " pointscale 2"
      }
    return ["set encoding utf8", output]
  }

  private static func panel(
    _ panel: CurvePanel, _ index: Int, _ layout: PlotLayout, _ blocks: inout DataBlocks
  ) -> [String] {
    var lines = [
      "reset", layout.margins(index), "unset key", "unset label", "unset arrow",
      "set style fill transparent solid 0.22 noborder",
      "set border 3 linewidth 0.8 linecolor rgb '#404040'",
      "set grid linetype 1 linewidth 0.5 linecolor rgb '#E4E4E4'",
      "set tics nomirror out scale 0.6",
      "set title \(quoted(panel.title)) offset 0,-0.4",
    ]
    lines += axis("x", panel.horizontal, panel.curves.flatMap(\.x))
    lines += axis("y", panel.vertical, panel.ordinates)
    // Labels at fixed places: where gnuplot would put them depends on how wide it takes letters to
    // be, which for SVG is a guess.
    lines += [
      "set label 1 \(quoted(panel.horizontal.label)) at \(layout.horizontalLabel(index)) center",
      "set label 2 \(quoted(panel.vertical.label)) at \(layout.verticalLabel(index)) center"
        + " rotate by 90",
    ]
    var plots: [String] = []
    let floor = panel.vertical.isLogarithmic ? 0 : -Double.infinity
    for curve in panel.curves where !curve.lower.isEmpty && curve.spread == .band {
      let name = blocks.add([curve.x, curve.lower, curve.upper], floor: floor)
      plots.append("\(name) using 1:2:3 with filledcurves linecolor rgb '\(hex(curve.color))'")
    }
    for curve in panel.curves {
      if !curve.lower.isEmpty, curve.spread == .bars {
        let name = blocks.add([curve.x, curve.y, curve.lower, curve.upper], floor: floor)
        plots.append(
          "\(name) using 1:2:3:4 with yerrorbars linetype 1 linewidth 1.2 pointtype 7"
            + " pointsize 0.6 linecolor rgb '\(hex(curve.color))'")
        continue
      }
      let name = blocks.add([curve.x, curve.y], floor: floor)
      plots.append("\(name) using 1:2 \(style(curve))")
    }
    if !plots.isEmpty { lines.append("plot " + plots.joined(separator: ", \\\n  ")) }
    return lines
  }

  private static func axis(_ name: String, _ axis: PlotAxis, _ values: [Double])
    -> [String]
  {
    var lines: [String] = []
    let usable = values.filter { $0.isFinite && (!axis.isLogarithmic || $0 > 0) }
    if axis.isLogarithmic {
      lines.append("set logscale \(name) 10")
      // Powers as 10^k only where the range is wide enough for several of them.
      if let low = usable.min(), let high = usable.max(), high > 30 * low, axis.tics.isEmpty {
        lines.append("set format \(name) '10^{%T}'")
      }
    } else if name == "y", usable.contains(where: { abs($0) >= 1e6 }) {
      // 3.5e+22 leaves room for the label, 3.5x10^{22} does not.
      lines.append("set format y '%g'")
    }
    if !axis.tics.isEmpty {
      let tics = axis.tics.map { "'\(number($0))' \(number($0))" }
      lines += ["set \(name)tics (\(tics.joined(separator: ", ")))", "unset m\(name)tics"]
    }
    if let range = axis.range {
      lines.append(
        "set \(name)range [\(number(range.lowerBound)):\(number(range.upperBound))]")
      return lines
    }
    // A range of its own where gnuplot would find none and stop: no usable value, or one only.
    if let low = usable.min(), let high = usable.max() {
      if low == high {
        let range =
          axis.isLogarithmic
          ? (low / 2, high * 2) : (low - max(1, abs(low)) / 2, high + max(1, abs(high)) / 2)
        lines.append("set \(name)range [\(number(range.0)):\(number(range.1))]")
      } else if name == "x", !axis.isLogarithmic {
        lines.append("set xrange [\(number(low)):\(number(high))]")
      } else if name == "x" {
        lines.append("set xrange [\(number(low / 1.3)):\(number(high * 1.3))]")
      }
    } else {
      lines.append("set \(name)range [1:10]")
    }
    return lines
  }

  /// The legend is a panel without axes that draws nothing but its key, so that it never covers
  /// data and is shared by all panels.
  private static func legend(
    _ figure: CurveFigure, _ layout: PlotLayout, _ letters: (normal: Int, title: Int, note: Int)
  ) -> [String] {
    var seen: Set<String> = []
    var entries: [String] = []
    for curve in figure.panels.flatMap(\.curves) {
      guard let label = curve.label, seen.insert(label).inserted else { continue }
      entries.append("NaN \(style(curve)) title \(quoted(label))")
    }
    let lines = legendPanel(figure.title, figure.notes, firstNote: 2, layout, letters)
    // Without a curve to name, an invisible one: the panel carries the title and the notes.
    if entries.isEmpty { entries = ["NaN notitle"] }
    return lines + ["plot " + entries.joined(separator: ", \\\n  ")]
  }

  /// A panel without axes for the key, with the figure's title and, from label `firstNote` on, its notes.
  static func legendPanel(
    _ title: String, _ notes: [String], firstNote: Int, _ layout: PlotLayout,
    _ letters: (normal: Int, title: Int, note: Int)
  ) -> [String] {
    [
      "set label 1 \(quoted(title)) at screen 0.5,\(number(layout.titleHeight)) center"
        + " font ',\(letters.title)'",
      "unset border", "unset tics", "unset grid", "set xrange [0:1]", "set yrange [0:1]",
      layout.legendMargins,
      "set key at screen \(number(layout.legendLeft)),\(number(layout.legendTop)) left top"
        + " Left reverse samplen 2 spacing 1.25 noenhanced",
    ]
      + notes.enumerated().map { index, note in
        let height = layout.noteHeight(index, of: notes.count)
        return "set label \(index + firstNote) \(quoted(note)) at screen"
          + " \(number(layout.legendLeft)),\(number(height)) left font ',\(letters.note)'"
          + " textcolor rgb '#606060'"
      }
  }

  private static func style(_ curve: PlotCurve) -> String {
    let color = "linecolor rgb '\(hex(curve.color))'"
    if !curve.lower.isEmpty, curve.spread == .bars {
      return "with points pointtype 7 pointsize 0.6 \(color)"
    }
    return switch curve.style {
    // One point makes no line.
    case .line where curve.x.count == 1, .dashed where curve.x.count == 1,
      .pattern where curve.x.count == 1, .points:
      "with points pointtype 7 pointsize 0.7 \(color)"
    case .line(let width): "with lines linetype 1 linewidth \(number(width)) \(color)"
    case .dashed(let width):
      "with lines linetype 1 dashtype (10,6) linewidth \(number(width)) \(color)"
    case .pattern([], let width):
      "with lines linetype 1 linewidth \(number(width)) \(color)"
    case .pattern(let dashes, let width):
      "with lines linetype 1 dashtype (\(dashes.map(String.init).joined(separator: ",")))"
        + " linewidth \(number(width)) \(color)"
    }
  }

  private static func hex(_ color: UInt32) -> String { String(format: "#%06X", color) }

  /// A string for gnuplot, in which nothing has a meaning of its own: neither quotes nor the marks
  /// of its enhanced text.
  static func quoted(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    // Scalar by scalar, as gnuplot reads it: a quote before a combining mark is one character with it,
    // and so are the two that end a line on other systems.
    for scalar in text.unicodeScalars {
      switch scalar {
      case "_", "^", "{", "}", "@", "&", "~", "\\": result.append(contentsOf: ["\\", scalar])
      case "'": result.append(contentsOf: ["'", "'"])
      case _ where scalar.properties.generalCategory == .control: result.append(" ")
      default: result.append(scalar)
      }
    }
    return "'" + String(result) + "'"
  }

  static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15
      ? String(Int(value)) : String(format: "%.6g", value)
  }
}
