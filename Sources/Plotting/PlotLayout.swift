/// Where the parts of a figure lie: panels from the left, the legend right of them, the title above.
struct PlotLayout {
  let panels: Int
  /// Sizes in pixels.
  let width: Int
  let height: Int
  private let panelWidth = 450
  private let leftMargin = 98
  private let rightMargin = 18
  private let legendWidth = 285

  private static let entryHeight = 22
  private static let lineHeight = 19

  /// The legend's entries and the notes below them share the height of the panels, which grows where
  /// they need more.
  init(panels: Int, entries: Int, notes: Int) {
    self.panels = panels
    width = panels * panelWidth + legendWidth
    let needed = Double(entries * Self.entryHeight + (notes + 2) * Self.lineHeight)
    height = max(420, Int(needed / (panelTop - panelFoot)))
  }

  let titleHeight = 0.955
  let panelTop = 0.85
  let panelFoot = 0.16

  private func fraction(_ pixels: Int) -> String {
    PlotScript.number(Double(pixels) / Double(width))
  }

  var legendLeft: Double { Double(panels * panelWidth + 5) / Double(width) }

  func margins(_ panel: Int) -> String {
    let left = panel * panelWidth + leftMargin
    let right = (panel + 1) * panelWidth - rightMargin
    return "set lmargin at screen \(fraction(left)); set rmargin at screen \(fraction(right)); "
      + "set tmargin at screen \(panelTop); set bmargin at screen \(panelFoot)"
  }

  func horizontalLabel(_ panel: Int) -> String {
    "screen \(fraction(panel * panelWidth + (leftMargin + panelWidth - rightMargin) / 2)),"
      + PlotScript.number(panelFoot - 50 / Double(height))
  }

  func verticalLabel(_ panel: Int) -> String {
    "screen \(fraction(panel * panelWidth + 14)),\(PlotScript.number((panelTop + panelFoot) / 2))"
  }

  var legendMargins: String {
    "set lmargin at screen \(PlotScript.number(legendLeft)); set rmargin at screen 0.99; "
      + "set tmargin at screen \(panelTop); set bmargin at screen \(panelFoot)"
  }

  /// Notes end at the foot of the panels.
  func noteHeight(_ index: Int, of count: Int) -> Double {
    panelFoot + 0.02 + Double((count - 1 - index) * Self.lineHeight) / Double(height)
  }
}
