import Checkpoints
import DataIO
import Dynamics
import Measures
import ParticleSystems

/// Gathers the laws of the weights of several realizations of a limit while they are simulated.
final class RealizedLaws {
  private let job: LimitJob
  private let measures: [MeasureParticles]
  private let projector: ParticleProjector
  private let clouds: Int
  /// Particles of a replicate, and how many of them, the first ones, a law is made of.
  private let size: Int
  private let kept: Int
  private let units: CheckpointUnits
  private var collectors: [Int: [WeightLawCollector]] = [:]

  /// Those of snapshots that were taken before the run was interrupted are taken back.
  ///
  /// - Parameters:
  ///   - firstDraw: of the first realization's particles, for what the simulation leaves out.
  ///   - clouds: that are kept side by side.
  ///   - largest: particles that a law is made of, at most: those of all networks are in memory together.
  init(
    _ job: LimitJob, _ limit: MeasureLimit, _ projector: ParticleProjector, firstDraw: Int,
    clouds: Int, largest: Int, _ units: CheckpointUnits
  ) throws {
    self.job = job
    self.units = units
    self.projector = projector
    self.clouds = clouds
    size = job.particles / job.replicates
    let group = job.design.groupSize
    kept = min(size, max(1, largest / job.replicates / group) * group)
    let sources = limit.sources(workers: job.options.workers)
    measures = (0..<limit.realizations).map { realization in
      MeasureParticles(
        Array(sources[(realization * job.replicates)..<((realization + 1) * job.replicates)]),
        seed: limit.seed, firstDraw: firstDraw + realization * limit.particles)
    }
    for step in limit.settings.snapshots {
      let own = empty()
      if try units.restore(Self.name(step), { try Self.exchange(own, $0) }) {
        collectors[step] = own
      }
    }
  }

  private static func name(_ step: Int) -> String { "laws at step \(step)" }

  private static func exchange(_ collectors: [WeightLawCollector], _ state: RunState) throws {
    for (realization, collector) in collectors.enumerated() {
      try collector.exchange(state.part("\(realization)"))
    }
  }

  private func empty() -> [WeightLawCollector] {
    measures.map { measure in
      WeightLawCollector(
        projector, particles: kept * job.replicates, replicates: job.replicates,
        masses: measure.hasMasses
          ? (0..<job.replicates).flatMap { measure.masses(first: $0 * size, count: kept) } : nil,
        clouds: clouds)
    }
  }

  /// Takes the particles at a snapshot, of all realizations one after another.
  func write<Scalar: ParticleScalar>(_ store: any ParticleStore<Scalar>, step: Int) throws {
    let own = empty()
    MeasureParticles.forEachPart(of: store, realizations: measures) {
      // A part belongs to one replicate.
      let (replicate, first) = $1.quotientAndRemainder(dividingBy: size)
      let rows = min($2.count / projector.outputs, kept - first)
      guard rows > 0 else { return }
      own[$0].add(
        first: replicate * kept + first,
        outputWeights: UnsafeBufferPointer(rebasing: $2[..<(rows * projector.outputs)]),
        inputWeights: UnsafeBufferPointer(rebasing: $3[..<(rows * projector.features)]))
    }
    collectors[step] = own
    try units.put(Self.name(step)) { try Self.exchange(own, $0) }
  }

  /// By step; without those of steps at which weights are not finite.
  func laws() -> [Int: [WeightLaw]] {
    collectors.compactMapValues { own in try? own.map { try $0.law() } }
  }
}
