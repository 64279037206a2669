import Checkpoints
import DataIO
import FiniteWidth
import MessagePassing
import ParticleSystems

/// The populations of hidden layers in NETS.nc, while networks that are trained side by side are on their way.
///
/// Of several processes each has some of the networks, and hands their populations to the first one, which writes.
struct NetsLayersFile<Scalar: ParticleScalar & NetCDFElement> {
  /// On the first process.
  let writer: NetsFileWriter?
  /// The width's place in the file.
  let width: Int
  let neurons: Int
  let firstSeed: Int
  let description: NetsLayersDescription
  /// Snapshots are kept beside the checkpoints: the networks leave them behind.
  let units: CheckpointUnits
  let ranks: Ranks

  /// Writes what was written before the run was interrupted.
  func replay(seeds: Int) throws {
    for index in description.populations.snapshotSteps.indices {
      for seed in 0..<seeds {
        var (input, output, preactivations) = room
        let isThere = try units.restorePiece(name(index, seed)) {
          try exchange($0, &input, &output, &preactivations)
        }
        guard isThere else { continue }
        try write(input, output, preactivations, at: index, seed: seed)
      }
    }
  }

  func write(
    _ step: Int, _ networks: DeepNetworks, _ ensemble: DeepEnsemble<Scalar>
  ) throws {
    let populations = description.populations
    guard let index = populations.snapshotSteps.firstIndex(of: step) else { return }
    for seed in 0..<networks.seeds {
      let source = ranks.rank(of: seed, of: networks.seeds)
      guard source == ranks.rank || ranks.isFirst else { continue }
      var (input, output, preactivations) = room
      if source == ranks.rank {
        let own = networks.populations(
          of: ensemble, system: seed - ranks.share(of: networks.seeds).lowerBound,
          probes: populations.probes)
        (input, output, preactivations) = (
          own.inputWeights, own.outputWeights, own.preactivations
        )
      }
      if !ranks.isFirst {
        for numbers in [input, output] + preactivations {
          numbers.withUnsafeBufferPointer { ranks.send($0, to: 0) }
        }
        continue
      }
      if source != ranks.rank {
        input.withUnsafeMutableBufferPointer { ranks.receive($0, from: source) }
        output.withUnsafeMutableBufferPointer { ranks.receive($0, from: source) }
        for layer in preactivations.indices {
          preactivations[layer].withUnsafeMutableBufferPointer { ranks.receive($0, from: source) }
        }
      }
      try write(input, output, preactivations, at: index, seed: seed)
      try units.put(name(index, seed)) {
        try exchange($0, &input, &output, &preactivations)
      }
    }
  }

  /// For the weights and preactivations of one network.
  private var room: ([Scalar], [Scalar], [[Scalar]]) {
    let populations = description.populations
    func zeros(_ numbers: Int) -> [Scalar] { [Scalar](repeating: 0, count: neurons * numbers) }
    return (
      zeros(populations.features), zeros(populations.outputs),
      (0..<description.hiddenLayers).map { _ in zeros(populations.probes) }
    )
  }

  private func exchange(
    _ state: RunState, _ input: inout [Scalar], _ output: inout [Scalar],
    _ preactivations: inout [[Scalar]]
  ) throws {
    let populations = description.populations
    try state.exchange("input_weights", &input, count: neurons * populations.features)
    try state.exchange("output_weights", &output, count: neurons * populations.outputs)
    for layer in preactivations.indices {
      try state.exchange(
        "preactivations_\(layer + 1)", &preactivations[layer],
        count: neurons * populations.probes)
    }
  }

  private func write(
    _ input: [Scalar], _ output: [Scalar], _ preactivations: [[Scalar]], at index: Int, seed: Int
  ) throws {
    try input.withUnsafeBufferPointer { input in
      try output.withUnsafeBufferPointer { output in
        for (place, numbers) in preactivations.enumerated() {
          try numbers.withUnsafeBufferPointer {
            try writer?.writePopulation(
              LayerRows(
                inputWeights: place == 0 ? input : nil, preactivations: $0,
                outputWeights: place == preactivations.count - 1 ? output : nil),
              layer: place + 1, widthIndex: width, seedIndex: firstSeed + seed,
              snapshotIndex: index)
          }
        }
      }
    }
  }

  private func name(_ index: Int, _ seed: Int) -> String {
    "snapshot \(index), network \(seed + 1)"
  }
}
