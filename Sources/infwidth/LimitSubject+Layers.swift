import InfiniteWidth

/// A limit of several hidden layers in a scaling around a network of reference width.
struct LayersSubject: LimitSubject {
  let job: LayeredLimitJob

  var experiment: Experiment { job.experiment }
  var units: [String] { [] }

  func notes(isGivenParticles: Bool) -> [String] {
    job.notes
      + (isGivenParticles && job.zeroReason != nil
        ? ["--particles has no effect: the limit is zero"] : [])
  }

  func checkFinished(_ output: String) throws { try job.checkFinished(output) }

  func plan() -> LimitPlan { job.plan(pilot: job.runPilot()) }

  func run(
    output: String, checkpoints: RunCheckpoints?, progress: (RunProgress) -> Void
  ) throws -> LimitOutcome {
    try job.run(output: output, checkpoints: checkpoints, progress: progress)
  }

  func description(of outcome: LimitOutcome, _ elapsed: String) -> [String] {
    let title =
      "Limit mean field of \(job.sizes.hiddenLayers) hidden layers, \(job.options.precision.rawValue) precision,"
      + " \(elapsed)."
    if let reason = job.zeroReason {
      return [title, "Logits are zero at every step: \(reason)."]
    }
    let sizes = job.sizes(of: outcome).map(\.text).joined(separator: " + ")
    return [
      title,
      "\(sizes) particles in each of \(job.replicates) replicate\(job.replicates == 1 ? "" : "s")"
        + " (\(job.designName) design).",
    ]
  }

  func results(of outcome: LimitOutcome) -> [String: JSONValue] {
    [
      "hidden_layers": .number(Double(job.sizes.hiddenLayers)),
      "layer_particles": .array(
        job.zeroReason == nil
          ? job.sizes(of: outcome).last!.layers.map { .number(Double($0)) } : []),
      "zero_limit_reason": job.zeroReason.map { .text($0) } ?? .null,
      "replicates": .number(Double(job.replicates)),
      "realizations": .number(1),
    ]
  }
}

/// Fresh particles of several hidden layers, driven by the populations of a file.
struct DrivenLayersSubject: LimitSubject {
  let job: DrivenLayersJob
  let from: String

  private var particles: LayersSubject { LayersSubject(job: job.job) }
  var experiment: Experiment { job.job.experiment }
  var units: [String] { [] }

  func notes(isGivenParticles: Bool) -> [String] { job.notes }

  func checkFinished(_ output: String) throws { try job.checkFinished(output) }

  func plan() -> LimitPlan { job.plan(pilot: job.runPilot()) }

  func run(
    output: String, checkpoints: RunCheckpoints?, progress: (RunProgress) -> Void
  ) throws -> LimitOutcome {
    try job.run(output: output, checkpoints: checkpoints, progress: progress)
  }

  func description(of outcome: LimitOutcome, _ elapsed: String) -> [String] {
    particles.description(of: outcome, elapsed) + [
      "Driven by the populations of \(from), whose error is in the logit error"
        + (outcome.drivingGap.map {
          "; training logits differ from its own by \($0.short) at most (root mean square)."
        } ?? ".")
    ]
  }

  func results(of outcome: LimitOutcome) -> [String: JSONValue] { particles.results(of: outcome) }
}
