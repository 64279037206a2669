import Checkpoints
import Execution
import LinearAlgebra
import Networks
import ParticleSystems

/// What fresh particles of a block are at a snapshot.
public struct DrivenLayerRows<Scalar: ParticleScalar>: Sendable {
  /// Of the solved limit, the one that drives them.
  public let replicate: Int
  /// From 1.
  public let layer: Int
  /// The number of the first particle among those of its layer and replicate.
  public let first: Int
  public let count: Int
  /// Of the first layer, count x D.
  public let inputWeights: AlignedBuffer<Scalar>?
  /// count x probes.
  public let preactivations: AlignedBuffer<Scalar>
  /// Of the last layer, count x outputs.
  public let outputWeights: AlignedBuffer<Scalar>?
}

extension Array {
  /// The numbers of all blocks.
  ///
  /// - Throws: what ``RunState`` does.
  public func exchange<Scalar>(_ state: RunState) throws where Element == DrivenLayerRows<Scalar> {
    for (number, block) in enumerated() {
      let part = state.part("block \(number)")
      if let weights = block.inputWeights { try part.exchange("input_weights", weights) }
      try part.exchange("preactivations", block.preactivations)
      if let weights = block.outputWeights { try part.exchange("output_weights", weights) }
    }
  }
}

extension DrivenLayers {
  /// Blocks of a group whose numbers are zero, to be restored.
  public func emptyRows<Scalar: ParticleScalar>(
    group: Int, in precision: Scalar.Type, probes: Int
  ) -> [DrivenLayerRows<Scalar>] {
    groups[group].filter { $0.system < solved.replicates }.map { place in
      func buffer(_ columns: Int) -> AlignedBuffer<Scalar> {
        AlignedBuffer(count: place.rows.count * columns, repeating: 0)
      }
      return DrivenLayerRows(
        replicate: place.system, layer: place.layer, first: place.rows.lowerBound,
        count: place.rows.count, inputWeights: place.layer == 1 ? buffer(sizes.features) : nil,
        preactivations: buffer(probes),
        outputWeights: place.layer == sizes.hiddenLayers ? buffer(sizes.outputs) : nil)
    }
  }
}

extension LayeredTransport {
  /// The fresh particles as they are, with preactivations at the first `probes` test points.
  func drivenRows(ofSystems replicates: Range<Int>, probes: Int) -> [DrivenLayerRows<Scalar>] {
    let blocks = (driven?.blocks ?? []).filter { replicates.contains($0.place.system) }
    let preactivations = blocks.map {
      AlignedBuffer<Scalar>(count: $0.place.rows.count * probes, repeating: 0)
    }
    let training = settings.problem.trainingCount
    for points in inputs.chunks(of: inputs.test, first: training, count: probes) {
      for layer in 1...hiddenLayers { forward(layer, at: points) }
      workers.forEach(blocks.count) { number, _ in
        let (place, system) = (blocks[number].place, blocks[number].system)
        system.forward(layer: place.layer, rows: 0..<place.rows.count, at: points)
        system.copyPreactivations(
          layer: place.layer, of: points, from: training, into: preactivations[number],
          columns: probes)
      }
    }
    // The simulations hold values of the probes now.
    if probes > 0 { holdsBatch = false }
    return zip(blocks, preactivations).map { block, z in
      let (place, particles) = (block.place, block.system.particles)
      return DrivenLayerRows(
        replicate: place.system, layer: place.layer, first: place.rows.lowerBound,
        count: place.rows.count, inputWeights: place.layer == 1 ? particles.inputWeights : nil,
        preactivations: z,
        outputWeights: place.layer == hiddenLayers ? particles.outputWeights : nil)
    }
  }
}
