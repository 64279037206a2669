import Diagnostics

/// The lengths that dimensions of a group must have in all of its variables.
///
/// NetCDF knows dimensions by number: two of one name, in a group and in one around it, may both occur
/// among the variables of the group, and arrays read by the name alone would not fit together.
struct DimensionLengths {
  private let lengths: [String: Int]
  private let file: NetCDFReader
  private let group: NetCDFGroup
  /// What stands before the names of variables in errors.
  private let prefix: String

  /// - Parameter known: lengths that are known already; others are those that the group sees.
  init(
    _ known: [(name: String, length: Int)] = [], file: NetCDFReader, group: NetCDFGroup,
    prefix: String = ""
  ) {
    lengths = Dictionary(known.map { ($0.name, $0.length) }) { first, _ in first }
    (self.file, self.group, self.prefix) = (file, group, prefix)
  }

  /// Checks a variable's dimensions, by name and by length.
  ///
  /// - Throws: `Diagnostic(.badInput)`.
  func check(_ variable: String, dimensions expected: [String]) throws {
    let actual = try file.shape(of: variable, in: group)
    guard actual.map(\.name) == expected else {
      let name = prefix.isEmpty ? "the variable \(variable)" : prefix + variable
      throw Diagnostic(
        .badInput,
        "\(name) has the dimensions \(actual.map(\.name).joined(separator: ", ")); expected:"
          + " \(expected.joined(separator: ", "))", file: file.path)
    }
    for (dimension, length) in actual {
      let wanted = try lengths[dimension] ?? file.dimensionLength(dimension, in: group) ?? length
      guard length == wanted else {
        let name = prefix.isEmpty ? "the variable \(variable)" : prefix + variable
        throw Diagnostic(
          .badInput,
          "\(name) has \(length) entries along \(dimension); expected: \(wanted)", file: file.path)
      }
    }
  }
}
