/// Where the parts of a figure lie: panels from the left, the legend right of them, the title above.
struct PlotLayout {
  let panels: Int
  /// Sizes in pixels.
  let width: Int
  let height = 420
  private let panelWidth = 440
  private let legendWidth = 250

  init(panels: Int) {
    self.panels = panels
    width = panels * panelWidth + legendWidth
  }

  let titleHeight = 0.955
  let panelTop = 0.85
  let panelFoot = 0.16

  private func fraction(_ pixels: Int) -> String {
    PlotScript.number(Double(pixels) / Double(width))
  }

  var legendLeft: Double { Double(panels * panelWidth + 5) / Double(width) }

  func margins(_ panel: Int) -> String {
    let left = panel * panelWidth + 88
    let right = (panel + 1) * panelWidth - 18
    return "set lmargin at screen \(fraction(left)); set rmargin at screen \(fraction(right)); "
      + "set tmargin at screen \(panelTop); set bmargin at screen \(panelFoot)"
  }

  var legendMargins: String {
    "set lmargin at screen \(PlotScript.number(legendLeft)); set rmargin at screen 0.99; "
      + "set tmargin at screen \(panelTop); set bmargin at screen \(panelFoot)"
  }

  /// Notes end at the foot of the panels.
  func noteHeight(_ index: Int, of count: Int) -> Double {
    panelFoot + 0.02 + 0.045 * Double(count - 1 - index)
  }
}
