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
  let subject: ComparisonSubject

  private var experiment: Experiment { subject.experiment }
  private var widths: [Int] { subject.widths }
  private var seeds: Int { subject.seeds }
  private var run: RunRecord? { subject.run }
  private var nets: NetsRecord? { subject.nets }
  private var projections: ProjectionAxes { subject.projections }
  private var units: LimitUnits {
    LimitUnits(
      referenceWidth: experiment.reference.width, regime: experiment.regime, rule: job.rule)
  }
  private var isRandom: Bool { job.rule.offset != .never }
  /// Whether the law of the weights is random with the initial function: each network is then compared with
  /// that of the limit that has the network's own.
  var haveOwnLaws: Bool { isRandom && job.movesMeasure }

  /// Whether the networks have no limit: those of each width are then compared with the kernels of that width.
  private var haveOwnLimits: Bool { experiment.deep?.parameterization == .naiveStandard }

  /// The limit that networks of a width are compared with.
  private func job(width: Int) throws -> LimitJob {
    guard haveOwnLimits, let deep = experiment.deep else { return job }
    var own = job
    own.kernelSource = try ComputedKernels(
      deep.kernelArchitecture(hiddenWidths: deep.hiddenWidths(first: width)),
      network: experiment.configuration.network!, problem: experiment.problem,
      workers: job.options.workers)
    return own
  }

  /// As ``ComparedLimit/compare(_:units:progress:)``.
  func run(
    units: CheckpointUnits, progress: @escaping (RunProgress) -> Void
  ) throws -> ScalingOutcome {
    let limit = try solvedLimit(units.part("limit")) { update in
      progress(
        RunProgress(fraction: WidthShares.limit * update.fraction, activity: update.activity))
    }
    let beside = NetworksBesideLimit(
      experiment: experiment, options: job.options, seeds: seeds,
      projector: projections.projector(experiment),
      twinSettings: couplingComment == nil ? job.settings : nil)
    let paired =
      isRandom && !haveOwnLimits
      ? try PairedLimit(
        job, particles: limit.particles,
        projector: haveOwnLaws && lawComment == nil ? projections.projector(experiment) : nil) : nil
    var laws = subject.lawsBesideNetworks(limit.laws)
    let shares = WidthShares(costs: widths.map { Double(max($0, 64)) })
    var results: [ComparedNetworks] = []
    for (number, width) in widths.enumerated() {
      results.append(
        try compared(
          number, width, beside, paired, limit.trajectory, &laws,
          units.part("width \(width)"),
          first: shares.report(number, name: width, to: 0.5, progress),
          second: shares.report(number, name: width, from: isRandom ? 0.5 : 0, progress)))
    }
    return try ComparisonTables(
      subject: subject, limit: limit, results: results, exponents: exponents,
      comments: WeightComments(
        haveOwnLaws: haveOwnLaws, laws: lawComment, increments: incrementComment(results),
        coupling: couplingComment), laws: laws
    ).outcome()
  }

  private func compared(
    _ number: Int, _ width: Int, _ beside: NetworksBesideLimit, _ common: PairedLimit?,
    _ limit: Trajectory, _ laws: inout LawsBesideNetworks, _ checkpoints: CheckpointUnits,
    first: (RunProgress) -> Void, second: (RunProgress) -> Void
  ) throws -> ComparedNetworks {
    let own = haveOwnLimits ? try job(width: width) : nil
    let ownLimit = try own?.solve(
      projector: nil, units: checkpoints.part("limit"), progress: { _ in })
    let paired = try own.map { try PairedLimit($0, particles: 0, projector: nil) } ?? common
    func pairs(_ networks: Trajectory) throws -> Trajectory? {
      var functions = networks
      let unit = units.initialUnit(width: width)
      functions.trainingLogits = functions.trainingLogits.map { $0 / unit }
      functions.testLogits = functions.testLogits.map { $0 / unit }
      guard let paired else { return nil }
      let outcome = try paired.run(
        functions, first: number * seeds, units: checkpoints.part("paired limit"), progress: first)
      if job.movesMeasure { laws.take(own: outcome.laws) }
      return outcome.trajectory
    }
    if let nets {
      let place = nets.widths.firstIndex(of: width)!
      var result = ComparedNetworks(
        width: width, networks: units.rescaled(nets.trajectories[place], width: width))
      result.paired = try pairs(nets.trajectories[place])
      result.ownLimit = ownLimit?.trajectory
      if lawComment == nil {
        let stored = try StoredNetworks(
          path: nets.path, width: width, seeds: seeds, steps: laws.steps,
          projector: projections.projector(experiment), hasHalves: laws.areOwn)
        try laws.compare(stored.laws, into: &result)
        result.increments = stored.increments
      }
      return result
    }
    let deep = experiment.deep.map { _ in
      DeepNetworksBesideLimit(experiment: experiment, options: job.options, seeds: seeds)
    }
    let pairedLimit =
      try paired == nil
      ? nil : pairs(deep?.initialFunctions(width: width) ?? beside.initialFunctions(width: width))
    if let deep {
      var result = try deep.train(
        width: width, units: checkpoints.part("networks"), progress: second)
      result.paired = pairedLimit
      result.paired?.lossGradient = []
      result.ownLimit = ownLimit?.trajectory
      return result
    }
    let fields: [DrivingField] =
      couplingComment != nil
      ? []
      : pairedLimit.map { all in (0..<seeds).map { DrivingField(all, member: $0) } }
        ?? Array(repeating: DrivingField(limit), count: seeds)
    var result = try beside.train(
      width: width, fields: fields, laws: laws.current, bandwidths: laws.bandwidths,
      bins: laws.bins, units: checkpoints.part("networks"), progress: second)
    result.limitFloors = try laws.limitFloors()
    result.networks = units.rescaled(result.networks, width: width)
    result.paired = pairedLimit
    result.paired?.lossGradient = []
    return result
  }

  private func solvedLimit(
    _ checkpoints: CheckpointUnits, progress: (RunProgress) -> Void
  ) throws -> SolvedLimit {
    let projector = projections.projector(experiment)
    // A random limit's laws are those of the realizations that belong to the networks.
    let wanted = lawComment == nil && !haveOwnLaws
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
    var result = try job(width: widths.last!).solve(
      projector: wanted && job.movesMeasure ? projector : nil, units: checkpoints,
      progress: progress)
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
    experiment.deep == nil
      ? subject.lawComment : "neurons of deep networks are not independent draws of one law"
  }

  private func incrementComment(_ results: [ComparedNetworks]) -> String? {
    if let lawComment { return lawComment }
    return nets != nil && results.allSatisfy { $0.increments.isEmpty }
      ? "the networks were read from a file that does not hold their initial weights" : nil
  }

  /// Why neurons are not coupled to twins.
  var couplingComment: String? {
    let regime = experiment.regime
    if nets != nil {
      return "the networks were read from a file, which holds their weights at snapshots at most"
    }
    if regime.measure != .moves || regime.beta != 0 {
      return "the coupling belongs to mean field and its initialization-corrected form"
    }
    if job.flowTolerance != nil {
      return "loss gradients of gradient flow drive no training steps"
    }
    if run.map({ $0.trajectory.lossGradient.isEmpty }) ?? !job.settings.recordsLossGradient {
      return "loss gradients, which drive the twins, are not recorded (record.loss_gradient)"
    }
    return nil
  }
}
