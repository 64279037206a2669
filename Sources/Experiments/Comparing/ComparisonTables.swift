import Comparison
import DataIO
import LinearAlgebra
import Networks
import ParticleSystems

/// Turns networks and limit into the arrays and rates of the file.
struct ComparisonTables {
  let subject: ComparisonSubject
  let limit: SolvedLimit
  let results: [ComparedNetworks]
  let exponents: ScalingExponents
  let comments: WeightComments
  let laws: LawsBesideNetworks

  private var experiment: Experiment { subject.experiment }
  /// Snapshots.
  private var snapshots: [Int] { laws.steps }
  private var trajectory: Trajectory { limit.trajectory }
  private var seeds: Int { subject.seeds }

  func outcome() throws -> ScalingOutcome {
    let workers = subject.options.workers
    let samples = LogitSamples(results, limit: trajectory, task: experiment.problem.task)
    let functions = FunctionMetrics(
      samples: samples, exponents: exponents, seeds: seeds, referenceWidth: referenceWidth,
      isDeep: experiment.deep != nil, scaling: experiment.deepScaling)
    var comparison = blank
    var reference: [String: ReferenceValues] = [:]
    let rateTable = RateTable(
      widths: subject.widths, seeds: seeds, realizations: trajectory.members,
      resamples: subject.request.resamples, seed: experiment.seed(subject.options))
    var gaps: [[Double]] = []
    func add(_ metric: MetricDefinition) {
      let evaluated = metric.evaluated(
        widths: subject.widths.count, seeds: seeds, realizations: trajectory.members,
        workers: workers)
      comparison.arrays += arrays(metric, evaluated)
      if metric.name == gapName { gaps = rows(evaluated.values, metric.count) }
      if let criterion = criteria[metric.name] {
        reference[criterion.name] = referenceValues(metric, evaluated, at: criterion.width)
      }
      comparison.rates += rates(metric, evaluated, rateTable)
    }
    for metric in functions.definitions { add(metric) }
    let weights = WeightMetrics(
      results: results, exponents: exponents, axes: subject.projections.axes,
      isOdd: experiment.architecture.activation.isOdd, snapshots: snapshots,
      steps: trajectory.steps.count, comments: comments,
      logitErrors: trajectory.steps.indices.map {
        samples.logitError(0, $0, isPaired: !samples.paired.isEmpty)
      }, logitGaps: gaps)
    if experiment.deep == nil {
      for metric in weights.definitions { add(metric) }
    }
    comparison.arrays += curves + smoothing
    if let bins = laws.bins {
      comparison.bins = WeightBins.count
      comparison.arrays +=
        WeightHistograms(
          results: results, limit: laws.densities, snapshots: snapshots, bins: bins
        ).arrays
    }
    return ScalingOutcome(comparison: comparison, reference: reference)
  }

  private var smoothing: [ComparisonArray] {
    guard !snapshots.isEmpty else { return [] }
    return [
      ComparisonArray(
        "density_bandwidth", [.snapshot, .projection],
        longName: "standard deviation of the Gaussian that smooths laws of the weights",
        values: snapshots.flatMap { laws.bandwidths[$0]! })
    ]
  }

  /// The gap that tells how a limit describes single networks.
  private var gapName: String {
    results.allSatisfy { $0.paired == nil } ? "logit_rms_gap" : "paired_logit_rms_gap"
  }

  private var referenceWidth: Int? {
    experiment.deep == nil ? subject.widths.firstIndex(of: experiment.reference.width) : nil
  }

  /// By metric: the criterion, and the width that it is taken at; none where the reference networks would
  /// stand beside themselves.
  private var criteria: [String: (name: String, width: Int?)] {
    let widest = subject.widths.indices.last
    return [
      gapName: ("logit_gap", referenceWidth),
      "logit_law_distance": ("logit_law_distance", referenceWidth),
      "logit_kl": ("logit_kl", referenceWidth),
      FunctionMetrics.referenceDivergence: (
        "widest_logit_kl", widest == referenceWidth ? nil : widest
      ),
    ]
  }

  private var title: String {
    experiment.limitTitle
      + (experiment.deepScaling.map { " of \($0.hiddenLayers) hidden layers" } ?? "")
  }

  private var blank: ScalingComparison {
    var notes = limit.notes
    if let comment = comments.laws, experiment.deep == nil {
      notes.append("Laws of the weights: \(comment).")
    }
    if experiment.deep?.parameterization == .naiveStandard {
      notes.append(
        "The naive_standard parameterization has no limit: networks of each width are compared with the"
          + " kernels of that width, and the limit's own curves are those of width \(subject.widths.last!)."
      )
    }
    let diverged = results.reduce(0) {
      $0 + $1.networks.divergedAtStep.count { $0 != nil }
    }
    if diverged > 0 {
      notes.append("\(diverged) of \(subject.widths.count * seeds) networks diverged.")
    }
    if trajectory.divergedAtStep.contains(where: { $0 != nil }) {
      notes.append("The limit diverged.")
    }
    if trajectory.testLogitsError.allSatisfy(\.isNaN) {
      notes.append("The limit states no simulation error; rates are fitted as if it had none.")
    }
    let first = Int(experiment.seed(subject.options))
    return ScalingComparison(
      name: experiment.configuration.scaling.text, title: title,
      limit: experiment.limitDescription, particles: limit.particles, widths: subject.widths,
      seeds: subject.nets?.seeds ?? (0..<seeds).map { first + $0 },
      realizations: trajectory.members,
      steps: trajectory.steps, snapshots: snapshots, projections: subject.projections.names,
      testPoints: trajectory.testPoints, outputs: trajectory.outputs, notes: notes)
  }

  private func rows(_ values: [Double], _ count: Int) -> [[Double]] {
    stride(from: 0, to: values.count, by: count).map { Array(values[$0..<($0 + count)]) }
  }

  private func arrays(
    _ metric: MetricDefinition, _ evaluated: MetricDefinition.Evaluated
  ) -> [ComparisonArray] {
    let limitErrors = subject.widths.indices.flatMap { width in
      (0..<metric.count).map { metric.limitError?(width, $0) ?? .nan }
    }
    let parts: [(String, String, [Double])] = [
      ("", metric.longName, evaluated.values),
      ("_stderr", "standard error over seeds of the \(metric.longName)", evaluated.standardErrors),
      (
        "_floor",
        "sampling floor, \(metric.floorName), of the \(metric.longName)",
        evaluated.floors
      ),
      ("_limit_error", "part of the limit's own error in the \(metric.longName)", limitErrors),
    ]
    return parts.map { suffix, longName, values in
      ComparisonArray(
        metric.name + suffix, [.width] + metric.dimensions, units: metric.units,
        longName: longName, values: values, comment: metric.comment)
    }
  }

  private func rates(
    _ metric: MetricDefinition, _ evaluated: MetricDefinition.Evaluated, _ table: RateTable
  ) -> [ComparedRate] {
    guard metric.isFitted else { return [] }
    let rateStep = trajectory.steps[subject.rateIndex]
    if metric.dimensions == [.step] {
      return [
        table.rate(metric, evaluated, index: subject.rateIndex, name: metric.name, step: rateStep)
      ]
    }
    // The last snapshot that is not after the step.
    guard let snapshot = snapshots.lastIndex(where: { $0 <= rateStep }) else { return [] }
    let step = snapshots[snapshot]
    if metric.dimensions == [.snapshot] {
      return [table.rate(metric, evaluated, index: snapshot, name: metric.name, step: step)]
    }
    let axes = subject.projections.names
    return axes.indices.map { axis in
      table.rate(
        metric, evaluated, index: snapshot * axes.count + axis,
        name: "\(metric.name)[\(axes[axis])]", step: step)
    }
  }

  private func referenceValues(
    _ metric: MetricDefinition, _ evaluated: MetricDefinition.Evaluated, at width: Int?
  ) -> ReferenceValues? {
    guard let width else { return nil }
    let places = (0..<metric.count).map { width * metric.count + $0 }
    return ReferenceValues(
      values: places.map { evaluated.values[$0] },
      standardErrors: places.map { evaluated.standardErrors[$0] },
      withoutSeed: places.map { evaluated.withoutSeed[$0] },
      ownErrors: places.indices.map { step in
        let limit = metric.limitError?(width, step) ?? 0
        let drawn = evaluated.realizationErrors[places[step]]
        return (limit * limit + drawn * drawn).squareRoot()
      }, floors: places.indices.map { metric.equalLawFloor(width, $0) })
  }

  /// What figures draw beside the metrics: losses and accuracies of every network and realization, and the
  /// test logits at the step of the rates.
  private var curves: [ComparisonArray] {
    let names: [(String, String, KeyPath<Trajectory, [Double]>)] = [
      ("train_loss", "training loss", \.trainingLoss), ("test_loss", "test loss", \.testLoss),
      ("test_accuracy", "test accuracy", \.testAccuracy),
    ]
    var result: [ComparisonArray] = []
    for (name, longName, path) in names where !trajectory[keyPath: path].isEmpty {
      result.append(
        ComparisonArray(
          "network_\(name)", [.width, .seed, .step], longName: "\(longName) of the networks",
          values: results.flatMap { $0.networks[keyPath: path] }))
      result.append(
        ComparisonArray(
          "limit_\(name)", [.realization, .step], longName: "\(longName) of the limit",
          values: trajectory[keyPath: path]))
    }
    let step = subject.rateIndex
    func logits(_ trajectory: Trajectory) -> [Double] {
      LogitSamples.matrix(trajectory, \.testLogits, step, Array(0..<trajectory.members)).elements
    }
    let at = "at training step \(trajectory.steps[step])"
    result.append(
      ComparisonArray(
        "network_test_logits", [.width, .seed, .test, .output],
        longName: "test logits of the networks \(at)",
        values: results.flatMap { logits($0.networks) }))
    result.append(
      ComparisonArray(
        "limit_test_logits", [.realization, .test, .output],
        longName: "test logits of the limit \(at)", values: logits(trajectory)))
    return result
  }
}
