import Diagnostics
import Foundation

/// A table of numbers, to print and to open in a spreadsheet.
public struct ResultTable: Sendable, Equatable {
  public let name: String
  public let columns: [String]
  /// One number a column; NaN where there is none.
  public private(set) var rows: [[Double]] = []

  /// - Parameter name: the name of the CSV file, without its ending.
  public init(name: String, columns: [String]) {
    precondition(!columns.isEmpty)
    self.name = name
    self.columns = columns
  }

  public mutating func append(_ row: [Double]) {
    precondition(row.count == columns.count, "one number a column")
    rows.append(row)
  }

  /// Comma-separated values (RFC 4180) with a header; every number in the shortest form that reads
  /// back as itself, missing ones empty.
  public var csv: String {
    let lines = rows.map { row in row.map(Self.text).joined(separator: ",") }
    return ([columns.joined(separator: ",")] + lines).joined(separator: "\r\n") + "\r\n"
  }

  /// Writes `NAME.csv` into `folder`, which is made where it is missing.
  ///
  /// - Throws: `Diagnostic` of kind `outputFailure`.
  public func write(toFolder folder: String) throws {
    let path = (folder as NSString).appendingPathComponent(name + ".csv")
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      try Data(csv.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw Diagnostic(
        .outputFailure, "the table cannot be written: \(error.localizedDescription)", file: path)
    }
  }

  static func text(_ value: Double) -> String {
    if value.isNaN { return "" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
  }
}
