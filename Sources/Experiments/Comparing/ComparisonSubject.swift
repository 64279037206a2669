import DataIO
import ParticleSystems

/// What the comparison of one scaling is made of, beside its limit.
struct ComparisonSubject: Sendable {
  let experiment: Experiment
  let options: RunOptions
  let request: ComparisonRequest
  /// Increasing.
  let widths: [Int]
  let seeds: Int
  /// Read in the place of solving the limit.
  let run: RunRecord?
  /// Read in the place of training.
  let nets: NetsRecord?
  let projections: ProjectionAxes
  /// The recorded step at which rates are fitted.
  let rateIndex: Int

  /// Where the laws of weights that networks are compared with begin: one for all networks.
  func lawsBesideNetworks(_ shared: [Int: WeightLaw]) -> LawsBesideNetworks {
    LawsBesideNetworks(
      shared: shared, narrowestWidth: widths[0], seed: experiment.seed(options),
      workers: options.workers)
  }

  /// Why there are no weights whose laws could be compared; `nil` where there are.
  var lawComment: String? {
    if experiment.configuration.record.snapshots.isEmpty {
      return "record.snapshots names no steps"
    }
    if let nets, (try? MeasureFile.hasNetworks(nets.path)) != true {
      return
        "the networks were read from a file that does not hold their weights: it was made without"
        + " record.snapshots"
    }
    return nil
  }
}

/// What is compared of the weights, and why not, in clauses.
struct WeightComments {
  /// Whether each network is compared with the limit that has its own initial function.
  var haveOwnLaws = false
  /// Why laws of the weights are not compared.
  var laws: String?
  /// Why there is no law of (a, w) as a whole.
  var clouds: String?
  /// Why there are no increments of neurons.
  var increments: String?
  /// Why neurons are not coupled to twins.
  var coupling: String?
}

/// A limit that finite networks are compared with.
protocol ComparedLimit: Sendable {
  var experiment: Experiment { get }
  var settings: TrainingSettings { get }
  /// Remarks on settings that have no effect in the comparison.
  var comparisonNotes: [String] { get }

  /// Solves the limit, trains the networks, and makes the numbers of the comparison.
  ///
  /// - Parameters:
  ///   - units: of the run's checkpoints.
  ///   - progress: fractions of this scaling.
  func compare(
    _ subject: ComparisonSubject, units: CheckpointUnits,
    progress: @escaping (RunProgress) -> Void
  ) throws -> ScalingOutcome
}

/// The comparison of one scaling.
struct ScalingOutcome {
  var comparison: ScalingComparison
  /// By criterion.
  var reference: [String: ReferenceValues]
}

extension LimitJob: ComparedLimit {
  var comparisonNotes: [String] { notes(besideNetworks: true) + warnings }

  func compare(
    _ subject: ComparisonSubject, units: CheckpointUnits,
    progress: @escaping (RunProgress) -> Void
  ) throws -> ScalingOutcome {
    try ScalingComparisonRun(job: self, subject: subject).run(units: units, progress: progress)
  }
}

extension LayeredLimitJob: ComparedLimit {
  var comparisonNotes: [String] { notes(besideNetworks: true) }

  func compare(
    _ subject: ComparisonSubject, units: CheckpointUnits,
    progress: @escaping (RunProgress) -> Void
  ) throws -> ScalingOutcome {
    try LayersComparisonRun(job: self, subject: subject).run(units: units, progress: progress)
  }
}
