import Diagnostics
import Foundation

/// A table of numbers, to print and to open in a spreadsheet.
public struct ResultTable: Sendable, Equatable {
  /// The name of its CSV file, without the extension.
  public let name: String
  /// Headings of the numbers.
  public let columns: [String]
  /// One number a column; NaN where there is none.
  public private(set) var rows: [[Double]] = []
  /// The heading of a column of names before the numbers; `nil` where rows have none.
  public let labelColumn: String?
  /// The names of the rows, where they have some.
  public private(set) var labels: [String] = []
  /// Headings of columns of words behind the numbers.
  public let textColumns: [String]
  /// The words of each row, one entry a column of words.
  public private(set) var texts: [[String]] = []

  /// - Parameter name: the name of the CSV file, without its ending.
  package init(
    name: String, labelColumn: String? = nil, columns: [String], textColumns: [String] = []
  ) {
    precondition(!columns.isEmpty)
    self.name = name
    self.labelColumn = labelColumn
    self.columns = columns
    self.textColumns = textColumns
  }

  /// Adds a row: one number a column, a label where rows have one, one text a column of words.
  package mutating func append(_ row: [Double], label: String? = nil, texts: [String] = []) {
    precondition(row.count == columns.count, "one number a column")
    precondition((label == nil) == (labelColumn == nil), "a name where rows have names")
    precondition(texts.count == textColumns.count, "one text a column of words")
    rows.append(row)
    self.texts.append(texts)
    if let label { labels.append(label) }
  }

  /// Comma-separated values (RFC 4180) with a header; every number in the shortest form that reads
  /// back as itself, missing ones empty.
  public var csv: String {
    let lines = rows.enumerated().map { number, row in
      ((labelColumn == nil ? [] : [Self.quoted(labels[number])]) + row.map(Self.text)
        + texts[number].map(Self.quoted)).joined(separator: ",")
    }
    let heading = ((labelColumn.map { [$0] } ?? []) + columns + textColumns)
      .joined(separator: ",")
    return ([heading] + lines).joined(separator: "\r\n") + "\r\n"
  }

  /// Checks, before a run, that a table of this name could be written into `folder`.
  ///
  /// - Throws: `Diagnostic(.outputFailure)` as `checkFolderDestination(_:)` and
  ///   `checkDestination(_:force:)`: an existing table is not overwritten without `force`.
  package static func checkDestination(name: String, folder: String, force: Bool) throws {
    try checkFolderDestination(folder)
    guard fileType(folder) != nil else { return }
    let path = fileInFolder(folder, "\(name).csv")
    guard fileType(path) != S_IFDIR else {
      throw Diagnostic(
        .outputFailure, "a folder is in the place of the table; choose another folder", file: path)
    }
    try DataIO.checkDestination(path, force: force)
  }

  /// Writes `NAME.csv` into `folder`, which is made where it is missing; complete or not at all.
  ///
  /// - Throws: `Diagnostic(.outputFailure)`, also where the table exists and `force` is false.
  public func write(toFolder folder: String, force: Bool = false) throws {
    try Self.checkDestination(name: name, folder: folder, force: force)
    let destination = try DestinationFolder(making: folder)
    do {
      let file = try PendingFile(path: destination.file("\(name).csv"), force: force)
      try file.write(csv)
      try file.commit()
    } catch {
      destination.removeIfEmpty()
      throw error
    }
  }

  /// As ``write(toFolder:force:)``, unless the table is there.
  ///
  /// - Returns: whether it was written.
  package func writeWhereMissing(toFolder folder: String) throws -> Bool {
    try checkFolderDestination(folder)
    guard fileType(fileInFolder(folder, "\(name).csv")) == nil else { return false }
    try write(toFolder: folder)
    return true
  }

  private static func quoted(_ label: String) -> String {
    // Scalar by scalar: a quote before a combining mark, or CR LF, is a single character.
    let marks: [Unicode.Scalar] = [",", "\"", "\r", "\n"]
    guard label.unicodeScalars.contains(where: marks.contains) else { return label }
    let doubled = label.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }
    return "\"\(String(String.UnicodeScalarView(doubled)))\""
  }

  /// The shortest form that reads back as the number; empty for NaN.
  package static func text(_ value: Double) -> String {
    if value.isNaN { return "" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
  }
}
