import Comparison
import DataIO
import Diagnostics
import Dynamics
import Measures
import Networks
import ParticleSystems

/// The comparison of one scaling.
struct ScalingComparisonRun {
  let job: LimitJob
  let request: ComparisonRequest
  let widths: [Int]
  let seeds: Int
  let run: RunRecord?
  let nets: NetsRecord?
  let projections: ProjectionAxes
  let rateIndex: Int

  struct Outcome {
    var comparison: ScalingComparison
    /// By criterion.
    var reference: [String: ReferenceValues]
  }

  private var experiment: Experiment { job.experiment }
  private var units: LimitUnits {
    LimitUnits(
      referenceWidth: experiment.reference.width, regime: experiment.regime, rule: job.rule)
  }
  private var isRandom: Bool { job.rule.offset != .never }

  /// - Parameter progress: fractions of this scaling.
  func run(progress: @escaping (RunProgress) -> Void) throws -> Outcome {
    // The limit is about as much work as the networks; a paired one as much again.
    let shareOfLimit = 0.3
    let limit = try solvedLimit { update in
      progress(
        RunProgress(fraction: shareOfLimit * update.fraction, activity: update.activity))
    }
    let snapshots = limit.laws.keys.sorted()
    let bins = WeightBins(snapshots.map { limit.laws[$0]! })
    let beside = NetworksBesideLimit(
      experiment: experiment, options: job.options, seeds: seeds,
      projector: projections.projector(experiment), laws: nets == nil ? limit.laws : [:],
      meanDistances: nets == nil ? meanDistances(limit.laws) : [:], bins: bins,
      twinSettings: couplingComment == nil ? job.settings : nil)
    let paired = isRandom ? try PairedLimit(job, particles: limit.particles) : nil
    let total = widths.reduce(0.0) { $0 + Double(max($1, 64)) }
    var done = 0.0
    var results: [ComparedNetworks] = []
    for (number, width) in widths.enumerated() {
      let share = (1 - shareOfLimit) * Double(max(width, 64)) / total
      let start = shareOfLimit + (1 - shareOfLimit) * done / total
      func report(_ from: Double, _ to: Double) -> (RunProgress) -> Void {
        {
          progress(
            RunProgress(
              fraction: start + share * (from + (to - from) * $0.fraction),
              activity: "width \(width): \($0.activity)"))
        }
      }
      results.append(
        try compared(
          number, width, beside, paired, limit.trajectory, first: report(0, 0.5),
          second: report(paired == nil ? 0 : 0.5, 1)))
      done += Double(max(width, 64))
    }
    return try ComparisonTables(
      run: self, limit: limit, results: results, snapshots: snapshots, bins: bins,
      limitFloors: limit.laws.mapValues {
        try WeightLawDistances.halves(
          $0, seed: experiment.seed(job.options), workers: job.options.workers)
      }
    ).outcome()
  }

  private func compared(
    _ number: Int, _ width: Int, _ beside: NetworksBesideLimit, _ paired: PairedLimit?,
    _ limit: Trajectory, first: (RunProgress) -> Void, second: (RunProgress) -> Void
  ) throws -> ComparedNetworks {
    func pairs(_ networks: Trajectory) -> Trajectory? {
      var functions = networks
      let unit = units.initialUnit(width: width)
      functions.trainingLogits = functions.trainingLogits.map { $0 / unit }
      functions.testLogits = functions.testLogits.map { $0 / unit }
      return paired?.run(functions, first: number * seeds, progress: first)
    }
    if let nets {
      let place = nets.widths.firstIndex(of: width)!
      var result = ComparedNetworks(
        width: width, networks: units.rescaled(nets.trajectories[place], width: width))
      result.paired = pairs(nets.trajectories[place])
      return result
    }
    let pairedLimit = paired == nil ? nil : pairs(beside.initialFunctions(width: width))
    let fields: [DrivingField] =
      couplingComment != nil
      ? []
      : pairedLimit.map { all in (0..<seeds).map { DrivingField(all, member: $0) } }
        ?? Array(repeating: DrivingField(limit), count: seeds)
    var result = try beside.train(width: width, fields: fields, progress: second)
    result.networks = units.rescaled(result.networks, width: width)
    result.paired = pairedLimit
    result.paired?.lossGradient = []
    return result
  }

  private func meanDistances(_ laws: [Int: WeightLaw]) -> [Int: Double] {
    var known: [Int: Double] = [:]
    for (step, law) in laws {
      if !job.movesMeasure, let same = known.values.first {
        known[step] = same
      } else if let cloud = law.cloud {
        known[step] = EnergyDistance.meanDistance(within: cloud, workers: job.options.workers)
      }
    }
    return known
  }

  private func solvedLimit(progress: (RunProgress) -> Void) throws -> SolvedLimit {
    let projector = projections.projector(experiment)
    let wanted = nets == nil && lawComment == nil
    if let run {
      var laws: [Int: WeightLaw] = [:]
      if wanted, job.movesMeasure {
        laws = try StoredLaws(
          path: run.path, projector: projector, features: experiment.featureCount,
          outputs: job.settings.outputs
        ).laws
      }
      // What a paired limit takes for each realization: as the run, where that divides into replicates.
      let unit = job.replicates * job.design.groupSize
      let particles = run.particles > 0 && run.particles % unit == 0 ? run.particles : job.particles
      var result = SolvedLimit(trajectory: run.trajectory, particles: particles, laws: laws)
      if wanted, !job.movesMeasure { try addInitialLaws(&result, projector) }
      return result
    }
    var result = try job.solve(
      projector: wanted && job.movesMeasure ? projector : nil, progress: progress)
    if wanted, !job.movesMeasure { try addInitialLaws(&result, projector) }
    return result
  }

  private func addInitialLaws(_ result: inout SolvedLimit, _ projector: ParticleProjector) throws {
    let snapshots = experiment.configuration.record.snapshots
    guard !snapshots.isEmpty else { return }
    let law = try WeightLaw.initial(experiment, options: job.options, projector: projector)
    for step in snapshots { result.laws[step] = law }
  }

  /// Why laws of the weights are not compared.
  var lawComment: String? {
    if nets != nil {
      return "the networks were read from a file, which does not hold their weights"
    }
    if experiment.configuration.record.snapshots.isEmpty {
      return "record.snapshots names no steps"
    }
    if isRandom, job.movesMeasure {
      return "the law of the weights is random in this limit"
    }
    return nil
  }

  /// Why neurons are not coupled to twins.
  var couplingComment: String? {
    let regime = experiment.regime
    if nets != nil {
      return "the networks were read from a file, which does not hold their weights"
    }
    if regime.measure != .moves || regime.beta != 0 {
      return "the coupling belongs to limits of the mean-field family"
    }
    if job.flowTolerance != nil {
      return "loss gradients of gradient flow drive no training steps"
    }
    return nil
  }
}
