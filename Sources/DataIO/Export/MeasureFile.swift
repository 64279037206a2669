import Diagnostics

/// The group `measure` of RUN.nc: the particles at the recorded snapshots, read block by block.
public final class MeasureFile {
  private let file: NetCDFReader
  private let group: NetCDFGroup
  /// Training steps of the snapshots, in the order of the file.
  public let steps: [Int]
  public let particles: Int
  /// Components of a.
  public let outputs: Int
  /// Components of w.
  public let features: Int

  /// - Throws: `Diagnostic(.badInput)` where the file has no measure or one of another shape, and as
  ///   ``NetCDFReader``.
  public init(_ path: String) throws {
    let file = try NetCDFReader(path: path)
    guard let group = file.group("measure") else {
      throw Diagnostic(
        .badInput,
        "the file holds no particles: the measure of its limit is frozen at its initial law, or the"
          + " configuration gave no record.snapshots", file: path)
    }
    func check(_ variable: String, _ names: [String]) throws -> [Int] {
      let shape = try file.shape(of: variable, in: group)
      guard shape.map(\.name) == names else {
        throw Diagnostic(
          .badInput,
          "the variable \(variable) has the dimensions \(shape.map(\.name).joined(separator: ", "));"
            + " expected: \(names.joined(separator: ", "))", file: path)
      }
      return shape.map(\.length)
    }
    _ = try check("step", ["snapshot"])
    _ = try check("mass", ["particle"])
    let output = try check("output_weight", ["snapshot", "particle", "output"])
    let input = try check("input_weight", ["snapshot", "particle", "feature"])
    (particles, outputs, features) = (output[1], output[2], input[2])
    steps = try file.read("step", as: Int.self, in: group)
    guard !steps.isEmpty, particles > 0, outputs > 0, features > 0 else {
      throw Diagnostic(.badInput, "the measure in the file is empty", file: path)
    }
    self.file = file
    self.group = group
  }

  /// Masses of consecutive particles.
  public func masses(first: Int, count: Int) throws -> [Double] {
    try file.read("mass", in: group, start: [first], count: [count])
  }

  /// Weights of consecutive particles at one snapshot: (particle, output) and (particle, feature).
  public func weights(
    snapshot: Int, first: Int, count: Int
  ) throws -> (output: [Double], input: [Double]) {
    let start = [snapshot, first, 0]
    return (
      try file.read("output_weight", in: group, start: start, count: [1, count, outputs]),
      try file.read("input_weight", in: group, start: start, count: [1, count, features])
    )
  }
}
