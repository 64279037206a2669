import Dynamics
import Measures
import ParticleSystems

/// Gathers the laws of the weights of several realizations of a limit while they are simulated.
final class RealizedLaws {
  private let job: LimitJob
  private let measures: [MeasureParticles]
  private let projector: ParticleProjector
  private let clouds: Int
  private var collectors: [Int: [WeightLawCollector]] = [:]

  /// - Parameters:
  ///   - firstDraw: of the first realization's particles, for what the simulation leaves out.
  ///   - clouds: that are kept side by side.
  init(
    _ job: LimitJob, _ limit: MeasureLimit, _ projector: ParticleProjector, firstDraw: Int,
    clouds: Int
  ) {
    self.job = job
    self.projector = projector
    self.clouds = clouds
    let sources = limit.sources(workers: job.options.workers)
    measures = (0..<limit.realizations).map { realization in
      MeasureParticles(
        Array(sources[(realization * job.replicates)..<((realization + 1) * job.replicates)]),
        seed: limit.seed, firstDraw: firstDraw + realization * limit.particles)
    }
  }

  /// Takes the particles at a snapshot, of all realizations one after another.
  func write<Scalar: ParticleScalar>(_ store: any ParticleStore<Scalar>, step: Int) {
    let own = measures.map { measure in
      WeightLawCollector(
        projector, particles: job.particles, replicates: job.replicates,
        masses: job.design.removesRadius ? measure.masses(first: 0, count: measure.count) : nil,
        clouds: clouds)
    }
    MeasureParticles.forEachPart(of: store, realizations: measures) {
      own[$0].add(first: $1, outputWeights: $2, inputWeights: $3)
    }
    collectors[step] = own
  }

  /// By step; without those of steps at which weights are not finite.
  func laws() -> [Int: [WeightLaw]] {
    collectors.compactMapValues { own in try? own.map { try $0.law() } }
  }
}
