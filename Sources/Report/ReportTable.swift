/// A table with headings for columns and rows.
struct ReportTable {
  struct Column {
    var heading: Markup
    /// Numbers are aligned at the right.
    var isNumeric = true
    var isWide = false
    /// Columns of one group have one heading above their own.
    var group: Markup?

    static func text(_ heading: Markup) -> Column { Column(heading: heading, isNumeric: false) }
    /// Sentences, which need room.
    static func words(_ heading: Markup) -> Column {
      Column(heading: heading, isNumeric: false, isWide: true)
    }
    static func number(_ heading: Markup, group: Markup? = nil) -> Column {
      Column(heading: heading, group: group)
    }
  }

  var caption: Markup
  /// The first is that of the rows' headings.
  var columns: [Column]
  private(set) var rows: [[Markup]] = []

  init(caption: Markup, columns: [Column]) {
    self.caption = caption
    self.columns = columns
  }

  mutating func append(_ row: [Markup]) {
    precondition(row.count == columns.count, "one cell a column")
    rows.append(row)
  }

  /// Without the columns in which no row has anything.
  func withoutEmptyColumns() -> ReportTable {
    let shown = columns.indices.filter { column in
      column == 0 || rows.contains { $0[column] != Cell.missing }
    }
    var result = self
    result.columns = shown.map { columns[$0] }
    result.rows = rows.map { row in shown.map { row[$0] } }
    return result
  }

  /// - Parameter number: its number on the page, which is part of its identifier.
  func markup(number: Int) -> Markup {
    let identifier = "table-\(number)"
    let body = rows.map { row in
      let cells = zip(columns, row).enumerated().map { index, pair -> Markup in
        let (column, cell) = pair
        if index == 0 { return element("th", ["scope": "row"], cell) }
        let style = column.isNumeric ? "n" : column.isWide ? "w" : "t"
        return element("td", ["class": style], cell)
      }
      return element("tr", [:], cells.joined()) + "\n"
    }
    // What is wider than the page scrolls by itself, also with the keyboard; the caption stays.
    return element(
      "p", ["class": "caption", "id": "\(identifier)-caption"],
      element("b", [:], "Table \(number)."), " \(caption)") + "\n"
      + element(
        "div",
        [
          "class": "scroll", "role": "region", "tabindex": "0",
          "aria-labelledby": "\(identifier)-caption",
        ],
        element(
          "table", ["id": identifier, "aria-labelledby": "\(identifier)-caption"], "\n",
          element("thead", [:], headings), "\n", element("tbody", [:], "\n", body.joined())))
      + "\n"
  }

  private var headings: Markup {
    func heading(_ column: Column) -> Markup {
      column.isNumeric
        ? element("th", ["scope": "col", "class": "n"], column.heading)
        : element("th", ["scope": "col"], column.heading)
    }
    guard columns.contains(where: { $0.group != nil }) else {
      return element("tr", [:], columns.map(heading).joined())
    }
    var upper: Markup = ""
    var index = 0
    while index < columns.count {
      let group = columns[index].group
      let count = columns[index...].prefix { $0.group == group }.count
      upper +=
        group.map { element("th", ["scope": "colgroup", "colspan": "\(count)"], $0) }
        ?? element("td", ["colspan": "\(count)"])
      index += count
    }
    return element("tr", [:], upper) + "\n" + element("tr", [:], columns.map(heading).joined())
  }
}
