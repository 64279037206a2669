/// The shape of the weights kept of finite nets.
public struct NetsWeightsDescription: Sendable, Equatable {
  /// Training steps at which the weights are kept.
  public var snapshotSteps: [Int]
  /// Components of the input weight w.
  public var features: Int
  /// Components of the output weight a.
  public var outputs: Int
  /// Whether weights are stored in single precision (half the space).
  public var isSinglePrecision: Bool

  /// The shape of weights kept at these training steps, each at most the last.
  public init(snapshotSteps: [Int], features: Int, outputs: Int, isSinglePrecision: Bool) {
    self.snapshotSteps = snapshotSteps
    self.features = features
    self.outputs = outputs
    self.isSinglePrecision = isSinglePrecision
  }

  /// Bytes of the weights of nets of these widths, of so many seeds each.
  package func bytes(widths: [Int], seeds: Int) -> Double {
    widths.reduce(0) { $0 + Double($1) } * Double(seeds) * Double(snapshotSteps.count)
      * Double(features + outputs) * (isSinglePrecision ? 4 : 8)
  }
}

/// The variables of one width's group in the group `measure` of NETS.nc: those of RUN.nc's measure, with
/// a particle for each neuron and the seed before the other dimensions. Nets of different widths have
/// different numbers of neurons, hence a group, complete in itself, for each.
struct NetsWeightsVariables {
  let outputWeight: NetCDFVariable
  let inputWeight: NetCDFVariable

  /// The name of the group that contains the widths' groups.
  static let parent = "measure"
  static let prefix = "width_"

  /// Defines the groups of all widths and writes their steps, seeds and masses.
  static func define(
    in file: NetCDFWriter, _ description: NetsFileDescription
  ) throws -> [NetsWeightsVariables] {
    guard let weights = description.weights else { return [] }
    let parent = try file.defineGroup(Self.parent)
    try file.setAttribute(
      "comment",
      .text(
        "The law of the nets' hatted weights: a group for each width, whose neurons are the particles."
      ),
      in: parent)
    return try description.widths.map {
      try NetsWeightsVariables(file, parent, width: $0, seeds: description.seeds, weights)
    }
  }

  private init(
    _ file: NetCDFWriter, _ parent: NetCDFGroup, width: Int, seeds: [Int],
    _ weights: NetsWeightsDescription
  ) throws {
    let group = try file.defineGroup("\(Self.prefix)\(width)", in: parent)
    try file.setAttribute("width", .int(width), in: group)
    let seed = try file.defineDimension("seed", length: seeds.count, in: group)
    let snapshot = try file.defineDimension(
      "snapshot", length: weights.snapshotSteps.count, in: group)
    let particle = try file.defineDimension("particle", length: width, in: group)
    let feature = try file.defineDimension("feature", length: weights.features, in: group)
    let output = try file.defineDimension("output", length: weights.outputs, in: group)
    try file.writeCoordinate(seeds, seed, longName: "number of the seed", in: group)
    let step = try file.defineVariable(
      "step", Int.self, [snapshot], longName: "training step of the snapshot", in: group)
    try file.write(weights.snapshotSteps, to: step)
    let mass = try file.defineVariable(
      "mass", Double.self, [particle],
      longName: "probability mass of the neuron among those of its net", in: group)
    try file.write(Array(repeating: 1 / Double(width), count: width), to: mass)
    func weight(_ name: String, _ last: NetCDFDimension, _ longName: String) throws
      -> NetCDFVariable
    {
      try file.defineWeights(
        name, isSinglePrecision: weights.isSinglePrecision, [seed, snapshot, particle, last],
        longName: longName, in: group)
    }
    outputWeight = try weight("output_weight", output, "hatted output weight a of the neuron")
    inputWeight = try weight("input_weight", feature, "hatted input weight w of the neuron")
  }
}
