/// The shape of the populations of several hidden layers at the snapshots of a limit or of finite nets: what each
/// neuron of a layer is by itself, its preactivations at some points included.
package struct LayerPopulationsDescription: Sendable, Equatable {
  /// Training steps at which they are kept.
  package var snapshotSteps: [Int]
  /// Components of the first layer's weights w.
  package var features: Int
  /// Components of the output weights a, of the last layer.
  package var outputs: Int
  /// Test points, the first ones, at which preactivations are kept; 0 for none.
  package var probes: Int
  /// Whether numbers are stored in single precision (half the space).
  var isSinglePrecision: Bool

  package init(
    snapshotSteps: [Int], features: Int, outputs: Int, probes: Int, isSinglePrecision: Bool
  ) {
    self.snapshotSteps = snapshotSteps
    self.features = features
    self.outputs = outputs
    self.probes = probes
    self.isSinglePrecision = isSinglePrecision
  }

  /// Bytes of layers of so many particles in all.
  func bytes(layers: [Int]) -> Double {
    let numbers =
      Double(layers[0]) * Double(features) + Double(layers.last!) * Double(outputs)
      + layers.reduce(0) { $0 + Double($1) * Double(probes) }
    return numbers * Double(snapshotSteps.count) * (isSinglePrecision ? 4 : 8)
  }
}

/// Rows of one layer's population, one particle a row.
package struct LayerRows<Scalar: NetCDFElement> {
  /// Of the first layer (particle, feature).
  let inputWeights: UnsafeBufferPointer<Scalar>?
  /// (particle, probe).
  let preactivations: UnsafeBufferPointer<Scalar>
  /// Of the last layer (particle, output).
  let outputWeights: UnsafeBufferPointer<Scalar>?

  package init(
    inputWeights: UnsafeBufferPointer<Scalar>?, preactivations: UnsafeBufferPointer<Scalar>,
    outputWeights: UnsafeBufferPointer<Scalar>?
  ) {
    self.inputWeights = inputWeights
    self.preactivations = preactivations
    self.outputWeights = outputWeights
  }
}

/// The variables of one layer's group, `layer_1`, `layer_2`, ..., each complete in itself, with the names of those of one
/// hidden layer: `mass`, `input_weight` (first layer), `output_weight` (last layer) and `preactivation` at the
/// probes. Neurons of different layers are not paired: every layer has a law of its own.
struct LayerPopulationVariables {
  private let inputWeight: NetCDFVariable?
  private let preactivation: NetCDFVariable?
  private let outputWeight: NetCDFVariable?

  static let prefix = "layer_"

  /// Defines the groups of all layers and writes their steps and masses.
  ///
  /// - Parameters:
  ///   - parent: the group that they are in.
  ///   - layers: particles of each hidden layer, of nets the neurons of one.
  ///   - seeds: numbers of the nets; `nil` for a limit.
  static func define(
    in file: NetCDFWriter, _ parent: NetCDFGroup, layers: [Int], seeds: [Int]? = nil,
    _ description: LayerPopulationsDescription
  ) throws -> [LayerPopulationVariables] {
    try layers.indices.map {
      try LayerPopulationVariables(
        file, parent, layer: $0 + 1, of: layers, seeds: seeds, description)
    }
  }

  private init(
    _ file: NetCDFWriter, _ parent: NetCDFGroup, layer: Int, of layers: [Int], seeds: [Int]?,
    _ description: LayerPopulationsDescription
  ) throws {
    let group = try file.defineGroup("\(Self.prefix)\(layer)", in: parent)
    let count = layers[layer - 1]
    let seed = try seeds.map { seeds in
      let seed = try file.defineDimension("seed", length: seeds.count, in: group)
      try file.writeCoordinate(seeds, seed, longName: "number of the seed", in: group)
      return seed
    }
    let snapshot = try file.defineDimension(
      "snapshot", length: description.snapshotSteps.count, in: group)
    let particle = try file.defineDimension("particle", length: count, in: group)
    let step = try file.defineVariable(
      "step", Int.self, [snapshot], longName: "training step of the snapshot", in: group)
    try file.write(description.snapshotSteps, to: step)
    let mass = try file.defineVariable(
      "mass", Double.self, [particle],
      longName: "probability mass of the particle among those of its layer", in: group)
    try file.write(Array(repeating: 1 / Double(count), count: count), to: mass)
    func variable(_ name: String, _ last: NetCDFDimension, _ longName: String) throws
      -> NetCDFVariable
    {
      try file.defineWeights(
        name, isSinglePrecision: description.isSinglePrecision,
        [seed, snapshot, particle, last].compactMap(\.self), longName: longName, in: group)
    }
    inputWeight =
      layer > 1
      ? nil
      : try variable(
        "input_weight",
        try file.defineDimension("feature", length: description.features, in: group),
        "hatted weights w of the first layer")
    outputWeight =
      layer < layers.count
      ? nil
      : try variable(
        "output_weight",
        try file.defineDimension("output", length: description.outputs, in: group),
        "hatted output weights a of the last hidden layer")
    preactivation =
      description.probes == 0
      ? nil
      : try variable(
        "preactivation",
        try file.defineDimension("probe", length: description.probes, in: group),
        "preactivation z\(layer) of hidden layer \(layer) at the first test points")
  }

  /// Writes consecutive particles.
  ///
  /// - Parameter place: (seed,) snapshot, and the particle of the first row.
  func write<Scalar>(_ rows: LayerRows<Scalar>, to file: NetCDFWriter, place: [Int]) throws {
    for (numbers, variable) in [
      (rows.inputWeights, inputWeight), (rows.preactivations, preactivation),
      (rows.outputWeights, outputWeight),
    ] {
      guard let numbers, let variable else { continue }
      let columns = variable.shape.last!
      try file.write(
        numbers, to: variable, start: place + [0],
        count: place.dropLast().map { _ in 1 } + [numbers.count / columns, columns])
    }
  }
}
