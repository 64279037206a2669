import Checkpoints
import Execution
import LinearAlgebra
import Measures
import MessagePassing
import Networks
import ParticleSystems

/// The parameters of several deep networks of the same layers, and what their optimizers remember of them.
///
/// Network s draws from seed `firstSeed + s`. Parameter number (layer, neuron, input) of a seed is the same
/// number at every width but for its unit, so that networks of different widths are nested. The workers' processes have
/// consecutive networks each, as evenly as can be; one may have none.
public final class DeepEnsemble<Scalar: ParticleScalar>: @unchecked Sendable {
  /// From the data on; the last one makes the logits.
  public let layers: [DenseLayer]
  /// Networks that this process has.
  public let systems: Int
  /// Their numbers among those of all processes.
  let held: Range<Int>
  private let allSystems: Int
  // One buffer a layer: (system, neuron, input) and (system, neuron). Threads write to neurons of their own.
  private let weights: [AlignedBuffer<Scalar>]
  private let biases: [AlignedBuffer<Scalar>]
  /// Velocities of momentum, mean squares of RMSProp; empty for gradient descent.
  private let rememberedWeights: [AlignedBuffer<Scalar>]
  private let rememberedBiases: [AlignedBuffer<Scalar>]

  /// Neurons whose weights are drawn as one piece of work.
  private static var block: Int { 64 }

  package init(layers: [DenseLayer], firstSeed: UInt64, systems: Int, workers: Workers) {
    precondition(systems >= 1 && !layers.isEmpty)
    precondition(zip(layers, layers.dropFirst()).allSatisfy { $0.outputs == $1.inputs })
    self.layers = layers
    let held = workers.ranks.share(of: systems)
    self.held = held
    allSystems = systems
    self.systems = held.count
    func buffers(_ count: (DenseLayer) -> Int) -> [AlignedBuffer<Scalar>] {
      layers.map { AlignedBuffer(count: held.count * count($0), repeating: 0) }
    }
    weights = buffers { $0.outputs * $0.inputs }
    biases = buffers { $0.hasBias ? $0.outputs : 0 }
    rememberedWeights = buffers { $0.optimizer == .gradientDescent ? 0 : $0.outputs * $0.inputs }
    rememberedBiases = buffers {
      $0.optimizer == .gradientDescent || !$0.hasBias ? 0 : $0.outputs
    }
    for (number, layer) in layers.enumerated() {
      let blocks = (layer.outputs + Self.block - 1) / Self.block
      workers.forEach(held.count * blocks) { piece, _ in
        let (system, block) = piece.quotientAndRemainder(dividingBy: blocks)
        let first = block * Self.block
        self.draw(
          number, system: system, neurons: first..<min(first + Self.block, layer.outputs),
          seed: firstSeed &+ UInt64(held.lowerBound + system))
      }
    }
  }

  private func draw(_ number: Int, system: Int, neurons: Range<Int>, seed: UInt64) {
    let layer = layers[number]
    let stream = RandomStream(seed: seed, stream: .deepNetworkWeights)
    let target = weight(number, system: system)
    for neuron in neurons {
      let weights = layer.weights(of: stream, particle: number << 40 | neuron)
      Scalar.round(weights, count: weights.count, to: target + neuron * layer.inputs)
    }
    guard let deviation = layer.biasDeviation else { return }
    let normals = RandomStream(seed: seed, stream: .deepNetworkBiases)
      .normals(neurons.count, particle: number, first: neurons.lowerBound).map { deviation * $0 }
    Scalar.round(
      normals, count: normals.count, to: bias(number, system: system) + neurons.lowerBound)
  }

  /// The weights of a layer (neuron, input).
  package func weight(_ layer: Int, system: Int) -> UnsafeMutablePointer<Scalar> {
    weights[layer].base + system * layers[layer].outputs * layers[layer].inputs
  }

  /// The biases of a layer that has them.
  package func bias(_ layer: Int, system: Int) -> UnsafeMutablePointer<Scalar> {
    biases[layer].base + system * layers[layer].outputs
  }

  /// What is remembered of ``weight(_:system:)``, where something is.
  func rememberedWeight(_ layer: Int, system: Int) -> UnsafeMutablePointer<Scalar> {
    rememberedWeights[layer].base + system * layers[layer].outputs * layers[layer].inputs
  }

  /// What is remembered of ``bias(_:system:)``, where something is.
  func rememberedBias(_ layer: Int, system: Int) -> UnsafeMutablePointer<Scalar> {
    rememberedBiases[layer].base + system * layers[layer].outputs
  }

  func exchange(_ state: RunState) throws {
    for number in layers.indices {
      let state = state.part("layer \(number)")
      let layer = layers[number]
      func exchange(_ name: String, _ buffers: [AlignedBuffer<Scalar>], _ numbers: Int) throws {
        try state.exchange(
          name, buffers[number],
          part: StatePart(first: held.lowerBound * numbers, total: allSystems * numbers))
      }
      let weightCount = layer.outputs * layer.inputs
      let biasCount = layer.hasBias ? layer.outputs : 0
      let remembers = layer.optimizer != .gradientDescent
      try exchange("weights", weights, weightCount)
      try exchange("biases", biases, biasCount)
      try exchange("remembered.weights", rememberedWeights, remembers ? weightCount : 0)
      try exchange("remembered.biases", rememberedBiases, remembers ? biasCount : 0)
    }
  }
}

extension DenseLayer {
  /// Those of a neuron.
  fileprivate func weights(of stream: RandomStream, particle: Int) -> [Double] {
    switch weightShape {
    case .gaussian: return stream.normals(inputs, particle: particle).map { weightDeviation * $0 }
    case .uniform:
      let halfWidth = 3.0.squareRoot() * weightDeviation
      return stream.uniforms(inputs, particle: particle).map { (2 * $0 - 1) * halfWidth }
    }
  }
}
