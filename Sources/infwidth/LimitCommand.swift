import ArgumentParser
import InfiniteWidth

struct LimitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "limit",
    abstract: "Run the infinite-width limit of the configured scaling, without a finite net.",
    discussion: """
      Designs of the initial sample (limit.design): \
      \(SampleDesign.allCases.map(\.rawValue).joined(separator: ", ")); auto is antithetic.
      """)

  @Argument(help: ArgumentHelp("The experiment.", valueName: "config.yaml"))
  var config: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "run.nc"))
  var output: String

  @Option(help: "Particles of all replicates together; replaces limit.particles.")
  var particles: Int?

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let particles, particles < 1 {
      throw ValidationError("--particles: received \(particles); accepted: 1 or more.")
    }
  }

  func run() throws {
    try checkDestination(output, force: common.force)
    let experiment = try Experiment(LoadedConfiguration.load(path: config))
    let job = try LimitJob(experiment, options: common.runOptions, particles: particles)
    let display = ProgressDisplay(quiet: common.quiet)
    let trajectory = try job.run(output: output, progress: display.show)
    display.finish()
    if let step = trajectory.divergedAtStep[0] {
      printError(
        "infwidth: warning: the limit diverged: logits are no longer finite at step \(step); lower"
          + " training.learning_rate")
    }
    let table = trajectory.stepTable(name: "limit")
    try common.report(
      [table], text: text(job, table, display.elapsed),
      json: [
        "limit": .text("mean_field"), "output": .text(output),
        "particles": .number(Double(job.particles)),
        "replicates": .number(Double(job.replicates)),
        "diverged_at_step": .number(Double(trajectory.divergedAtStep[0] ?? -1)),
        "steps": JSONValue(table),
      ])
  }

  private func text(_ job: LimitJob, _ table: ResultTable, _ elapsed: String) -> String {
    let problem = job.experiment.problem
    return """
      Mean-field limit: \(job.particles) particles (\(job.design.rawValue) design,\
       \(job.replicates) replicate\(job.replicates == 1 ? "" : "s")), \(job.options.precision.rawValue)\
       precision, \(elapsed).
      \(problem.trainingCount) training and \(problem.testCount) test points in\
       \(problem.inputDimension) dimensions; \(job.experiment.loss.rawValue) loss.

      \(tableText(
        table,
        headings: [
          "step", "train loss", "test loss", "train accuracy", "test accuracy",
          "logit error",
        ],
        formats: [
          .whole, .decimals(5), .decimals(5), .percent, .percent, .significant(2),
        ], rows: spacedRows(table.rows.count)))

      The logit error is the estimated RMS simulation error of the test logits.
      Written: \(output)
      """
  }
}
