import Diagnostics
import Foundation

/// A table of numbers, to print and to open in a spreadsheet.
public struct ResultTable: Sendable, Equatable {
  public let name: String
  public let columns: [String]
  /// One number a column; NaN where there is none.
  public private(set) var rows: [[Double]] = []
  /// The heading of a column of texts before the numbers; `nil` where there is none.
  public let labelHeading: String?
  /// The texts, one a row.
  public private(set) var labels: [String] = []

  /// - Parameter name: the name of the CSV file, without its ending.
  public init(name: String, columns: [String], labelHeading: String? = nil) {
    precondition(!columns.isEmpty)
    self.name = name
    self.columns = columns
    self.labelHeading = labelHeading
  }

  public mutating func append(_ row: [Double], label: String? = nil) {
    precondition(row.count == columns.count, "one number a column")
    precondition((label == nil) == (labelHeading == nil), "a label a row, or none")
    rows.append(row)
    if let label { labels.append(label) }
  }

  /// Comma-separated values (RFC 4180) with a header; every number in the shortest form that reads
  /// back as itself, missing ones empty, labels in quotes.
  public var csv: String {
    let heading = (labelHeading.map { [$0] } ?? []) + columns
    let lines = rows.enumerated().map { index, row in
      let label = labels.isEmpty ? [] : ["\"\(labels[index].replacing("\"", with: "\"\""))\""]
      return (label + row.map(Self.text)).joined(separator: ",")
    }
    return ([heading.joined(separator: ",")] + lines).joined(separator: "\r\n") + "\r\n"
  }

  /// Checks, before a run, that a table of this name could be written into `folder`.
  ///
  /// - Throws: `Diagnostic(.outputFailure)` as ``checkFolderDestination(_:)`` and
  ///   ``checkDestination(_:force:)``: an existing table is not overwritten without `force`.
  public static func checkDestination(name: String, folder: String, force: Bool) throws {
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

  static func text(_ value: Double) -> String {
    if value.isNaN { return "" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
  }
}
