import DataIO
import Diagnostics
import Measures

/// Laws of the weights of the networks of one width in a file, one a network.
struct StoredNetworks {
  /// By step: one a seed; of the steps that the file has, and at which all weights are finite.
  private(set) var laws: [Int: [WeightLaw]] = [:]
  /// By step: (seed): root mean square over neurons of the length of the increment of (a, w); empty where
  /// the file does not have the initial weights.
  private(set) var increments: [Int: [Double]] = [:]

  private static let block = 512

  /// - Parameters:
  ///   - seeds: of the networks.
  ///   - steps: of the laws, where the file has them.
  ///   - hasHalves: whether halves of networks are wanted.
  /// - Throws: `Diagnostic(.badInput)` where the weights are not those of so many networks of this width with
  ///   the inputs and outputs of the projector, and as `MeasureFile`.
  init(
    path: String, width: Int, seeds: Int, steps: [Int], projector: ParticleProjector,
    hasHalves: Bool
  ) throws {
    let file = try MeasureFile(path, width: width)
    try file.checkNetworks(
      path: path, width: width, seeds: seeds, features: projector.features,
      outputs: projector.outputs)
    let initial = file.steps.firstIndex(of: 0)
    for (snapshot, step) in file.steps.enumerated() where steps.contains(step) {
      var own: [WeightLaw] = []
      var lengths: [Double] = []
      for seed in 0..<seeds {
        let collector = WeightLawCollector(
          projector, networkOfWidth: width, hasHalves: hasHalves)
        var squares = 0.0
        for first in stride(from: 0, to: width, by: Self.block) {
          let count = min(Self.block, width - first)
          let weights = try file.weights(
            snapshot: snapshot, first: seed * width + first, count: count)
          weights.output.withUnsafeBufferPointer { a in
            weights.input.withUnsafeBufferPointer { w in
              collector.add(first: first, outputWeights: a, inputWeights: w)
            }
          }
          guard let initial else { continue }
          let before = try file.weights(
            snapshot: initial, first: seed * width + first, count: count)
          squares += Self.squaredDistance(weights.output, before.output)
          squares += Self.squaredDistance(weights.input, before.input)
        }
        if let law = try? collector.law() { own.append(law) }
        lengths.append((squares / Double(width)).squareRoot())
      }
      if own.count == seeds { laws[step] = own }
      if initial != nil { increments[step] = lengths }
    }
  }

  private static func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }
}

extension MeasureFile {
  /// - Throws: `Diagnostic(.badInput)` where the weights are not those of so many networks of this width, with so many
  ///   components of w and of a.
  func checkNetworks(path: String, width: Int, seeds: Int, features: Int, outputs: Int) throws {
    for (name, mine, wanted) in [
      ("seeds", self.seeds ?? 1, seeds), ("neurons in all", particles, seeds * width),
      ("features", self.features, features), ("outputs", self.outputs, outputs),
    ] where mine != wanted {
      throw Diagnostic(
        .badInput,
        "the weights of the nets of width \(width) have \(mine) \(name); accepted: \(wanted), as the"
          + " networks of the file and the experiment have", file: path)
    }
  }
}
