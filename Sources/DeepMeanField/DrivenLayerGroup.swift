import Checkpoints
import Execution
import LinearAlgebra
import ParticleSystems

/// Blocks of fresh particles that go through the updates of a limit beside its simulations.
final class DrivenLayerGroup<Scalar: ParticleScalar> {
  let blocks: [DrivenLayerBlock<Scalar>]
  private(set) var sums: DrivenLayerSums
  private var records = 0
  private let lastBlocks: [DrivenLayerBlock<Scalar>]

  /// - Parameter sums: of the groups before it.
  init(
    _ places: [DrivenLayerPlace], samples: [LayeredSample],
    drivenBy transport: LayeredTransport<Scalar>, sums: DrivenLayerSums
  ) {
    let factors = samples.map(\.outputFactors)
    let (points, batch) = LayeredInputs<Scalar>.pointsAtOnce(transport.settings)
    blocks = places.map { place in
      let system = LayeredSystem(
        replacing: place.layer, of: transport.simulations[place.system],
        by: place.rows.count, points: points, batch: batch)
      let sample = samples[place.system]
      if place.layer == 1 {
        let w = sample.inputWeights(rows: place.rows)
        Scalar.round(w, count: w.count, to: system.particles.inputWeights.base)
      }
      if place.layer == system.sizes.hiddenLayers {
        let a = sample.outputWeights(rows: place.rows, factors: factors[place.system])
        Scalar.round(a, count: a.count, to: system.particles.outputWeights.base)
      }
      return DrivenLayerBlock(place: place, system: system, sample: sample)
    }
    lastBlocks = blocks.filter { $0.place.layer == $0.system.sizes.hiddenLayers }
    self.sums = sums
  }

  /// The update of all particles.
  func step(
    at points: LayeredPoints<Scalar>, gradients: [[Scalar]], start: LayeredStart<Scalar>?,
    workers: Workers
  ) {
    let room = blocks.map { $0.system.scratch(rows: LayeredPiece.largest) }.max() ?? 0
    let scratch = (0..<workers.count).map { _ in AlignedBuffer<Scalar>(count: room, repeating: 0) }
    let blocks = blocks
    workers.forEach(blocks.count) { number, worker in
      blocks[number].step(
        at: points, gradients: gradients[blocks[number].place.system], start: start,
        scratch: scratch[worker].base)
    }
  }

  /// Adds the logits of some points at the present record, whose values the simulations hold.
  func addLogits(at points: LayeredPoints<Scalar>, outputs: Int, workers: Workers) {
    let blocks = lastBlocks
    let partial = workers.results(blocks.count) { blocks[$0].partialLogits(at: points) }
    for (block, values) in zip(blocks, partial) {
      for (i, value) in values.enumerated() {
        sums.values[records][block.place.system][points.first * outputs + i] += value
      }
    }
  }

  /// The step that was recorded last is done.
  func finishRecord() { records += 1 }

  func exchange(_ state: RunState) throws {
    try state.exchange("records", &records)
    guard (0...sums.values.count).contains(records) else {
      throw state.misfit("records", "the value \(records)")
    }
    try sums.exchange(state.part("sums"))
    for (number, block) in blocks.enumerated() {
      try block.exchange(state.part("block \(number)"))
    }
  }
}
