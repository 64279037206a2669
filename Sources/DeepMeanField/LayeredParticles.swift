import Checkpoints
import LinearAlgebra
import ParticleSystems

/// The weights of a network whose hidden layers are means over particles,
///
///     z^1 = w x,   z^{l+1}_r = (s / N_l) sum_t V^{l+1}_rt phi(z^l_t),   f = (s / N_L) sum_r a_r phi(z^L_r)
///
/// with s = sqrt(d*). In the mean-field limit V holds the increments alone: the initial hidden weights are
/// independent of what they multiply and drop out of both means. In a finite network of the mean-field
/// scaling, of d neurons a layer, V holds initial weights and increments; nothing else differs.
///
/// Memory is shared by copies.
public struct LayeredParticles<Scalar: ParticleScalar>: Sendable {
  /// Particles of each layer, and the ends.
  public let sizes: LayerSizes
  /// w: N_1 x D.
  public let inputWeights: AlignedBuffer<Scalar>
  /// V^2 ... V^L: N_l x N_{l-1} each.
  public let increments: [AlignedBuffer<Scalar>]
  /// a: N_L x outputs.
  public let outputWeights: AlignedBuffer<Scalar>

  /// All zero.
  init(_ sizes: LayerSizes) {
    self.sizes = sizes
    inputWeights = AlignedBuffer(count: sizes.layers[0] * sizes.features, repeating: 0)
    increments = sizes.increments.map { AlignedBuffer(count: $0.rows * $0.columns, repeating: 0) }
    outputWeights = AlignedBuffer(count: sizes.layers.last! * sizes.outputs, repeating: 0)
  }

  /// Some blocks of their own, all zero, and the others of other particles.
  ///
  /// - Parameter others: `nil` for none of the other weights.
  init(_ sizes: LayerSizes, own blocks: [LayeredBlock], others: LayeredParticles?) {
    self.sizes = sizes
    func buffer(
      _ block: LayeredBlock, _ count: Int, _ other: (LayeredParticles) -> AlignedBuffer<Scalar>
    ) -> AlignedBuffer<Scalar> {
      blocks.contains(block)
        ? AlignedBuffer(count: count, repeating: 0)
        : others.map(other) ?? AlignedBuffer(count: 0, repeating: 0)
    }
    inputWeights = buffer(.input, sizes.layers[0] * sizes.features) { $0.inputWeights }
    increments = sizes.increments.enumerated().map { place, shape in
      buffer(.hidden(layer: place + 2), shape.rows * shape.columns) { $0.increments[place] }
    }
    outputWeights = buffer(.output, sizes.layers.last! * sizes.outputs) { $0.outputWeights }
  }

  /// Of an update block.
  func weights(_ block: LayeredBlock) -> AlignedBuffer<Scalar> {
    switch block {
    case .input: inputWeights
    case .hidden(let layer): increments[layer - 2]
    case .output: outputWeights
    }
  }

  /// All weights.
  ///
  /// - Throws: what ``RunState`` does.
  func exchange(_ state: RunState) throws {
    try state.exchange("input_weights", inputWeights)
    for (place, buffer) in increments.enumerated() {
      try state.exchange("hidden_increment_\(place + 2)", buffer)
    }
    try state.exchange("output_weights", outputWeights)
  }
}

/// Weights that are updated together.
public enum LayeredBlock: Hashable, Sendable {
  case input
  /// Into hidden layer number 2 ... L.
  case hidden(layer: Int)
  case output

  /// All of a network.
  static func all(hiddenLayers: Int) -> [LayeredBlock] {
    [.input] + (2..<max(hiddenLayers + 1, 2)).map { .hidden(layer: $0) } + [.output]
  }
}
