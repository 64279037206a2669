import Networks

extension PlotScript {
  /// The script of a phase diagram, with equal scales on both axes.
  public init(_ diagram: PhaseDiagram, terminal: Terminal) {
    let unit = 330.0
    let (left, right, foot, head) = (84.0, 18.0, 72.0, 74.0)
    let across = PhaseDiagram.horizontal
    let up = PhaseDiagram.vertical
    let width = left + right + unit * (across.upperBound - across.lowerBound)
    let height = foot + head + unit * (up.upperBound - up.lowerBound)
    let size = (Int(width.rounded()), Int(height.rounded()))
    func fraction(_ pixels: Double, of total: Double) -> String { Self.number(pixels / total) }

    let tics = stride(from: -1.5, through: 1.5, by: 0.5).map {
      "'\(Self.number($0).replacing("-", with: "−"))' \(Self.number($0))"
    }

    var lines = Self.output(size: size, terminal)
    lines += [
      "set lmargin at screen \(fraction(left, of: width))",
      "set rmargin at screen \(fraction(width - right, of: width))",
      "set bmargin at screen \(fraction(foot, of: height))",
      "set tmargin at screen \(fraction(height - head, of: height))",
      "set xrange [\(Self.number(across.lowerBound)):\(Self.number(across.upperBound))]",
      "set yrange [\(Self.number(up.lowerBound)):\(Self.number(up.upperBound))]",
      "unset key", "set border 3 linewidth 0.8 linecolor rgb '#404040'",
      "set tics nomirror out scale 0.6",
      "set xtics (\(tics.dropLast(2).joined(separator: ", ")))",
      "set ytics (\(tics.dropFirst(2).joined(separator: ", ")))",
      "set grid linetype 1 linewidth 0.5 linecolor rgb '#ECECEC' back",
      "set style fill solid 1 noborder",
      "set label 1 'Limits of infinite width by the exponents of a scaling' at screen 0.5,"
        + "\(fraction(height - 24, of: height)) center font ',\(terminal.letters.title)'",
      "set label 2 '\(diagram.caption)' at screen 0.5,"
        + "\(fraction(height - 50, of: height)) center textcolor rgb '\(Self.markColor)'",
      "set label 3 'q_σ: exponent of the output scale' at screen "
        + "\(fraction((left + width - right) / 2, of: width)),"
        + "\(fraction(16, of: height)) center",
      "set label 4 'q_η: exponent of the learning rates' at screen "
        + "\(fraction(22, of: width)),\(fraction((foot + height - head) / 2, of: height)) center"
        + " rotate by 90",
    ]
    lines += Self.outside(terminal)
    lines += PhaseDiagram.names.enumerated().flatMap { Self.name($1, tag: $0 + 10) }
    lines += Self.band(diagram)
    lines.append("exit")
    self.init(text: lines.joined(separator: "\n") + "\n")
  }

  private static let markColor = "#C4161C"
  private static let pointColor = "#1F3A5F"
  private static let thinColor = "#5A6B80"

  /// What lies beyond the two edges.
  private static func outside(_ terminal: Terminal) -> [String] {
    let style = "center font ',\(terminal.letters.title)' textcolor rgb '#909090'"
    return [
      "set label 5 'γ > 0: the dynamics diverges' at 0.0,1.35 \(style)",
      "set label 6 'γ < −1/2: the dynamics stagnates' at -1.25,-0.45 \(style)",
      "set label 7 'γ = 0' at -1.455,1.545 center rotate by -45 textcolor rgb '\(pointColor)'",
      "set label 8 'γ = −1/2' at -1.595,1.005 center rotate by -45 textcolor rgb '\(pointColor)'",
    ]
  }

  private static func name(_ name: PhaseDiagram.Name, tag: Int) -> [String] {
    let title = name.limit.title.replacing("NTK-", with: "NTK–")
    let detail = name.detail.map { "   \($0)" } ?? ""
    let rotation = name.rotation == 0 ? "" : " rotate by \(name.rotation)"
    var lines = [
      "set label \(tag) \(quoted(title + detail)) at \(place(name.place))"
        + " \(name.alignment.rawValue)\(rotation) front"
    ]
    if let target = name.target {
      var start = name.place
      start.x += name.alignment == .left ? -0.015 : 0.015
      lines.append(
        "set arrow \(tag) from \(place(start)) to \(place(target)) nohead linewidth 0.8"
          + " linecolor rgb '\(thinColor)' front")
    }
    return lines
  }

  private static func place(_ point: PhaseDiagram.Point) -> String {
    "\(number(point.x)),\(number(point.y))"
  }

  /// The band, its lines, its points and the marks, from back to front.
  private static func band(_ diagram: PhaseDiagram) -> [String] {
    let (left, right) = (PhaseDiagram.horizontal.lowerBound, PhaseDiagram.horizontal.upperBound)
    let (foot, head) = (PhaseDiagram.vertical.lowerBound, PhaseDiagram.vertical.upperBound)
    // Cut at the frame here: gnuplot moves corners of polygons beyond it onto it, which tilts edges.
    let upper = [(-head, head), (right, -right)]
    let lower = [(-0.5 - foot, foot), (left, -0.5 - left)]
    let corners = [(left, head)] + upper + [(right, foot)] + lower
    func block(_ name: String, _ points: [(Double, Double)]) -> [String] {
      ["\(name) << EOD"] + points.map { "\(number($0.0)) \(number($0.1))" } + ["EOD"]
    }
    var rings: [(Double, Double)] = []
    var arrows: [String] = []
    for mark in diagram.marks {
      switch mark {
      case .ring(let point): rings.append((point.x, point.y))
      case .arrow(let from, let to):
        arrows.append(
          "set arrow from \(place(from)) to \(place(to)) head filled size screen 0.018,18"
            + " linewidth 3 linecolor rgb '\(markColor)' front")
      }
    }
    var lines = block("$band", corners)
    lines += block("$upper", upper) + block("$lower", lower)
    lines += block("$alpha", [(-0.5, 0), (-0.5, 0.5)])
    lines += block("$beta", [(-1, 1), (-0.5, 0)])
    lines += block("$points", [(-1, 1), (-0.5, 0.5), (-0.5, 0)])
    let line = "with lines linetype 1 linewidth 2.2 linecolor rgb '\(pointColor)'"
    var plots = [
      "$band using 1:2 with filledcurves closed linecolor rgb '#DCE8F4'",
      "$upper using 1:2 \(line)", "$lower using 1:2 \(line)", "$alpha using 1:2 \(line)",
      "$beta using 1:2 \(line)",
      "$points using 1:2 with points pointtype 7 pointsize 1.1 linecolor rgb '\(pointColor)'",
    ]
    // A ring, so that the point of a named scaling shows through it.
    if !rings.isEmpty {
      lines += block("$marks", rings)
      plots.append(
        "$marks using 1:2 with points pointtype 6 pointsize 2.2 linewidth 2.5"
          + " linecolor rgb '\(markColor)'")
    }
    return lines + arrows + ["plot " + plots.joined(separator: ", \\\n  ")]
  }
}
