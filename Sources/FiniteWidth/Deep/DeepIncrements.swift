import Execution
import LinearAlgebra
import ParticleSystems

/// What weights have become since step 0, layer by layer, without a copy of more than a block of neurons.
final class DeepIncrements<Scalar: ParticleScalar>: @unchecked Sendable {
  let ensemble: DeepEnsemble<Scalar>
  /// The networks at step 0.
  let initial: DeepEnsemble<Scalar>
  private let workers: Workers
  /// One a worker: increments of a block of neurons.
  private let blocks: [AlignedBuffer<Scalar>]

  /// Neurons of a block. Fixed, as the shapes of products are.
  static var neurons: Int { 128 }

  init(_ ensemble: DeepEnsemble<Scalar>, initial: DeepEnsemble<Scalar>, workers: Workers) {
    precondition(ensemble.systems == initial.systems)
    self.ensemble = ensemble
    self.initial = initial
    self.workers = workers
    let inputs = ensemble.layers.map(\.inputs).max()!
    blocks = (0..<workers.count).map { _ in
      AlignedBuffer(count: Self.neurons * inputs, repeating: 0)
    }
  }

  /// Calls the body with the increments of each block of a layer's neurons (neuron, input).
  func forEachBlock(
    _ number: Int, system: Int, worker: Int,
    _ body: (_ neurons: Range<Int>, _ increments: UnsafePointer<Scalar>) -> Void
  ) {
    let layer = ensemble.layers[number]
    let increments = blocks[worker].base
    for first in stride(from: 0, to: layer.outputs, by: Self.neurons) {
      let neurons = first..<min(first + Self.neurons, layer.outputs)
      let (offset, count) = (first * layer.inputs, neurons.count * layer.inputs)
      increments.update(from: ensemble.weight(number, system: system) + offset, count: count)
      Scalar.descend(
        increments, along: initial.weight(number, system: system) + offset, count: count, step: 1)
      body(neurons, increments)
    }
  }

  /// Root mean squares in units of the layers' weights: system by system, layer by layer.
  ///
  /// Cost: 4 operations a weight.
  func rootMeanSquares() -> [[Double]] {
    let layers = ensemble.layers
    let flat = workers.results(ensemble.systems * layers.count) { piece, worker -> Double in
      let (system, number) = piece.quotientAndRemainder(dividingBy: layers.count)
      let layer = layers[number]
      var sum = 0.0
      self.forEachBlock(number, system: system, worker: worker) { neurons, increments in
        for row in 0..<neurons.count {
          let increments = increments + row * layer.inputs
          var square = Scalar.zero
          Scalar.multiply(
            increments, transposed: false, leading: layer.inputs, increments, transposed: true,
            leading: layer.inputs, into: &square, leading: 1, m: 1, n: 1, k: layer.inputs,
            alpha: 1, beta: 0)
          sum += Double(square)
        }
      }
      return (sum / Double(layer.inputs * layer.outputs)).squareRoot() / layer.weightUnit
    }
    return (0..<ensemble.systems).map {
      Array(flat[($0 * layers.count)..<(($0 + 1) * layers.count)])
    }
  }
}
