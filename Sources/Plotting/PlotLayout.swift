/// Where the parts of a figure lie: panels from the left, row by row from the top, the legend right
/// of them, the title above.
struct PlotLayout {
  let columns: Int
  let rows: Int
  /// Sizes in pixels.
  let width: Int
  let height: Int
  private let panelWidth: Int
  private let leftMargin: Int
  private let rightMargin = 18
  private let legendWidth: Int

  /// Pixels of a legend of short labels, of the line beside a label, and of a letter, on average.
  private static let (shortLegend, sampleWidth, averageLetter) = (285, 55, 7.5)
  /// Pixels from the left end of a panel's share to the right end of the axis's label, of a digit in the
  /// widest of the fonts, and from a tic label to its axis.
  private static let (labelWidth, letterWidth, ticWidth) = (25, 9, 16)
  private static let entryHeight = 22
  private static let lineHeight = 19
  /// One row of panels: where it begins and ends, as parts of the height.
  private static let singleRow = (top: 0.85, foot: 0.16)
  /// Several rows: pixels of the title above them, of a row, and in a row above and below its panels.
  private static let several = (title: 52, row: 280, above: 30, below: 66)

  /// The legend's entries and the notes below them share the height of the panels, which grows where
  /// they need more.
  ///
  /// - Parameters:
  ///   - columns: panels of a row; `nil` for one row.
  ///   - ticLetters: of the longest tic label of a vertical axis, which stands between the axis and its label.
  ///   - legendLetters: of the longest entry of the legend.
  init(
    panels: Int, columns: Int? = nil, ticLetters: Int, legendLetters: Int, entries: Int, notes: Int
  ) {
    let longestEntry = Double(Self.sampleWidth) + Self.averageLetter * Double(legendLetters)
    legendWidth = max(Self.shortLegend, Int(longestEntry.rounded(.up)))
    self.columns = min(columns ?? panels, panels)
    rows = self.columns == 0 ? 1 : (panels + self.columns - 1) / self.columns
    let (panel, margin) = rows == 1 ? (450, 98) : (320, 86)
    leftMargin = max(margin, Self.labelWidth + ticLetters * Self.letterWidth + Self.ticWidth)
    // Room for longer labels is added: curves keep theirs.
    panelWidth = panel + leftMargin - margin
    width = self.columns * panelWidth + legendWidth
    let needed = entries * Self.entryHeight + (notes + 2) * Self.lineHeight
    height =
      rows == 1
      ? max(420, Int(Double(needed) / (Self.singleRow.top - Self.singleRow.foot)))
      : Self.several.title + max(rows * Self.several.row, needed)
  }

  var titleHeight: Double { rows == 1 ? 0.955 : 1 - 24 / Double(height) }

  private func panelTop(_ panel: Int) -> Double {
    rows == 1
      ? Self.singleRow.top
      : fromTop(Self.several.title + row(panel) * Self.several.row + Self.several.above)
  }

  private func panelFoot(_ panel: Int) -> Double {
    rows == 1
      ? Self.singleRow.foot
      : fromTop(Self.several.title + (row(panel) + 1) * Self.several.row - Self.several.below)
  }

  private func row(_ panel: Int) -> Int { panel / columns }

  private func fromTop(_ pixels: Int) -> Double { 1 - Double(pixels) / Double(height) }

  private func fraction(_ pixels: Int) -> String {
    PlotScript.number(Double(pixels) / Double(width))
  }

  var legendLeft: Double { Double(columns * panelWidth + 5) / Double(width) }
  var legendTop: Double { panelTop(0) }
  var legendFoot: Double {
    rows == 1 ? Self.singleRow.foot : Double(Self.several.below) / Double(height)
  }

  private func vertical(_ top: Double, _ foot: Double) -> String {
    "set tmargin at screen \(PlotScript.number(top)); "
      + "set bmargin at screen \(PlotScript.number(foot))"
  }

  /// Left and right end of a panel in pixels.
  private func ends(_ panel: Int) -> (left: Int, right: Int) {
    let column = columns == 0 ? 0 : panel % columns
    return (column * panelWidth + leftMargin, (column + 1) * panelWidth - rightMargin)
  }

  func margins(_ panel: Int) -> String {
    let (left, right) = ends(panel)
    return "set lmargin at screen \(fraction(left)); set rmargin at screen \(fraction(right)); "
      + vertical(panelTop(panel), panelFoot(panel))
  }

  func horizontalLabel(_ panel: Int) -> String {
    let (left, right) = ends(panel)
    return "screen \(fraction((left + right) / 2)),"
      + PlotScript.number(panelFoot(panel) - 50 / Double(height))
  }

  func verticalLabel(_ panel: Int) -> String {
    "screen \(fraction(ends(panel).left - leftMargin + 14)),"
      + PlotScript.number((panelTop(panel) + panelFoot(panel)) / 2)
  }

  var legendMargins: String {
    "set lmargin at screen \(PlotScript.number(legendLeft)); set rmargin at screen 0.99; "
      + vertical(legendTop, legendFoot)
  }

  /// Notes end at the foot of the panels.
  func noteHeight(_ index: Int, of count: Int) -> Double {
    legendFoot + 0.02 + Double((count - 1 - index) * Self.lineHeight) / Double(height)
  }
}
