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
  /// Remarks on it, in sentences.
  var notes: [String] = []
}

extension LimitJob {
  /// Runs the limit into memory.
  ///
  /// - Parameters:
  ///   - projector: of the axes of the laws; `nil` where none are wanted.
  ///   - units: of the run's checkpoints.
  func solve(
    projector: ParticleProjector?, units: CheckpointUnits = CheckpointUnits(nil),
    progress: (RunProgress) -> Void
  ) throws -> SolvedLimit {
    var memory: LimitMemory?
    let outcome = try run(
      into: { job, settings, _, measure, units in
        let sink = try LimitMemory(
          job, measure: projector == nil ? nil : measure, projector, steps: settings.snapshots,
          units)
        memory = sink
        return sink
      }, units: units, progress: progress)
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
  private let units: CheckpointUnits
  private var collectors: [Int: WeightLawCollector] = [:]

  /// - Parameters:
  ///   - steps: of the snapshots; those that were taken before the run was interrupted are taken back.
  init(
    _ job: LimitJob, measure: MeasureParticles?, _ projector: ParticleProjector?, steps: [Int],
    _ units: CheckpointUnits
  ) throws {
    self.job = job
    self.units = units
    self.measure = measure
    self.projector = projector
    masses =
      measure.flatMap { $0.hasMasses ? $0.masses(first: 0, count: $0.count) : nil }
    for step in steps {
      guard let collector = collector(),
        try units.restore(Self.name(step), { try collector.exchange($0) })
      else { continue }
      collectors[step] = collector
    }
  }

  private static func name(_ step: Int) -> String { "law at step \(step)" }

  /// Of particles at a snapshot; `nil` where no laws are wanted.
  private func collector() -> WeightLawCollector? {
    guard measure != nil, let projector else { return nil }
    return WeightLawCollector(
      projector, particles: job.particles, replicates: job.replicates, masses: masses)
  }

  func write<Scalar: ParticleScalar & NetCDFElement>(
    _ store: any ParticleStore<Scalar>, step: Int
  ) throws {
    guard let measure, let collector = collector() else { return }
    measure.forEachPart(of: store) {
      collector.add(first: $0, outputWeights: $1, inputWeights: $2)
    }
    collectors[step] = collector
    try units.put(Self.name(step)) { try collector.exchange($0) }
  }

  func finish(_ outcome: LimitOutcome) {}

  func laws() throws -> [Int: WeightLaw] { try collectors.mapValues { try $0.law() } }
}
