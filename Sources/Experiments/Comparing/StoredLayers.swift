import DataIO
import Diagnostics
import Measures

/// Weights of first and last layer in a file, as laws: of the limit of several hidden layers, all replicates together,
/// or of networks of one width, one law each.
struct StoredLayers {
  private let first: MeasureFile
  private let last: MeasureFile
  private let projector: ParticleProjector

  private static let block = 512

  /// - Parameter width: of the networks; `nil` for a limit.
  private init(
    path: String, hiddenLayers: Int, width: Int?, projector: ParticleProjector
  ) throws {
    first = try MeasureFile(path, layer: 1, width: width)
    last = try MeasureFile(path, layer: hiddenLayers, width: width)
    self.projector = projector
    guard first.steps == last.steps else {
      throw Diagnostic(
        .badInput,
        "the snapshots of layer 1 (step \(Self.text(first.steps))) are not those of layer \(hiddenLayers) (step"
          + " \(Self.text(last.steps)))", file: path)
    }
  }

  private static func text(_ steps: [Int]) -> String {
    steps.map(String.init).joined(separator: ", ")
  }

  /// Laws of a limit by step; none where its file has no weights.
  ///
  /// - Throws: `Diagnostic(.badInput)` where the weights are not those of networks with so many layers and the inputs
  ///   and outputs of the projector, and as `MeasureFile`.
  static func limitLaws(
    path: String, hiddenLayers: Int, projector: ParticleProjector
  ) throws -> [Int: WeightLaw] {
    guard try NetCDFReader(path: path).group("measure") != nil else { return [:] }
    let layers = try StoredLayers(
      path: path, hiddenLayers: hiddenLayers, width: nil, projector: projector)
    let (features, outputs) = (layers.first.features, layers.last.outputs)
    guard features == projector.features, outputs == projector.outputs else {
      throw Diagnostic(
        .badInput,
        "the particles have \(features) features and \(outputs) outputs where the experiment has"
          + " \(projector.features) and \(projector.outputs)", file: path)
    }
    let replicates = try NetCDFReader(path: path).replicates(
      dividing: [layers.first.particles, layers.last.particles])
    var laws: [Int: WeightLaw] = [:]
    for (snapshot, step) in layers.first.steps.enumerated() {
      let collector = LayerLawCollector(
        projector, particles: (layers.first.particles, layers.last.particles),
        replicates: replicates)
      try layers.fill(collector, snapshot: snapshot, part: 0, of: 1)
      laws[step] = try collector.law()
    }
    return laws
  }

  /// Laws of networks of one width by step, one a seed: of the steps that the file has, and at which all weights are
  /// finite.
  ///
  /// - Parameters:
  ///   - seeds: of the networks.
  ///   - steps: of the laws, where the file has them.
  ///   - hasHalves: whether halves of networks are wanted.
  /// - Throws: `Diagnostic(.badInput)` where the weights are not those of so many networks of this width with so many
  ///   layers and the inputs and outputs of the projector, and as `MeasureFile`.
  static func networkLaws(
    path: String, hiddenLayers: Int, width: Int, seeds: Int, steps: [Int],
    projector: ParticleProjector, hasHalves: Bool
  ) throws -> [Int: [WeightLaw]] {
    let layers = try StoredLayers(
      path: path, hiddenLayers: hiddenLayers, width: width, projector: projector)
    try layers.first.checkNetworks(
      path: path, width: width, seeds: seeds, features: projector.features, outputs: 0)
    try layers.last.checkNetworks(
      path: path, width: width, seeds: seeds, features: 0, outputs: projector.outputs)
    var laws: [Int: [WeightLaw]] = [:]
    for (snapshot, step) in layers.first.steps.enumerated() where steps.contains(step) {
      var own: [WeightLaw] = []
      for seed in 0..<seeds {
        let collector = LayerLawCollector(
          projector, network: (layers.first.particles / seeds, layers.last.particles / seeds),
          hasHalves: hasHalves)
        try layers.fill(collector, snapshot: snapshot, part: seed, of: seeds)
        if let law = try? collector.law() { own.append(law) }
      }
      if own.count == seeds { laws[step] = own }
    }
    return laws
  }

  /// Adds the weights of one of so many equal parts, one behind another, of both layers.
  private func fill(
    _ collector: LayerLawCollector, snapshot: Int, part: Int, of parts: Int
  ) throws {
    let neurons = (first: first.particles / parts, last: last.particles / parts)
    try Self.forEachBlock(of: neurons.first) { place, count in
      try first.weights(
        snapshot: snapshot, first: part * neurons.first + place, count: count
      ).input.withUnsafeBufferPointer { collector.add(first: place, inputWeights: $0) }
    }
    try Self.forEachBlock(of: neurons.last) { place, count in
      try last.weights(
        snapshot: snapshot, first: part * neurons.last + place, count: count
      ).output.withUnsafeBufferPointer { collector.add(first: place, outputWeights: $0) }
    }
  }

  private static func forEachBlock(
    of count: Int, _ body: (_ first: Int, _ count: Int) throws -> Void
  ) rethrows {
    for first in stride(from: 0, to: count, by: block) {
      try body(first, min(block, count - first))
    }
  }
}
