import Comparison
import DataIO
import Diagnostics
import Dynamics
import Measures
import Networks
import ParticleSystems

/// A limit as comparisons need it.
struct SolvedLimit {
  /// Members are realizations.
  var trajectory: Trajectory
  /// Of the simulation that was the last.
  var particles: Int
  /// Laws of the weights at snapshots, by step; empty where there are none to compare with.
  var laws: [Int: WeightLaw]
}

extension LimitJob {
  /// Runs the limit into memory.
  ///
  /// - Parameter projector: of the axes of the laws; `nil` where none are wanted.
  func solve(
    projector: ParticleProjector?, progress: (RunProgress) -> Void
  ) throws -> SolvedLimit {
    var memory: LimitMemory?
    let outcome = try run(
      into: { job, _, _, measure, _ in
        let sink = LimitMemory(job, measure: projector == nil ? nil : measure, projector)
        memory = sink
        return sink
      }, progress: progress)
    return SolvedLimit(
      trajectory: outcome.trajectory, particles: outcome.particles,
      laws: try memory?.laws() ?? [:])
  }
}

/// Keeps what a limit makes in memory, the laws of the last simulation.
private final class LimitMemory: LimitSink {
  private let job: LimitJob
  private let measure: MeasureParticles?
  private let projector: ParticleProjector?
  private let masses: [Double]?
  private var collectors: [Int: WeightLawCollector] = [:]

  init(_ job: LimitJob, measure: MeasureParticles?, _ projector: ParticleProjector?) {
    self.job = job
    self.measure = measure
    self.projector = projector
    masses =
      measure.flatMap { $0.hasMasses ? $0.masses(first: 0, count: $0.count) : nil }
  }

  func write<Scalar: ParticleScalar & NetCDFElement>(
    _ store: any ParticleStore<Scalar>, step: Int
  ) throws {
    guard let measure, let projector else { return }
    let collector = WeightLawCollector(
      projector, particles: job.particles, replicates: job.replicates, masses: masses)
    measure.forEachPart(of: store) {
      collector.add(first: $0, outputWeights: $1, inputWeights: $2)
    }
    collectors[step] = collector
  }

  func finish(_ outcome: LimitOutcome) {}

  func laws() throws -> [Int: WeightLaw] { try collectors.mapValues { try $0.law() } }
}
