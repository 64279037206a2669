import Execution
import Measures
import ParticleSystems

extension MeasureLimit {
  /// Far from those of the large sets, so that both are independent.
  private static let firstSmallRandomization = 1 << 23

  /// Particles of the small sets of all replicates of one realization; 0 without any.
  var smallParticles: Int { multirate == nil ? 0 : replicates * smallSetSize }

  private var smallSetSize: Int {
    multirate?.smallParticles(
      beside: particles / replicates, group: design.groupSize) ?? 0
  }

  /// Transports of the large sets and of the small ones beside them, as one.
  func multirateTransport<Scalar: ParticleScalar>(
    _ large: any LogitTransport, _ multirate: Multirate, errors: InitialSampleErrors<Scalar>?,
    _ inputs: TransportInputs<Scalar>, workers: Workers
  ) -> MultirateTransport<Scalar> {
    let small = sources(
      size: smallSetSize, firstRandomization: firstRandomization + Self.firstSmallRandomization,
      workers: workers)
    let halves = small.filter { $0.parts.count > 1 }.flatMap(\.parts)
    let (fine, _) = transport(small, halves, inputs, workers: workers)
    let (coarse, _) = transport(
      small, halves, inputs, fastCoordinates: multirate.fastCoordinates, workers: workers)
    return MultirateTransport(
      large: large, small: (fine, coarse), blocks: multirate.blocks,
      regression: regression,
      control: errors.map {
        MultirateControl(
          large: $0, small: initialErrors(small, halves, inputs, workers), settings: settings)
      }, settings: settings)
  }

  /// What the run has taken.
  func record<Scalar>(_ transport: MultirateTransport<Scalar>) -> MultirateRecord {
    let halves = estimatesBias ? 1 + 2 / Double(replicates) : 1
    let scale = halves * Double(realizations)
    let (large, small) = (Double(particles), Double(smallParticles))
    let blockCost = representation.blockCost(settings: settings)
    let stepCost =
      multirate?.fastCoordinates.map {
        MeasureLimit.Representation.stepCost(of: $0, settings: settings)
      } ?? 1
    let sweeps = stepCost * transport.blocks.reduce(0) { $0 + ($1 == 1 ? 1 : blockCost) }
    let steps = transport.blocks.reduce(0, +)
    return MultirateRecord(
      smallParticles: smallParticles, blocks: transport.blocks,
      fastCoordinates: multirate?.fastCoordinates,
      particleSteps: scale * (sweeps * (large + small) + Double(steps) * small),
      correction: transport.correction, correctionError: transport.correctionError)
  }
}
