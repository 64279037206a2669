import DataIO
import Diagnostics
import Networks
import ParticleSystems

/// `infwidth compare`: finite networks of all widths and seeds beside their limit, in one scaling or in
/// several, from a configuration to CMP.nc.
public struct ComparisonJob: Sendable {
  /// One a scaling.
  public let experiments: [Experiment]
  /// Files to take limit and networks from, and the step of the rates.
  public let request: ComparisonRequest
  /// Seed, threads, precision.
  public let options: RunOptions
  /// Increasing.
  public let widths: [Int]
  /// Networks of each width.
  public let seeds: Int
  /// Whether the reference width was added to those of the configuration.
  private let addsReferenceWidth: Bool
  private let limits: [any ComparedLimit]
  private let runs: [RunRecord?]
  private let nets: NetsRecord?
  private let projections: [ProjectionAxes]
  private let rateIndex: Int

  /// - Parameters:
  ///   - experiments: of one configuration, in different scalings. With several the reference width is
  ///     one of the widths.
  /// - Throws: `Diagnostic` where a setting does not fit, or where given files are of another experiment.
  public init(_ experiments: [Experiment], request: ComparisonRequest, options: RunOptions) throws {
    precondition(!experiments.isEmpty, "at least one scaling")
    self.experiments = experiments
    self.request = request
    self.options = options
    let first = experiments[0]
    try Self.checkLayers(experiments)
    var limits: [any ComparedLimit] = []
    var runs: [RunRecord?] = []
    var networks: NetsRecord?
    for experiment in experiments {
      try Self.checkNaive(experiment, request)
      let limit = try Self.limit(of: experiment, options)
      let inputs = ComparisonInputs(experiment: experiment, settings: limit.settings)
      runs.append(try request.limitPath.map { try inputs.limit($0) })
      networks = try request.netsPath.map { try inputs.networks($0) }
      limits.append(limit)
    }
    self.limits = limits
    self.runs = runs
    nets = networks
    projections = try experiments.map { try ProjectionAxes($0) }
    rateIndex = try Self.rateIndex(request.rateStep, limits[0].settings)
    if let networks {
      widths = networks.widths
      seeds = networks.seeds.count
      addsReferenceWidth = false
    } else {
      let reference = experiments.count > 1 ? [first.reference.width] : []
      let configured = first.configuration.finite?.widths ?? []
      // Refuses what networks of these widths would be refused for.
      let job = try NetworksJob(
        first, options: options,
        widths: configured.isEmpty ? [] : Array(Set(configured + reference)))
      widths = job.widths
      seeds = job.seeds
      addsReferenceWidth =
        !reference.isEmpty && !configured.isEmpty && !configured.contains(reference[0])
    }
  }

  private static func limit(
    of experiment: Experiment, _ options: RunOptions
  ) throws -> any ComparedLimit {
    experiment.deepScaling == nil
      ? try LimitJob(experiment, options: options)
      : try LayeredLimitJob(experiment, options: options)
  }

  /// Networks of several hidden layers in different scalings have no width at which they are the same.
  private static func checkLayers(_ experiments: [Experiment]) throws {
    guard experiments.count > 1,
      let layers = experiments.compactMap(\.deepScaling?.hiddenLayers).first
    else { return }
    throw Diagnostic(
      .commandLine,
      "received \(experiments.count) scalings; accepted with \(layers) hidden layers: one",
      key: "--scaling")
  }

  /// Kernels of one width say nothing of networks of another where they grow with it.
  private static func checkNaive(_ experiment: Experiment, _ request: ComparisonRequest) throws {
    guard experiment.deep?.parameterization == .naiveStandard else { return }
    let reason =
      "accepted with the naive_standard parameterization: none, since networks of each width are compared with"
      + " the kernels of that width"
    if let path = request.limitPath {
      throw Diagnostic(.commandLine, "received \(path); \(reason)", key: "--limit")
    }
    if let path = experiment.configuration.limit.kernelFile {
      throw experiment.loaded.locate(
        Diagnostic(.badInput, "received \(path); \(reason)", key: "limit.kernel_file"))
    }
  }

  private static func rateIndex(_ step: Int?, _ settings: TrainingSettings) throws -> Int {
    let steps = settings.recorded.list(upTo: settings.steps)
    guard let step else { return steps.count - 1 }
    guard let index = steps.firstIndex(of: step) else {
      let near = steps.min { abs($0 - step) < abs($1 - step) }!
      throw Diagnostic(
        .commandLine, "received \(step); accepted: a recorded step, such as \(near)",
        key: "--rate-step")
    }
    return index
  }

  /// Remarks on settings that have no effect.
  public var notes: [String] {
    var notes = limits[0].comparisonNotes
    if request.limitPath != nil, request.netsPath != nil, options.seed != nil {
      notes.append("--seed: the limit and the networks that are read keep their own seeds")
    }
    if let configured = experiments[0].configuration.finite?.widths, nets != nil,
      Set(configured) != Set(widths)
    {
      notes.append(
        "finite.widths: the networks that are read have the widths"
          + " \(widths.map(String.init).joined(separator: ", ")), all of which are compared")
    }
    return notes
  }

  /// Runs the comparison and writes `output`.
  ///
  /// - Parameter checkpoints: of this output; `nil` for none.
  /// - Throws: `Diagnostic` of kind `outputFailure` where the file cannot be written; nothing is left
  ///   behind then. Of kind `stoppedBySignal` where a run with checkpoints is asked to stop, of kind
  ///   `badInput` where the checkpoint is that of another run.
  public func run(
    output: String, checkpoints: RunCheckpoints? = nil,
    progress: @escaping (RunProgress) -> Void = { _ in }
  ) throws -> ComparisonRecord {
    try checkDestination(output, force: options.force)
    let runSettings = try runSettings
    try experiments[0].begin(checkpoints, runSettings, options)
    let units = CheckpointUnits(checkpoints)
    var outcomes: [ScalingOutcome] = []
    for (number, limit) in limits.enumerated() {
      let subject = ComparisonSubject(
        experiment: limit.experiment, options: options, request: request, widths: widths,
        seeds: seeds, run: runs[number], nets: nets, projections: projections[number],
        rateIndex: rateIndex)
      let name = experiments.count > 1 ? "\(limit.experiment.limitTitle), " : ""
      outcomes.append(
        try limit.compare(subject, units: units.part("scaling \(number + 1)")) { update in
          progress(
            RunProgress(
              fraction: (Double(number) + update.fraction) / Double(limits.count),
              activity: name + update.activity))
        })
    }
    let experiment = experiments[0]
    // Limits of one kind are told apart by their scalings.
    let titles = outcomes.map(\.comparison.title)
    for (number, title) in titles.enumerated() where titles.count(where: { $0 == title }) > 1 {
      outcomes[number].comparison.title = "\(title) (\(outcomes[number].comparison.name))"
    }
    let metadata = experiment.metadata(
      options, extra: attributes.merging(runSettings.attributes) { $1 })
    let record = ComparisonRecord(
      path: output,
      title: { if case .text(let text)? = metadata.extra["experiment"] { text } else { "" } }(),
      referenceWidth: experiment.reference.width, scalings: outcomes.map(\.comparison),
      ranking: ranking(outcomes), lossName: experiment.loss.rawValue, notes: recordNotes)
    try ComparisonFile.write(record, metadata: metadata, force: options.force)
    checkpoints?.finish()
    return record
  }

  private var recordNotes: [String] {
    guard addsReferenceWidth else { return [] }
    return [
      "Width \(experiments[0].reference.width) is not among finite.widths; it was added, since limits are ranked by"
        + " the networks of the reference width."
    ]
  }

  /// All that the comparison depends on.
  var runSettings: [RunSetting] {
    get throws {
      try experiments[0].runSettings(
        "compare", sections: ["limit", "finite", "record"], options,
        extra: [
          RunSetting(
            key: "--scaling", value: "\(experiments.map(\.configuration.scaling.text))"),
          RunSetting(
            key: "--rate-step", value: request.rateStep.map { "\($0)" } ?? "the last"),
          RunSetting(
            key: "--limit",
            value: runs[0].map { DataFingerprint.text(values: [$0.trajectory.testLogits]) }
              ?? "none"),
          RunSetting(
            key: "--nets",
            value: nets.map {
              DataFingerprint.text(values: $0.trajectories.map(\.testLogits))
            } ?? "none"),
        ])
    }
  }

  private var attributes: [String: AttributeValue] {
    var result =
      experiments[0].deepScaling == nil ? [:] : experiments[0].deepAttributes(widths: widths)
    if let path = request.limitPath { result["limit_file"] = .text(path) }
    if let path = request.netsPath { result["nets_file"] = .text(path) }
    return result
  }

  private func ranking(_ outcomes: [ScalingOutcome]) -> ReferenceRanking? {
    guard outcomes.count > 1 else { return nil }
    let criteria: [(String, String, String)] = [
      (
        "logit_gap",
        "root mean square gap of the test logits to the limit, which has the network's own initial"
          + " function where it is random", "1"
      ),
      (
        "logit_law_distance",
        "Wasserstein-2 distance between Gaussian fits of the logits over seeds and of the limit's",
        "1"
      ),
      (
        "logit_kl",
        "Kullback-Leibler divergence of Gaussian fits of the limit's logits from those of the networks'",
        "nat"
      ),
      (
        "widest_logit_kl",
        "Kullback-Leibler divergence of Gaussian fits of the logits of the networks of width"
          + " \(widths.last!), in the place of the limit, from those of the networks", "nat"
      ),
    ]
    return ReferenceRanking(
      scalings: outcomes.map(\.comparison.name), steps: outcomes[0].comparison.steps,
      criteria: criteria.compactMap { name, longName, units in
        let values = outcomes.compactMap { $0.reference[name] }
        guard values.count == outcomes.count else { return nil }
        return .init(name: name, longName: longName, units: units, values)
      })
  }
}
