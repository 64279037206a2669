import LinearAlgebra
import Networks
import ParticleSystems

/// The populations of the replicates of a limit at one step: their weights, and what every particle of a layer sees of
/// some points.
///
/// Memory is shared with the simulations; preactivations are copies.
public struct LayeredSnapshot<Scalar: ParticleScalar>: Sendable {
  /// By replicate.
  public let particles: [LayeredParticles<Scalar>]
  /// z^l at the probes, by replicate and by layer from the first on: N_l x probes each. Control variates are in them.
  public let preactivations: [[AlignedBuffer<Scalar>]]
  /// Test points, the first ones, whose preactivations are there.
  public let probes: Int

  init(
    _ particles: [LayeredParticles<Scalar>], preactivations: [[AlignedBuffer<Scalar>]], probes: Int
  ) {
    self.particles = particles
    self.preactivations = preactivations
    self.probes = probes
  }
}

extension LayeredTransport {
  /// The first `replicates` simulations as they are, with preactivations at the first `probes` test points.
  ///
  /// Cost: a forward pass of the probes, and one more of the next batch.
  func snapshot(replicates: Int, probes: Int) -> LayeredSnapshot<Scalar> {
    let chosen = simulations.prefix(replicates)
    let result = chosen.map { simulation in
      simulation.sizes.layers.map {
        AlignedBuffer<Scalar>(count: $0 * probes, repeating: 0)
      }
    }
    let training = settings.problem.trainingCount
    for points in inputs.chunks(of: inputs.test, first: training, count: probes) {
      for layer in 1...hiddenLayers { forward(layer, at: points) }
      for (buffers, simulation) in zip(result, chosen) {
        for (place, buffer) in buffers.enumerated() {
          simulation.copyPreactivations(
            layer: place + 1, of: points, from: training, into: buffer, columns: probes)
        }
      }
    }
    // The simulations hold values of the probes now.
    if probes > 0 { holdsBatch = false }
    return LayeredSnapshot(
      chosen.map(\.particles), preactivations: result, probes: probes)
  }
}
