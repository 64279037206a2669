import Foundation
import InfiniteWidth

/// A table for reading: right-aligned columns, numbers to a few digits.
func tableText(
  _ table: ResultTable, headings: [String], formats: [NumberFormat], rows: [Int]? = nil
)
  -> String
{
  let cells = (rows ?? Array(table.rows.indices)).map { index in
    zip(table.rows[index], formats).map { $1.text($0) }
  }
  // Columns without a single value say nothing.
  let shown = headings.indices.filter { column in cells.contains { $0[column] != "-" } }
  let widths = shown.map { column in
    max(headings[column].count, cells.map { $0[column].count }.max() ?? 0)
  }
  func line(_ values: [String]) -> String {
    zip(shown, widths).map { column, width in
      String(repeating: " ", count: width - values[column].count) + values[column]
    }.joined(separator: "  ")
  }
  return ([line(headings)] + cells.map(line)).joined(separator: "\n")
}

/// A table whose rows begin with their names, below one another.
func labelledTableText(
  _ table: ResultTable, headings: [String], formats: [NumberFormat]
) -> String {
  let lines = tableText(table, headings: headings, formats: formats).split(separator: "\n")
  let width = table.labels.map(\.count).max() ?? 0
  return zip([""] + table.labels, lines).map { label, line in
    label + String(repeating: " ", count: width - label.count + 2) + line
  }.joined(separator: "\n")
}

/// How a column is printed; a missing value is a dash.
enum NumberFormat {
  case whole
  case decimals(Int)
  case percent
  /// So many significant digits, with a power of ten where small.
  case significant(Int)

  func text(_ value: Double) -> String {
    if value.isNaN { return "-" }
    switch self {
    case .whole: return String(format: "%.0f", value)
    // Diverging runs have numbers that fit no column.
    case .decimals(let digits):
      return abs(value) < 1e5
        ? String(format: "%.\(digits)f", value) : String(format: "%.3g", value)
    case .percent: return String(format: "%.1f %%", 100 * value)
    case .significant(let digits): return String(format: "%.\(digits)g", value)
    }
  }
}
