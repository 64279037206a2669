import ArgumentParser
import Foundation
import InfiniteWidth

struct LimitCommand: DividedCommand {
  static let configuration = CommandConfiguration(
    commandName: "limit",
    abstract: "Run the infinite-width limit of the configured scaling, without a finite net.",
    discussion: """
      Designs of the initial sample (limit.design): auto, or words joined by +. Points: independent, \
      sobol, sphere (2 or 3 coordinates). Symmetry: antithetic (a, w), (-a, w); reflected (a, w), \
      (-a, -w); quadruples. moments: exact means and second moments. radius: the radius of a \
      Gaussian law left out (linear, relu, leaky_relu). importance: particles of large output weight \
      drawn more often (Gaussian law, one output, linear, relu, leaky_relu).

      Two step sizes (limit.multirate): off; auto or a number of steps: most particles take blocks \
      of steps as one, a small set (limit.small_share for each of them) takes every step. Two ranks \
      (limit.rank): off; auto or a number of principal components of the training inputs along which \
      most particles move at every step, and along the others once in up to 16 (limit.multirate).

      Several hidden layers (network.hidden_layers: 2 or 3, scaling: mean_field): limit.particles is the \
      number of the widest layer in each replicate (auto: as many as limit.tolerance takes where it is given, \
      else 512, with rmsprop 1024), and designs are auto or of independent, sobol, quadruples, moments.

      Kernels of deep networks (limit.kernel_file): a file that infwidth kernel wrote for the same \
      network and points, with scaling: ntk; f_0 is drawn from its NNGP, and training.learning_rate is \
      that of every parameter in the network's own parameterization.
      """)

  @Argument(help: ArgumentHelp("The experiment.", valueName: "config.yaml"))
  var config: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "run.nc"))
  var output: String

  @Option(
    parsing: .unconditional,
    help: """
      Particles of all replicates together, such as 65536 or 1e7, or with several hidden layers those of the \
      widest one in each replicate; replaces limit.particles.
      """, transform: wholeNumber)
  var particles: Int?

  @Option(
    name: .customLong("tolerance"), parsing: .unconditional,
    help: ArgumentHelp(
      """
      Estimated error of the test logits to reach by as many particles as it takes; replaces \
      limit.tolerance and limit.particles.
      """, valueName: "tolerance"))
  var toleranceText: String?

  private var tolerance: Double? { toleranceText.flatMap(decimal) }

  @Option(
    help: ArgumentHelp(
      """
      Drive fresh particles by the loss gradients of this run of the same experiment (with several hidden \
      layers by its populations), instead of solving it. Test points, limit.seed and what is recorded may \
      be others.
      """, valueName: "run.nc"))
  var from: String?

  @Flag(help: "Print what would be done, and stop.")
  var dryRun = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let particles, particles < 1 {
      throw ValidationError("--particles: received \(particles); accepted: 1 or more")
    }
    if let text = toleranceText, !((tolerance ?? 0) > 0) {
      throw ValidationError("--tolerance: received \(text); accepted: a positive number")
    }
    if particles != nil, tolerance != nil {
      throw ValidationError(
        "--tolerance chooses the number of particles; give it or --particles, not both")
    }
    if from != nil, tolerance != nil {
      throw ValidationError(
        "--tolerance belongs to solving a limit; with --from give --particles")
    }
  }

  private func subject(
    _ loaded: LoadedConfiguration, _ options: RunOptions
  ) throws -> any LimitSubject {
    if loaded.configuration.deepScalingName != nil {
      let experiment = try Experiment(loaded, takesDeepNetworks: true, takesDeepScalings: true)
      if let from {
        return DrivenLayersSubject(
          job: try DrivenLayersJob(experiment, from: from, options: options, particles: particles),
          from: from)
      }
      return LayersSubject(
        job: try LayeredLimitJob(
          experiment, options: options, particles: particles, tolerance: tolerance))
    }
    let experiment = try Experiment(loaded, takesDeepNetworks: from == nil)
    if let from {
      let driven = try DrivenLimitJob(
        experiment, from: from, options: options, particles: particles)
      return OneLayerSubject(job: driven.job, driven: (driven, from))
    }
    return OneLayerSubject(
      job: try LimitJob(experiment, options: options, particles: particles, tolerance: tolerance),
      driven: nil)
  }

  func run() throws {
    // Once: the configuration may come from a pipe.
    let loaded = try common.load(config)
    if let whole = loaded.undividedLimit ?? (dryRun ? "The pilot of --dry-run" : nil) {
      Processes.continueAlone(whole, quiet: common.results.quiet)
    }
    let checkpoints = dryRun ? nil : try common.running.checkpoints(of: output)
    if let checkpoints, checkpoints.isFinished {
      try checkFinished(output, as: .run, of: loaded, seed: common.running.seed)
      try subject(loaded, common.running.runOptions).checkFinished(output)
      checkpoints.reportFinished()
      try common.results.writeMissing([
        RunRecord.read(output).trajectory.stepTable(name: "limit")
      ])
      return
    }
    let options = checkpoints.map(common.running.runOptions) ?? common.running.runOptions
    try checkDestination(output, force: options.force)
    try common.results.checkOutputs(
      output, against: loaded.inputPaths + [from].compactMap(\.self), tables: ["limit"])
    let subject = try subject(loaded, options)
    common.results.show(subject.notes(isGivenParticles: particles != nil))
    common.results.warn(subject.warnings)
    if dryRun {
      try showPlan(subject.plan())
      return
    }
    let display = ProgressDisplay(quiet: common.results.quiet)
    let outcome = try subject.run(
      output: output, checkpoints: checkpoints, progress: display.show)
    let traffic = Processes.traffic()
    display.finish()
    if let failure = outcome.multirateFailure {
      printError(
        "infwidth: warning: a simulation by two kinds of particles failed: \(failure); this one is by"
          + " particles that all take every step")
    }
    warn(outcome.trajectory)
    warnOfTolerance(outcome)
    warnOfDriving(outcome)
    try report(subject, outcome, display.elapsed, traffic)
  }

  private func report(
    _ subject: any LimitSubject, _ outcome: LimitOutcome, _ elapsed: String,
    _ traffic: Processes.Traffic?
  ) throws {
    let trajectory = outcome.trajectory
    let table = trajectory.stepTable(name: "limit")
    let experiment = subject.experiment
    let problem = experiment.problem
    var lines = subject.description(of: outcome, elapsed) + [traffic?.text].compactMap(\.self)
    lines.append(
      "\(problem.trainingCount) training and \(problem.testCount) test points in"
        + " \(problem.inputDimension) dimensions; \(experiment.loss.rawValue) loss.")
    lines += ["", stepTableText(table), ""] + subject.units
    if table.rows.contains(where: { !$0.last!.isNaN }) {
      lines.append("The logit error is the estimated RMS simulation error of the test logits.")
    }
    lines.append("Written: \(output)")
    let common: [String: JSONValue] = [
      "limit": .text(experiment.limitName), "output": .text(output),
      "driven_by": from.map { .text($0) } ?? .null,
      "driving_gap": outcome.drivingGap.map { .number($0) } ?? .null,
      "particles": .number(Double(outcome.particles)),
      "tolerance_reached": outcome.tolerance == nil ? .null : .flag(outcome.reachesTolerance),
      "error": outcome.error.isNaN ? .null : .number(outcome.error),
      "diverged_at_step": .number(
        Double(trajectory.divergedAtStep.compactMap(\.self).min() ?? -1)),
      "received_bytes": traffic?.json ?? .null, "steps": JSONValue(table),
    ]
    try self.common.results.report(
      [table], text: lines.joined(separator: "\n"),
      json: common.merging(subject.results(of: outcome)) { $1 })
  }

  private func warn(_ trajectory: Trajectory) {
    guard let step = trajectory.divergedAtStep.compactMap(\.self).min() else { return }
    let advice =
      step == 0
      ? "lower the inputs or the standard deviations of the weights"
      : "lower training.learning_rate"
    printError(
      "infwidth: warning: the limit diverged: logits are no longer finite at step \(step); \(advice)"
    )
  }

  private func warnOfDriving(_ outcome: LimitOutcome) {
    guard let from, let gap = outcome.drivingGap, let expected = outcome.expectedDrivingGap,
      gap > 4 * expected
    else { return }
    printError(
      "infwidth: warning: training logits differ from those of \(from) by \(gap.short), of which the errors that"
        + " both state make \(expected.short): \(from) is not near the limit; solve it with more particles"
    )
  }

  private func warnOfTolerance(_ outcome: LimitOutcome) {
    guard let tolerance = outcome.tolerance, let reason = outcome.stoppedBecause else { return }
    printError(
      "infwidth: warning: the error is \(outcome.error.short), not \(tolerance.short): \(reason)")
  }
}
