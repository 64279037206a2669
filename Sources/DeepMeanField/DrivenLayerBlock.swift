import Checkpoints
import LinearAlgebra
import ParticleSystems

/// A block of fresh particles of one layer, in the place of that layer of a simulation.
struct DrivenLayerBlock<Scalar: ParticleScalar>: Sendable {
  let place: DrivenLayerPlace
  let system: LayeredSystem<Scalar>
  let sample: LayeredSample

  private var rows: Range<Int> { 0..<place.rows.count }
  private var layer: Int { place.layer }

  /// The update of the particles' weights, from the values and signals of the simulation.
  ///
  /// - Parameter start: at step 0, where it is a special one.
  func step(
    at points: LayeredPoints<Scalar>, gradients: UnsafePointer<Scalar>,
    start: LayeredStart<Scalar>?, scratch: UnsafeMutablePointer<Scalar>
  ) {
    if let start {
      if layer == 1 { system.forward(layer: 1, rows: rows, at: points) }
      start.fill(
        system, sample, layer: layer, rows: rows, drawn: place.rows, gradients: gradients)
    } else {
      system.forward(layer: layer, rows: rows, at: points)
      if layer == system.sizes.hiddenLayers {
        system.outputSignals(rows: rows, points: points.count, gradients: gradients)
      } else {
        system.carrySignals(layer: layer, rows: rows, points: points.count)
      }
      system.mask(layer: layer, rows: rows, points: points.count)
    }
    for block in system.blocks(ofLayer: layer) {
      if start?.firstStep.moves(block) ?? true {
        let count = system.sizes.layers[system.shape(block).layer - 1]
        for piece in LayeredPiece.pieces(system: 0, rows: count) {
          system.update(
            block, rows: piece.rows, at: points, gradients: gradients, scratch: scratch)
        }
      }
      if let start, !start.firstStep.remembers(block) { system.memory.forget(block) }
    }
  }

  /// sum_r a_r phi(z_r) of particles of the last layer.
  func partialLogits(at points: LayeredPoints<Scalar>) -> [Double] {
    system.forward(layer: layer, rows: rows, at: points)
    return system.partialLogits(rows: rows, points: points.count)
  }

  func exchange(_ state: RunState) throws {
    for (number, block) in system.blocks(ofLayer: layer).enumerated() {
      try state.exchange("weights.\(number)", system.particles.weights(block))
      if let remembered = system.memory.numbers(block) {
        try state.exchange("memory.\(number)", remembered)
      }
    }
    try system.control?.exchange(state.part("control"))
  }
}
