import Diagnostics

/// The numbers of a vector in a text file, separated by commas, spaces or line ends in any mixture;
/// # starts a remark, up to the end of the line. A UTF-8 byte-order mark is accepted.
package enum DirectionFile {
  /// Reads a file.
  ///
  /// - Throws: `Diagnostic` of kind `inputMissing` for a file that is missing or cannot be read,
  ///   `badInput` with the line for what is not a finite number, and where there is no number at all.
  package static func read(_ path: String) throws -> [Double] {
    let all = try InputFile.contents(of: path)
    let bytes = startsWithByteOrderMark(all.span) ? all[3...] : all[...]
    var numbers: [Double] = []
    for (index, line) in bytes.split(separator: ascii("\n"), omittingEmptySubsequences: false)
      .enumerated()
    {
      let separators = [ascii(","), ascii(" "), ascii("\t"), ascii("\r")]
      for field in line.prefix(while: { $0 != ascii("#") }).split(
        whereSeparator: separators.contains)
      {
        let field = Array(field)
        guard let number = csvNumber(field.span, 0..<field.count), number.isFinite else {
          throw Diagnostic(
            .badInput,
            "received \(quoted(field.span, 0..<field.count)); accepted: finite decimal numbers",
            file: path, line: index + 1)
        }
        numbers.append(number)
      }
    }
    guard !numbers.isEmpty else {
      throw Diagnostic(.badInput, "the file holds no numbers", file: path)
    }
    return numbers
  }
}
