import InfiniteWidth

/// A limit of one hidden layer or of kernels.
struct OneLayerSubject: LimitSubject {
  let job: LimitJob
  /// Where the loss gradients of a file drive the particles: that, and the file.
  let driven: (job: DrivenLimitJob, path: String)?

  var experiment: Experiment { job.experiment }

  func notes(isGivenParticles: Bool) -> [String] {
    job.notes
      + (isGivenParticles && job.particles == 0
        ? ["--particles has no effect: the kernel of this limit needs no particles"] : [])
  }

  var warnings: [String] { job.warnings }

  func checkFinished(_ output: String) throws {
    try driven?.job.checkFinished(output) ?? job.checkFinished(output)
  }

  func plan() throws -> LimitPlan { try job.plan(pilot: job.runPilot()) }

  func run(
    output: String, checkpoints: RunCheckpoints?, progress: (RunProgress) -> Void
  ) throws -> LimitOutcome {
    try driven?.job.run(output: output, checkpoints: checkpoints, progress: progress)
      ?? job.run(output: output, checkpoints: checkpoints, progress: progress)
  }

  func description(of outcome: LimitOutcome, _ elapsed: String) -> [String] {
    let regime = experiment.regime
    var lines = [
      "Limit \(experiment.limitTitle): alpha \(regime.alpha), beta \(regime.beta), gamma"
        + " \(regime.gamma). \(job.movesMeasure ? "The measure moves" : "The measure is frozen"),"
        + " \(job.particles > 0 ? job.options.precision.rawValue : "double") precision, \(elapsed)."
    ]
    if job.particles > 0 {
      let numbers = outcome.simulations.map { "\($0.particles)" }.joined(separator: " + ")
      lines.append(
        "\(numbers) particles (\(job.design.name) design, \(job.replicates)"
          + " replicate\(job.replicates == 1 ? "" : "s")).")
      if let representation = job.representation {
        lines.append("Kept: \(representation.text).")
      }
    }
    if let driven {
      lines.append(
        "Driven by the loss gradients of \(driven.path), whose error is not in the logit error"
          + (outcome.drivingGap.map {
            "; training logits differ from its own by \($0.short) at most (root mean square)."
          } ?? "."))
    }
    if job.realizations > 1 {
      lines.append("Means over \(job.realizations) realizations of the initial function.")
    }
    if let multirate = outcome.trajectory.multirate, let fast = multirate.fastCoordinates {
      let steps = multirate.blocks.count
      lines.append(
        "Two ranks: most particles moved along \(fast.count) principal components at every step, along the"
          + " others in \(fast.moves(inSteps: steps)) of \(steps); \(multirate.smallParticles) more particles"
          + " took every step in all directions, and took \(multirate.correction.short) of the rarer"
          + " moves' error out of the logits.")
    } else if let multirate = outcome.trajectory.multirate {
      lines.append(
        "Two step sizes: \(multirate.blocks.count)"
          + " block\(multirate.blocks.count == 1 ? "" : "s"), the longest of"
          + " \(multirate.blocks.max() ?? 0) steps; \(multirate.smallParticles) more particles took"
          + " every step, and took \(multirate.correction.short) of time-stepping error out of the"
          + " logits.")
    }
    if let integration = outcome.trajectory.integration {
      lines.append(
        "Gradient flow: \(integration.accepted) integrator steps, \(integration.rejected) more"
          + " rejected (tolerance \(integration.tolerance)).")
    }
    return lines
  }

  var units: [String] {
    let beta = experiment.regime.beta
    guard beta != 0 else { return [] }
    return [
      "Logits\(beta > 0 ? " and losses" : "") are in units of (d / "
        + "\(experiment.reference.width))^\(beta) from step 1 on."
    ]
  }

  func results(of outcome: LimitOutcome) -> [String: JSONValue] {
    [
      "replicates": .number(Double(job.replicates)),
      "realizations": .number(Double(job.realizations)),
    ]
  }
}
