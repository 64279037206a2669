import Checkpoints
import DeepMeanField
import FiniteWidth
import LinearAlgebra
import Measures
import ParticleSystems

/// Gathers the weights of first and last layer of networks of several hidden layers, or of their limit, into laws along
/// axes. The two belong to different neurons, so that (a, w) has no law as a whole; hidden weights have none
/// that networks and limit share, since the limit does not know the initial ones.
final class LayerLawCollector: LawCollector {
  private let axes: [ProjectionAxis]
  private let input: WeightLawCollector
  private let output: WeightLawCollector
  private let features: Int
  private let outputs: Int
  private static let block = 512

  /// - Parameters:
  ///   - neurons: of the first layer, and of the last one.
  ///   - halves: so many of the first neurons of each are independent of so many of the last ones; `nil` where no two are.
  init(
    _ projector: ParticleProjector, neurons: (first: Int, last: Int),
    halves: (first: Int, last: Int)?
  ) {
    axes = projector.axes
    (features, outputs) = (projector.features, projector.outputs)
    // Each with a single weight of the other kind, which none of its axes looks at.
    input = WeightLawCollector(
      ParticleProjector(axes.filter { !$0.isOfOutput }, outputs: 1, features: features),
      count: neurons.first, half: halves?.first, keeps: { _ in false })
    output = WeightLawCollector(
      ParticleProjector(axes.filter(\.isOfOutput), outputs: outputs, features: 1),
      count: neurons.last, half: halves?.last, keeps: { _ in false })
  }

  /// Adds weights w of consecutive neurons of the first layer, rows.
  func add<Scalar: ParticleScalar>(first: Int, inputWeights: UnsafeBufferPointer<Scalar>) {
    for row in stride(from: 0, to: inputWeights.count / features, by: Self.block) {
      let rows = min(Self.block, inputWeights.count / features - row)
      let none = [Scalar](repeating: 0, count: rows)
      none.withUnsafeBufferPointer { none in
        input.add(
          first: first + row, outputWeights: none,
          inputWeights: UnsafeBufferPointer(
            rebasing: inputWeights[(row * features)..<((row + rows) * features)]))
      }
    }
  }

  /// Adds weights a of consecutive neurons of the last layer, rows.
  func add<Scalar: ParticleScalar>(first: Int, outputWeights: UnsafeBufferPointer<Scalar>) {
    let none = [Scalar](repeating: 0, count: outputWeights.count / outputs)
    none.withUnsafeBufferPointer { none in
      output.add(first: first, outputWeights: outputWeights, inputWeights: none)
    }
  }

  func exchange(_ state: RunState) throws {
    try input.exchange(state.part("input"))
    try output.exchange(state.part("output"))
  }

  func law() throws -> WeightLaw {
    let (input, output) = (try input.law(), try output.law())
    func joined(_ first: WeightLaw.Sample, _ last: WeightLaw.Sample) -> WeightLaw.Sample {
      var (of, to) = (first.lines.makeIterator(), last.lines.makeIterator())
      return .init(lines: axes.map { $0.isOfOutput ? to.next()! : of.next()! }, cloud: nil)
    }
    let halves = input.halves.flatMap { first in
      output.halves.map { zip(first, $0).map(joined) }
    }
    return WeightLaw(all: joined(input.all, output.all), halves: halves)
  }
}

extension LayerLawCollector {
  /// Of all replicates of a limit, one after another.
  convenience init<Scalar>(
    _ projector: ParticleProjector, _ replicates: [LayeredParticles<Scalar>]
  ) {
    let layers = replicates[0].sizes.layers
    self.init(projector, layers: layers, replicates: replicates.count)
    for (number, particles) in replicates.enumerated() {
      withExtendedLifetime(particles) {
        add(first: number * layers[0], inputWeights: particles.inputWeights.contents)
        add(first: number * layers.last!, outputWeights: particles.outputWeights.contents)
      }
    }
  }

  /// Of a limit whose particles are to be added.
  convenience init(
    _ projector: ParticleProjector, particles: (first: Int, last: Int), replicates: Int
  ) {
    self.init(
      projector, neurons: particles,
      halves: (
        WeightLawCollector.half(of: particles.first, replicates: replicates),
        WeightLawCollector.half(of: particles.last, replicates: replicates)
      ))
  }

  /// Of so many replicates of a limit, whose particles are to be added.
  ///
  /// - Parameter layers: particles of each in one replicate.
  convenience init(_ projector: ParticleProjector, layers: [Int], replicates: Int) {
    self.init(
      projector, particles: (replicates * layers[0], replicates * layers.last!),
      replicates: replicates)
  }

  /// Of a network whose neurons are to be added.
  convenience init(
    _ projector: ParticleProjector, network neurons: (first: Int, last: Int), hasHalves: Bool
  ) {
    self.init(
      projector, neurons: neurons, halves: hasHalves ? (neurons.first / 2, neurons.last / 2) : nil)
  }

  /// Of a network among several, in hatted weights.
  convenience init<Scalar>(
    _ projector: ParticleProjector, _ networks: DeepEnsemble<Scalar>, system: Int,
    hasHalves: Bool
  ) {
    let (first, last) = (networks.layers[0], networks.layers.last!)
    self.init(projector, network: (first.outputs, last.inputs), hasHalves: hasHalves)
    withExtendedLifetime(networks) {
      add(
        first: 0,
        inputWeights: UnsafeBufferPointer(
          start: networks.weight(0, system: system), count: first.outputs * first.inputs))
      let weights = networks.weight(networks.layers.count - 1, system: system)
      // (output, neuron) in the network.
      var a = [Double](repeating: 0, count: last.inputs * last.outputs)
      for neuron in 0..<last.inputs {
        for output in 0..<last.outputs {
          a[neuron * last.outputs + output] =
            Double(weights[output * last.inputs + neuron]) / last.weightUnit
        }
      }
      a.withUnsafeBufferPointer { add(first: 0, outputWeights: $0) }
    }
  }
}

extension ProjectionAxis {
  fileprivate var isOfOutput: Bool {
    if case .outputWeight = quantity { true } else { false }
  }
}
