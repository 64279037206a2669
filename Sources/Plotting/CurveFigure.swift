/// A figure: panels side by side, or in several rows, under one title, with one legend for all of them
/// at the right.
public struct CurveFigure: Sendable, Equatable {
  /// The name of its files, without the extension.
  public var name: String
  public var title: String
  public var caption: String
  public var panels: [CurvePanel]
  /// Lines under the legend: what was left out, and why.
  public var notes: [String]
  /// Panels of a row; `nil` for one row of all of them.
  public var columns: Int?

  public init(
    name: String, title: String, caption: String = "", panels: [CurvePanel], notes: [String] = [],
    columns: Int? = nil
  ) {
    precondition(columns.map { $0 >= 1 } ?? true)
    self.name = name
    self.title = title
    self.caption = caption
    self.panels = panels
    self.notes = notes
    self.columns = columns
  }
}

/// One pair of axes with its curves, drawn in order.
public struct CurvePanel: Sendable, Equatable {
  public var title: String
  public var horizontal: PlotAxis
  public var vertical: PlotAxis
  public var curves: [PlotCurve]

  public init(title: String, horizontal: PlotAxis, vertical: PlotAxis, curves: [PlotCurve]) {
    self.title = title
    self.horizontal = horizontal
    self.vertical = vertical
    self.curves = curves
  }
}

/// An axis with its label.
public struct PlotAxis: Sendable, Equatable {
  public var label: String
  public var isLogarithmic: Bool
  /// Positions of the tics, where not left to gnuplot: the widths of nets.
  public var tics: [Double]
  /// What the axis spans, where not all of the data: curves beyond it are cut off.
  public var range: ClosedRange<Double>?

  public init(
    _ label: String, isLogarithmic: Bool = false, tics: [Double] = [],
    range: ClosedRange<Double>? = nil
  ) {
    self.range = range
    self.label = label
    self.isLogarithmic = isLogarithmic
    self.tics = tics
  }
}

/// A line or a row of points, with a translucent band around it, or bars through its points, where `lower`
/// and `upper` are given.
///
/// Entries that are NaN (or not positive, on a logarithmic axis) are gaps.
public struct PlotCurve: Sendable, Equatable {
  /// What the legend calls it; curves of one label have one entry, those without none.
  public var label: String?
  public var x: [Double]
  public var y: [Double]
  public var lower: [Double]
  public var upper: [Double]
  public var spread: Spread
  public var style: Style
  /// Red, green and blue, such as 0x440154.
  public var color: UInt32

  /// How `lower` and `upper` are drawn.
  public enum Spread: Sendable, Equatable {
    case band
    /// Drawn with points, whatever the style.
    case bars
  }

  /// How the curve itself is drawn.
  public enum Style: Sendable, Equatable {
    case line(width: Double)
    case dashed(width: Double)
    /// Dashes and the gaps between them by turns, in gnuplot's units; none for a solid line.
    case pattern([Int], width: Double)
    case points
  }

  public init(
    label: String?, x: [Double], y: [Double], lower: [Double] = [], upper: [Double] = [],
    spread: Spread = .band, style: Style, color: UInt32
  ) {
    precondition(x.count == y.count, "one ordinate an abscissa")
    precondition(lower.count == upper.count, "a band has two sides")
    precondition(lower.isEmpty || lower.count == x.count, "one band entry an abscissa")
    self.label = label
    self.x = x
    self.y = y
    self.lower = lower
    self.upper = upper
    self.spread = spread
    self.style = style
    self.color = color
  }
}
