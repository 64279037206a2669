import Diagnostics
import LinearAlgebra

/// A table of numbers in comma-separated values: one point a line, its features and then, in the
/// last column, its label.
///
/// Accepted besides plain numbers: a header line (text in it and no number), spaces and double quotes
/// around a field, CR LF line ends, a UTF-8 byte-order mark, blank lines at the end. Decimal
/// numbers become the nearest doubles, whatever the locale.
package struct CSVFile: LabelledPoints {
  /// All features, one point a row.
  package let features: Matrix<Double>
  package let labels: [Double]
  package var featureCount: Int { features.columns }

  /// Reads a file. Memory: the file and its numbers, 8 bytes each.
  ///
  /// - Throws: `Diagnostic` of kind `inputMissing` for a file that is missing or cannot be read,
  ///   `badInput` with the line for a field that is not a finite number, a first line with both text
  ///   and numbers, and a line with another number of columns than the first.
  package init(contentsOf path: String) throws {
    try self.init(bytes: InputFile.contents(of: path), file: path)
  }

  /// Reads the bytes of a file; `file` is its name in errors.
  package init(bytes: [UInt8], file: String) throws {
    do {
      (features, labels) = try parse(bytes.span)
    } catch let error as Diagnostic {
      throw error.located(file: file)
    }
  }

  package func features(of indices: [Int]) -> Matrix<Double> {
    // The whole table in file order needs no copy.
    if indices.count == count, indices.elementsEqual(0..<count) { return features }
    var elements: [Double] = []
    elements.reserveCapacity(indices.count * featureCount)
    for index in indices { elements += features.row(index) }
    return Matrix(rows: indices.count, columns: featureCount, elements: elements)
  }
}

private func parse(_ bytes: Span<UInt8>) throws -> (Matrix<Double>, [Double]) {
  var position = startsWithByteOrderMark(bytes) ? 3 : 0
  let firstLine = csvFields(bytes, from: position)
  let hasHeader = try isHeader(bytes, firstLine.fields)
  let columns = firstLine.fields.count
  var line = 1
  if hasHeader {
    position = firstLine.next
    line = 2
  }

  var elements: [Double] = []
  var labels: [Double] = []
  // No more numbers than the lines or the bytes left have room for: a digit and a comma each.
  let lines = countLines(bytes, from: position)
  let numbers = (bytes.count - position + 1) / 2
  labels.reserveCapacity(min(lines, numbers / columns))
  let (product, isTooLarge) = lines.multipliedReportingOverflow(by: columns - 1)
  elements.reserveCapacity(isTooLarge ? numbers : min(product, numbers))

  var firstBlankLine: Int?
  while position < bytes.count {
    if let next = endOfBlankLine(bytes, from: position) {
      firstBlankLine = firstBlankLine ?? line
      position = next
    } else {
      if let firstBlankLine {
        throw Diagnostic(
          .badInput, "received a blank line; accepted: blank lines only at the end",
          line: firstBlankLine)
      }
      guard columns >= 2 else {
        throw Diagnostic(
          .badInput,
          "received 1 column; accepted: at least 2, features and then the label, with commas "
            + "between", line: line)
      }
      guard let next = scanRow(bytes, from: position, columns: columns, &elements, &labels) else {
        throw fault(bytes, from: position, line: line, columns: columns)
      }
      position = next
    }
    line += 1
  }
  guard !labels.isEmpty else {
    throw Diagnostic(.badInput, "received no line of numbers; accepted: at least one")
  }
  return (Matrix(rows: labels.count, columns: columns - 1, elements: elements), labels)
}

/// Whether the fields of the first line are a header: text among them and no number. A line with
/// both is more likely a point with a typing error, and taking it for a header would lose the point
/// in silence.
private func isHeader(_ bytes: Span<UInt8>, _ fields: [Range<Int>]) throws -> Bool {
  guard let column = fields.firstIndex(where: { isText(bytes, $0) }) else { return false }
  guard fields.contains(where: { csvNumber(bytes, $0) != nil }) else { return true }
  throw Diagnostic(
    .badInput,
    "column \(column + 1): received \(quoted(bytes, fields[column])); accepted: a finite decimal "
      + "number (a header line has no numbers at all)", line: 1)
}

/// Appends one line's numbers and returns where the next line starts, or `nil` for a line that is
/// not `columns` finite numbers.
private func scanRow(
  _ bytes: Span<UInt8>, from start: Int, columns: Int, _ elements: inout [Double],
  _ labels: inout [Double]
) -> Int? {
  var position = start
  for _ in 1..<columns {
    guard let value = scanCSVNumber(bytes, &position), value.isFinite,
      position < bytes.count, bytes[position] == ascii(",")
    else { return nil }
    elements.append(value)
    position += 1
  }
  guard let label = scanCSVNumber(bytes, &position), label.isFinite,
    let next = endOfBlankLine(bytes, from: position)
  else { return nil }
  labels.append(label)
  return next
}

/// What is wrong with a line that ``scanRow`` refused.
private func fault(_ bytes: Span<UInt8>, from start: Int, line: Int, columns: Int) -> Diagnostic {
  let fields = csvFields(bytes, from: start).fields
  guard fields.count == columns else {
    return Diagnostic(
      .badInput, "received \(counted(fields.count, "column")); accepted: \(columns), as in line 1",
      line: line)
  }
  for (column, field) in fields.enumerated() {
    if let value = csvNumber(bytes, field), value.isFinite { continue }
    return Diagnostic(
      .badInput,
      "column \(column + 1): received \(quoted(bytes, field)); accepted: a finite decimal number",
      line: line)
  }
  preconditionFailure("scanRow refused a line that is fields of finite numbers")
}

/// The mark that some editors put before UTF-8 text.
func startsWithByteOrderMark(_ bytes: Span<UInt8>) -> Bool {
  bytes.count >= 3 && bytes[0] == 0xef && bytes[1] == 0xbb && bytes[2] == 0xbf
}

private func countLines(_ bytes: Span<UInt8>, from start: Int) -> Int {
  var newlines = 0
  for i in start..<bytes.count where bytes[i] == ascii("\n") { newlines += 1 }
  return newlines + 1
}
