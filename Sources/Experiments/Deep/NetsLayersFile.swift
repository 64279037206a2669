import Checkpoints
import DataIO
import FiniteWidth
import ParticleSystems

/// The populations of hidden layers in NETS.nc, while networks that are trained side by side are on their way.
struct NetsLayersFile<Scalar: ParticleScalar & NetCDFElement> {
  let writer: NetsFileWriter
  let width: Int
  let firstSeed: Int
  let description: NetsLayersDescription
  /// Snapshots are kept beside the checkpoints: the networks leave them behind.
  let units: CheckpointUnits

  /// Writes what was written before the run was interrupted.
  func replay(seeds: Int) throws {
    for index in description.populations.snapshotSteps.indices {
      for seed in 0..<seeds {
        var (input, output): ([Scalar], [Scalar]) = ([], [])
        var preactivations = Array(repeating: [Scalar](), count: description.hiddenLayers)
        let isThere = try units.restore(name(index, seed)) {
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
      let own = networks.populations(
        of: ensemble, system: seed, probes: populations.probes)
      var (input, output) = (own.inputWeights, own.outputWeights)
      var preactivations = own.preactivations
      try write(input, output, preactivations, at: index, seed: seed)
      try units.put(name(index, seed)) {
        try exchange($0, &input, &output, &preactivations)
      }
    }
  }

  private func exchange(
    _ state: RunState, _ input: inout [Scalar], _ output: inout [Scalar],
    _ preactivations: inout [[Scalar]]
  ) throws {
    let populations = description.populations
    let neurons = writer.widths[width]
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
            try writer.writePopulation(
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
