/// The shape of the populations kept of finite nets of several hidden layers of one width each.
public struct NetsLayersDescription: Sendable, Equatable {
  package var populations: LayerPopulationsDescription
  package var hiddenLayers: Int

  package init(_ populations: LayerPopulationsDescription, hiddenLayers: Int) {
    self.populations = populations
    self.hiddenLayers = hiddenLayers
  }

  /// Bytes of the populations of nets of these widths, of so many seeds each.
  package func bytes(widths: [Int], seeds: Int) -> Double {
    widths.reduce(0) {
      $0 + populations.bytes(layers: Array(repeating: $1 * seeds, count: hiddenLayers))
    }
  }

  /// Defines the groups `measure/width_128/layer_1` and so on: those of a limit, with the seed first.
  static func define(
    in file: NetCDFWriter, _ description: NetsFileDescription
  ) throws -> [[LayerPopulationVariables]] {
    guard let layers = description.layers else { return [] }
    let parent = try file.defineGroup(NetsWeightsVariables.parent)
    try file.setAttribute(
      "comment",
      .text(
        "What neurons of the nets are, in hatted weights, layer by layer: a group for each width, and in it one for"
          + " each hidden layer, whose neurons are the particles."), in: parent)
    return try description.widths.map { width in
      let group = try file.defineGroup("\(NetsWeightsVariables.prefix)\(width)", in: parent)
      try file.setAttribute("width", .int(width), in: group)
      return try LayerPopulationVariables.define(
        in: file, group, layers: Array(repeating: width, count: layers.hiddenLayers),
        seeds: description.seeds, layers.populations)
    }
  }
}
