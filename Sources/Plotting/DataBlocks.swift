/// The inline data of a script: one named block a curve, thinned, with a blank line (where gnuplot
/// lifts the pen) in place of entries that cannot be drawn.
struct DataBlocks {
  private(set) var lines: [String] = []
  private var count = 0

  /// Adds the columns as a block and returns its name. Rows with an entry beyond the first column
  /// that is not finite or not above `floor` are gaps.
  mutating func add(_ columns: [[Double]], floor: Double) -> String {
    let name = "$data\(count)"
    count += 1
    lines.append("\(name) << EOD")
    var isGap = true
    var isEmpty = true
    for row in thinnedIndices(columns[0].count, most: PlotScript.mostPoints) {
      let values = columns.map { $0[row] }
      guard values[0].isFinite, values.dropFirst().allSatisfy({ $0.isFinite && $0 > floor }) else {
        if !isGap { lines.append("") }
        isGap = true
        continue
      }
      lines.append(values.map(PlotScript.number).joined(separator: " "))
      isGap = false
      isEmpty = false
    }
    // A block without a row is an error for gnuplot; one that is missing is drawn as nothing.
    if isEmpty { lines.append("NaN NaN NaN") }
    lines.append("EOD")
    return name
  }
}
