import Diagnostics

/// The weights of first and last layer in the group `measure` of the file of a limit of several hidden layers, at the
/// recorded snapshots.
package final class LayeredMeasureFile {
  private let file: NetCDFReader
  private let group: NetCDFGroup
  /// Training steps of the snapshots, in the order of the file.
  package let steps: [Int]
  /// Particles of the first layer.
  package let firstNeurons: Int
  /// Particles of the last hidden layer.
  package let lastNeurons: Int
  /// Components of w.
  package let features: Int
  /// Components of a.
  package let outputs: Int

  /// - Returns: `nil` where the file holds no weights.
  /// - Throws: `Diagnostic(.badInput)` where the weights have another shape, and as ``NetCDFReader``.
  package init?(_ path: String) throws {
    let file = try NetCDFReader(path: path)
    guard let group = file.group("measure") else { return nil }
    var layers = 0
    while try file.dimensionLength("layer\(layers + 1)", in: group) != nil { layers += 1 }
    let dimensions = DimensionLengths(file: file, group: group)
    func check(_ variable: String, _ names: [String]) throws -> [Int] {
      try dimensions.check(variable, dimensions: names)
      try file.checkSize(of: variable, in: group)
      return try file.shape(of: variable, in: group).map(\.length)
    }
    _ = try check("step", ["snapshot"])
    let input = try check("input_weight", ["snapshot", "layer1", "feature"])
    let output = try check("output_weight", ["snapshot", "layer\(max(layers, 1))", "output"])
    (firstNeurons, features) = (input[1], input[2])
    (lastNeurons, outputs) = (output[1], output[2])
    steps = try file.read("step", as: Int.self, in: group)
    try checkIncreasing(steps, "step", from: 0, in: file)
    guard (input + output).allSatisfy({ $0 > 0 }) else {
      throw Diagnostic(.badInput, "the measure in the file is empty", file: path)
    }
    self.file = file
    self.group = group
  }

  /// (particle, feature)
  package func inputWeights(snapshot: Int) throws -> [Double] {
    try file.read(
      "input_weight", in: group, start: [snapshot, 0, 0], count: [1, firstNeurons, features])
  }

  /// (particle, output)
  package func outputWeights(snapshot: Int) throws -> [Double] {
    try file.read(
      "output_weight", in: group, start: [snapshot, 0, 0], count: [1, lastNeurons, outputs])
  }
}
