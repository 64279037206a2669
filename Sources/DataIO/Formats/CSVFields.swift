/// The fields of the line of a CSV file that starts at `start`, with the spaces and quotes around
/// them, and where the next line starts. A comma between quotes that enclose a whole field does not
/// end it (RFC 4180); quotes anywhere else are bytes like any other.
///
/// The slow way to look at a line: for headers and faults.
func csvFields(_ bytes: Span<UInt8>, from start: Int) -> (fields: [Range<Int>], next: Int) {
  var end = start
  while end < bytes.count, bytes[end] != ascii("\n") { end += 1 }
  let next = min(end + 1, bytes.count)
  if end > start, bytes[end - 1] == ascii("\r") { end -= 1 }

  var fields: [Range<Int>] = []
  var fieldStart = start
  while true {
    var fieldEnd = endOfQuotedField(bytes, from: fieldStart, lineEnd: end) ?? fieldStart
    while fieldEnd < end, bytes[fieldEnd] != ascii(",") { fieldEnd += 1 }
    fields.append(fieldStart..<fieldEnd)
    if fieldEnd == end { return (fields, next) }
    fieldStart = fieldEnd + 1
  }
}

/// Where a field that is quoted as a whole ends, or `nil`.
private func endOfQuotedField(_ bytes: Span<UInt8>, from start: Int, lineEnd: Int) -> Int? {
  var p = start
  skipSpaces(bytes, &p)
  guard p < lineEnd, bytes[p] == ascii("\"") else { return nil }
  p += 1
  while p < lineEnd {
    guard bytes[p] == ascii("\"") else {
      p += 1
      continue
    }
    p += 1
    // Two quotes stand for one inside the field.
    if p < lineEnd, bytes[p] == ascii("\"") {
      p += 1
      continue
    }
    skipSpaces(bytes, &p)
    return p >= lineEnd || bytes[p] == ascii(",") ? min(p, lineEnd) : nil
  }
  return nil
}

/// Reads a number with the spaces and quotes around it, and moves `position` past them; what
/// follows there is the caller's to judge.
@inline(__always)
func scanCSVNumber(_ bytes: Span<UInt8>, _ position: inout Int) -> Double? {
  skipSpaces(bytes, &position)
  let isQuoted = position < bytes.count && bytes[position] == ascii("\"")
  if isQuoted {
    position += 1
    skipSpaces(bytes, &position)
  }
  guard let value = scanDecimal(bytes, &position) else { return nil }
  skipSpaces(bytes, &position)
  if isQuoted {
    guard position < bytes.count, bytes[position] == ascii("\"") else { return nil }
    position += 1
    skipSpaces(bytes, &position)
  }
  return value
}

/// The number that a whole field is, or `nil`.
func csvNumber(_ bytes: Span<UInt8>, _ field: Range<Int>) -> Double? {
  var position = field.lowerBound
  guard let value = scanCSVNumber(bytes, &position), position == field.upperBound else {
    return nil
  }
  return value
}

/// Whether a field of the first line may belong to a header: it is neither a number nor one of the
/// ways to write that a number is missing, which must not make a line of data vanish.
func isText(_ bytes: Span<UInt8>, _ field: Range<Int>) -> Bool {
  guard csvNumber(bytes, field) == nil else { return false }
  let text = fieldText(bytes, field).trimming(while: { " \t\"+-".contains($0) }).lowercased()
  return !["", "nan", "inf", "infinity", "na", "n/a", "null", "none", "?"].contains(text)
}

/// The text of a field, between quotation marks, as it can be shown in an error.
func quoted(_ bytes: Span<UInt8>, _ field: Range<Int>) -> String {
  let text = fieldText(bytes, field).trimming(while: { " \t".contains($0) })
  if text.isEmpty { return "an empty field" }
  let printable = text.map { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 } ? $0 : "?" }
  return "'\(String(printable.prefix(40)))\(printable.count > 40 ? "..." : "")'"
}

/// The start of the next line where the rest of this one is blank, or `nil`; the end of the file
/// ends a line.
@inline(__always)
func endOfBlankLine(_ bytes: Span<UInt8>, from start: Int) -> Int? {
  var p = start
  skipSpaces(bytes, &p)
  if p < bytes.count, bytes[p] == ascii("\r") { p += 1 }
  if p == bytes.count { return p }
  return bytes[p] == ascii("\n") ? p + 1 : nil
}

@inline(__always)
func skipSpaces(_ bytes: Span<UInt8>, _ position: inout Int) {
  while position < bytes.count, bytes[position] == ascii(" ") || bytes[position] == ascii("\t") {
    position += 1
  }
}

private func fieldText(_ bytes: Span<UInt8>, _ field: Range<Int>) -> String {
  var code: [UInt8] = []
  // A field may be as long as the file; its first bytes are enough to know and to show it.
  for i in field.prefix(400) { code.append(bytes[i]) }
  return String(decoding: code, as: UTF8.self)
}

extension String {
  fileprivate func trimming(while isTrimmed: (Character) -> Bool) -> String {
    var text = self[...]
    while let first = text.first, isTrimmed(first) { text.removeFirst() }
    while let last = text.last, isTrimmed(last) { text.removeLast() }
    return String(text)
  }
}
