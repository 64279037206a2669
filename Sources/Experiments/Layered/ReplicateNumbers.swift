import Checkpoints
import DeepMeanField
import LinearAlgebra
import ParticleSystems

/// What RUN.nc keeps of one replicate at a snapshot. Memory is shared with the snapshot.
struct ReplicateNumbers<Scalar: ParticleScalar> {
  /// N_1 x D.
  let inputWeights: AlignedBuffer<Scalar>
  /// V^2 ... V^L of the first replicate; none of the others.
  let increments: [AlignedBuffer<Scalar>]
  /// N_L x outputs.
  let outputWeights: AlignedBuffer<Scalar>
  /// z^l, N_l x probes, by layer.
  let preactivations: [AlignedBuffer<Scalar>]

  init(_ snapshot: LayeredSnapshot<Scalar>, replicate: Int) {
    let particles = snapshot.particles[replicate]
    inputWeights = particles.inputWeights
    increments = replicate == 0 ? particles.increments : []
    outputWeights = particles.outputWeights
    preactivations = snapshot.preactivations[replicate]
  }

  /// All zero, to be restored.
  init(_ sizes: LayerSizes, probes: Int, replicate: Int) {
    func buffer(_ rows: Int, _ columns: Int) -> AlignedBuffer<Scalar> {
      AlignedBuffer(count: rows * columns, repeating: 0)
    }
    inputWeights = buffer(sizes.layers[0], sizes.features)
    increments = replicate == 0 ? sizes.increments.map { buffer($0.rows, $0.columns) } : []
    outputWeights = buffer(sizes.layers.last!, sizes.outputs)
    preactivations = sizes.layers.map { buffer($0, probes) }
  }

  func exchange(_ state: RunState) throws {
    try state.exchange("input_weights", inputWeights)
    for (place, buffer) in increments.enumerated() {
      try state.exchange("hidden_increment_\(place + 2)", buffer)
    }
    try state.exchange("output_weights", outputWeights)
    for (place, buffer) in preactivations.enumerated() {
      try state.exchange("preactivations_\(place + 1)", buffer)
    }
  }
}
