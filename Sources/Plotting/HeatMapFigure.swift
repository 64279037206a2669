/// Heat maps side by side in common axes and one colour scale, with their contours and those of a
/// common background.
struct HeatMapFigure: ScriptedFigure, Equatable {
  /// One map.
  struct Panel: Sendable, Equatable {
    var title: String
    /// (x, y): row by row of equal x; not negative.
    var values: [Double]
    /// Values at which contours are drawn.
    var levels: [Double]
  }

  var name: String
  var title: String
  var caption: String
  var horizontal: PlotAxis
  var vertical: PlotAxis
  /// Grid points, increasing by equal steps.
  var x: [Double]
  var y: [Double]
  var panels: [Panel]
  /// Drawn behind the contours of every panel.
  var background: Panel
  /// What the colours stand for.
  var valueLabel: String
  /// What the contours of the panels, and those of the background, are called.
  var contourLabels: (own: String, background: String)
  var notes: [String]

  init(
    name: String, title: String, caption: String = "", horizontal: PlotAxis, vertical: PlotAxis,
    x: [Double], y: [Double], panels: [Panel], background: Panel, valueLabel: String,
    contourLabels: (own: String, background: String), notes: [String] = []
  ) {
    precondition(!panels.isEmpty && x.count >= 2 && y.count >= 2)
    precondition((panels + [background]).allSatisfy { $0.values.count == x.count * y.count })
    self.name = name
    self.title = title
    self.caption = caption
    self.horizontal = horizontal
    self.vertical = vertical
    self.x = x
    self.y = y
    self.panels = panels
    self.background = background
    self.valueLabel = valueLabel
    self.contourLabels = contourLabels
    self.notes = notes
  }

  func script(for terminal: PlotScript.Terminal) -> PlotScript {
    PlotScript(self, terminal: terminal)
  }

  static func == (a: Self, b: Self) -> Bool {
    a.name == b.name && a.title == b.title && a.caption == b.caption
      && a.horizontal == b.horizontal
      && a.vertical == b.vertical && a.x == b.x && a.y == b.y && a.panels == b.panels
      && a.background == b.background && a.valueLabel == b.valueLabel
      && a.contourLabels == b.contourLabels && a.notes == b.notes
  }
}
