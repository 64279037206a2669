import Foundation
import InfiniteWidth

extension LimitCommand {
  /// Runs the limit where it is one of several hidden layers in a scaling around a network of reference width.
  ///
  /// - Returns: whether it is.
  func runLayers(_ loaded: LoadedConfiguration, _ checkpoints: RunCheckpoints?) throws -> Bool {
    guard loaded.configuration.deepScalingName != nil else { return false }
    try checkOptions(loaded)
    let isFinished = checkpoints?.isFinished ?? false
    if isFinished { try checkFinished(output, as: .run, of: loaded, seed: common.running.seed) }
    let options =
      isFinished
      ? common.running.runOptions
      : checkpoints.map(common.running.runOptions) ?? common.running.runOptions
    if !isFinished {
      try checkDestination(output, force: options.force)
      try common.results.checkOutputs(output, against: loaded.inputPaths, tables: ["limit"])
    }
    let experiment = try Experiment(loaded, takesDeepNetworks: true, takesDeepScalings: true)
    let job = try LayeredLimitJob(experiment, options: options, particles: particles)
    if let checkpoints, isFinished {
      try job.checkFinished(output)
      checkpoints.reportFinished()
      try common.results.writeMissing([
        RunRecord.read(output).trajectory.stepTable(name: "limit")
      ])
      return true
    }
    common.results.show(job.notes)
    if dryRun {
      try showPlan(job.plan(pilot: job.runPilot()))
      return true
    }
    let display = ProgressDisplay(quiet: common.results.quiet)
    let outcome = try job.run(output: output, checkpoints: checkpoints, progress: display.show)
    display.finish()
    warn(outcome.trajectory)
    try report(job, outcome, display.elapsed)
    return true
  }

  private func checkOptions(_ loaded: LoadedConfiguration) throws {
    let layers = loaded.configuration.network?.hiddenLayers ?? 1
    let refused = from != nil ? "--from" : toleranceText != nil ? "--tolerance" : nil
    guard let refused else { return }
    throw Diagnostic(
      .badInput,
      "not available with \(layers) hidden layers in the \(loaded.configuration.scaling.text) scaling; available:"
        + " --particles", key: refused)
  }

  private func report(_ job: LayeredLimitJob, _ outcome: LimitOutcome, _ elapsed: String) throws {
    let table = outcome.trajectory.stepTable(name: "limit")
    var lines = [
      "Limit mean field of \(job.sizes.hiddenLayers) hidden layers, \(job.options.precision.rawValue) precision, \(elapsed)."
    ]
    if let reason = job.zeroReason {
      lines.append("Logits are zero at every step: \(reason).")
    } else {
      lines.append(
        "\(job.sizes.layers.map { "\($0)" }.joined(separator: " x ")) particles in each of"
          + " \(job.replicates) replicate\(job.replicates == 1 ? "" : "s") (\(job.designName) design)."
      )
    }
    let problem = job.experiment.problem
    lines.append(
      "\(problem.trainingCount) training and \(problem.testCount) test points in"
        + " \(problem.inputDimension) dimensions; \(job.experiment.loss.rawValue) loss.")
    lines += ["", stepTableText(table), ""]
    if table.rows.contains(where: { !$0.last!.isNaN }) {
      lines.append("The logit error is the estimated RMS simulation error of the test logits.")
    }
    lines.append("Written: \(output)")
    try common.results.report(
      [table], text: lines.joined(separator: "\n"),
      json: [
        "limit": .text(job.experiment.limitName), "output": .text(output),
        "hidden_layers": .number(Double(job.sizes.hiddenLayers)),
        "particles": .number(Double(job.particles)),
        "layer_particles": .array(
          job.zeroReason == nil ? job.sizes.layers.map { .number(Double($0)) } : []),
        "zero_limit_reason": job.zeroReason.map { .text($0) } ?? .null,
        "error": outcome.error.isNaN ? .null : .number(outcome.error),
        "replicates": .number(Double(job.replicates)),
        "diverged_at_step": .number(
          Double(outcome.trajectory.divergedAtStep.compactMap(\.self).min() ?? -1)),
        "steps": JSONValue(table),
      ])
  }
}
