import LinearAlgebra
import ParticleSystems

/// Memory of one thread for the terms of the logits on a block of points.
final class DeepDecompositionScratch<Scalar: ParticleScalar>: @unchecked Sendable {
  let preactivations: [AlignedBuffer<Scalar>]
  /// phi' of the hidden layers.
  let masks: [AlignedBuffer<Scalar>]
  /// Two, with room for four variants of a hidden layer, or eight of the logits.
  let signals: [AlignedBuffer<Scalar>]

  init(_ layers: [DenseLayer]) {
    let block = DeepForward<Scalar>.block
    preactivations = layers.map { AlignedBuffer(count: block * $0.outputs, repeating: 0) }
    masks = layers.dropLast().map { AlignedBuffer(count: block * $0.outputs, repeating: 0) }
    let room = block * max(4 * layers.widestHidden, 8 * layers.last!.outputs)
    signals = (0..<2).map { _ in AlignedBuffer(count: room, repeating: 0) }
  }

  /// The masks of the last forward pass, in whose preactivations it leaves values.
  func makeMasks(_ law: PointwiseLaw<Scalar>, _ layers: [DenseLayer], rows: Int) {
    for (number, layer) in layers.dropLast().enumerated() {
      let mask = masks[number].base
      mask.update(repeating: 1, count: rows * layer.outputs)
      Scalar.backwardOutputs(
        law, preactivations[number].base, mask,
        BlockShape(rows: rows, points: layer.outputs, stride: layer.outputs))
    }
  }

  /// Applies the masks of a layer of `count` numbers to variants that lie one after another.
  func mask(
    _ number: Int, _ signal: UnsafeMutablePointer<Scalar>, count: Int, variants: Int
  ) {
    for variant in 0..<variants {
      Scalar.multiply(signal + variant * count, by: masks[number].base, count: count, factor: 1)
    }
  }
}
