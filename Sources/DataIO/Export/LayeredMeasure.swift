/// The shape of the weights of several hidden layers recorded in a run: of one simulation, whose layers are
/// means over particles.
public struct LayeredMeasureDescription: Sendable, Equatable {
  /// Training steps at which the weights are kept.
  var snapshotSteps: [Int]
  /// Components of the first layer's weights w.
  var features: Int
  /// Particles of each hidden layer.
  var layers: [Int]
  /// Components of the output weight a.
  var outputs: Int
  /// Whether weights are stored in single precision (half the space).
  var isSinglePrecision: Bool
  /// Simulations whose populations are kept, in one group a layer.
  var replicates: Int
  /// Test points, the first ones, at which preactivations are kept.
  var probes: Int
  /// The file whose populations drive the particles; `nil` where they drive themselves. Driven ones have no increments
  /// among each other.
  package var drivenBy: String?

  package init(
    snapshotSteps: [Int], features: Int, layers: [Int], outputs: Int, isSinglePrecision: Bool,
    replicates: Int = 1, probes: Int = 0
  ) {
    self.replicates = replicates
    self.probes = probes
    self.snapshotSteps = snapshotSteps
    self.features = features
    self.layers = layers
    self.outputs = outputs
    self.isSinglePrecision = isSinglePrecision
  }

  var populations: LayerPopulationsDescription {
    LayerPopulationsDescription(
      snapshotSteps: snapshotSteps, features: features, outputs: outputs, probes: probes,
      isSinglePrecision: isSinglePrecision)
  }

  /// Bytes of all snapshots: populations of all replicates, and the weights of the first one.
  package var bytes: Double {
    let increments = zip(layers.dropFirst(), layers).reduce(0.0) {
      $0 + (drivenBy == nil ? Double($1.0) * Double($1.1) : 0)
    }
    let own = increments + Double(layers[0] * features) + Double(layers.last! * outputs)
    return populations.bytes(layers: layers.map { $0 * replicates })
      + own * Double(snapshotSteps.count) * (isSinglePrecision ? 4 : 8)
  }

  /// What the file says of them.
  var remark: String {
    drivenBy.map {
      "Fresh particles that see the populations of \($0) and do not act on them; weights of those that its first"
        + " replicate drives. The groups layer_1, layer_2, ... have those of all replicates, one after another."
        + " They have hidden increments to and from those populations, not among each other: the layers are"
        + " independent populations."
    } ?? Self.solvedRemark
  }

  private static let solvedRemark =
    "Weights of the first replicate; the groups layer_1, layer_2, ... have the populations of all replicates, one"
    + " replicate after another. Every hidden layer is a mean over its particles, each of mass one over their"
    + " number: z1 = w x, z2 = s mean(hidden_increment_2 phi(z1)), ..., f = s mean(a phi(z)) with s the root of"
    + " reference_width. Initial hidden weights drop out of the limit; increments start at zero."
    + " Where the attribute control_variate is first_layer_kernel, logits also have its correction, which falls as"
    + " the root of the particles of layer 1."
}

/// The variables of the group `measure` where there are several hidden layers: snapshots of `input_weight`
/// (layer 1 x feature), `hidden_increment_2` (layer 2 x layer 1), ... and `output_weight` (last layer x
/// output) of the first replicate, and a group for the population of each layer.
struct LayeredMeasureVariables {
  private let description: LayeredMeasureDescription
  private let inputWeight: NetCDFVariable
  private let increments: [NetCDFVariable]
  private let outputWeight: NetCDFVariable
  private let populations: [LayerPopulationVariables]

  init(_ file: NetCDFWriter, _ measure: LayeredMeasureDescription) throws {
    description = measure
    let group = try file.defineGroup("measure")
    try file.setAttribute("comment", .text(measure.remark), in: group)
    let snapshot = try file.defineDimension(
      "snapshot", length: measure.snapshotSteps.count, in: group)
    let layers = try measure.layers.enumerated().map { number, particles in
      try file.defineDimension("layer\(number + 1)", length: particles, in: group)
    }
    let feature = try file.defineDimension("feature", length: measure.features, in: group)
    let output = try file.defineDimension("output", length: measure.outputs, in: group)
    let step = try file.defineVariable(
      "step", Int.self, [snapshot], longName: "training step of the snapshot", in: group)
    try file.write(measure.snapshotSteps, to: step)
    func weight(
      _ name: String, _ rows: NetCDFDimension, _ columns: NetCDFDimension, _ longName: String
    ) throws -> NetCDFVariable {
      try file.defineWeights(
        name, isSinglePrecision: measure.isSinglePrecision, [snapshot, rows, columns],
        longName: longName, in: group)
    }
    inputWeight = try weight(
      "input_weight", layers[0], feature, "hatted weights w of the first layer")
    let joined = measure.drivenBy == nil ? Array(zip(layers.dropFirst(), layers)) : []
    increments = try joined.enumerated().map { place, pair in
      try weight(
        "hidden_increment_\(place + 2)", pair.0, pair.1,
        "increments of the hatted weights from hidden layer \(place + 1) to \(place + 2)")
    }
    outputWeight = try weight(
      "output_weight", layers.last!, output, "hatted output weights a of the last hidden layer")
    populations = try LayerPopulationVariables.define(
      in: file, group, layers: measure.layers.map { $0 * measure.replicates }, measure.populations)
  }

  /// Writes particles of a replicate's part of a layer's population.
  ///
  /// - Parameter first: number of the first one in the part.
  func write<Scalar>(
    _ file: NetCDFWriter, _ rows: LayerRows<Scalar>, layer: Int, snapshotIndex: Int,
    replicate: Int, first: Int
  ) throws {
    try populations[layer - 1].write(
      rows, to: file,
      place: [snapshotIndex, replicate * description.layers[layer - 1] + first])
    guard description.drivenBy != nil, replicate == 0 else { return }
    for (numbers, variable) in [
      (rows.inputWeights, inputWeight), (rows.outputWeights, outputWeight),
    ] {
      guard let numbers else { continue }
      let columns = variable.shape.last!
      try file.write(
        numbers, to: variable, start: [snapshotIndex, first, 0],
        count: [1, numbers.count / columns, columns])
    }
  }

  func write<Scalar: NetCDFElement>(
    _ file: NetCDFWriter, snapshotIndex: Int, inputWeights: UnsafeBufferPointer<Scalar>,
    increments weights: [UnsafeBufferPointer<Scalar>], outputWeights: UnsafeBufferPointer<Scalar>
  ) throws {
    let layers = description.layers
    func write(
      _ numbers: UnsafeBufferPointer<Scalar>, _ variable: NetCDFVariable, _ rows: Int,
      _ columns: Int
    ) throws {
      try file.write(
        numbers, to: variable, start: [snapshotIndex, 0, 0], count: [1, rows, columns])
    }
    try write(inputWeights, inputWeight, layers[0], description.features)
    for (place, numbers) in weights.enumerated() {
      try write(numbers, increments[place], layers[place + 1], layers[place])
    }
    try write(outputWeights, outputWeight, layers.last!, description.outputs)
  }
}
