import ArgumentParser
import Foundation
import InfiniteWidth

struct StudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract: "Kernels of several deep networks side by side, and finite networks beside them.",
    discussion: """
      Every parameterization with every number of hidden layers and every ratio of widths of the section study: \
      losses and accuracies of the mean function of Bayesian networks (nngp) and of networks of infinite width \
      trained by gradient descent on the squared loss (ntk), and of finite networks of finite.widths (of the \
      first hidden layer) trained by as many steps (arXiv 2001.07301). study has

        parameterizations    [ntk, standard], the default
        hidden_layers        [1, 2, 3, 5], the default
        base_width           N_1, default 512
        width_ratios         N_(l+1) / N_l, default [1]
        steps                of gradient descent, default 1000
        learning_rate_share  below 1, of each network's largest stable learning rate, default 0.5

      network gives activation, weight_std and bias_std; prediction.noise_std is the labels' noise of \
      Bayesian networks.
      """)

  @Argument(help: ArgumentHelp("The experiment.", valueName: "config.yaml"))
  var config: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "study.nc"))
  var output: String

  @OptionGroup var running: RunningOptions

  func run() throws {
    let checkpoints = try running.checkpoints(of: output)
    if checkpoints.isFinished {
      let loaded = try running.load(config)
      try checkFinished(output, as: .study, of: loaded, seed: running.seed)
      try StudyJob(loaded, options: running.runOptions).checkFinished(output)
      checkpoints.reportFinished()
      try running.results.writeMissing(tables(StudyFile.read(output)))
      return
    }
    let options = running.runOptions(checkpoints)
    try checkDestination(output, force: options.force)
    let loaded = try running.load(config)
    try running.results.checkOutputs(
      output, against: loaded.dataPaths, tables: ["study_kernels", "study_networks"])
    let job = try StudyJob(loaded, options: options)
    running.results.show(job.notes)
    let display = ProgressDisplay(quiet: running.results.quiet)
    let outcome = try job.run(output: output, checkpoints: checkpoints, progress: display.show)
    display.finish()
    for text in outcome.warnings { printError("infwidth: warning: \(text)") }
    let record = outcome.record
    let diverged = record.cases.flatMap(\.networks).reduce(0) { $0 + $1.diverged }
    if diverged > 0 {
      printError(
        "infwidth: warning: \(diverged) of"
          + " \(record.cases.count * record.widths.count * record.seeds) networks diverged, and are left out"
      )
    }
    let tables = tables(record)
    try running.results.report(
      tables, text: text(record, display.elapsed),
      json: [
        "output": .text(output),
        "kernels": JSONValue(tables[0]),
        "networks": tables.count > 1 ? JSONValue(tables[1]) : .array([]),
      ])
  }

  private func tables(_ record: StudyRecord) -> [ResultTable] {
    [record.kernelTable] + (record.widths.isEmpty ? [] : [record.networksTable])
  }

  private func text(_ record: StudyRecord, _ elapsed: String) -> String {
    let noise =
      record.noiseDeviation > 0
      ? "label noise \(ResultTable.text(record.noiseDeviation))" : "no label noise"
    var text = """
      Study of \(record.cases.count) network\(record.cases.count == 1 ? "" : "s"), \(elapsed):\
       \(record.trainingPoints) training and \(record.testPoints) test points, squared loss.
      Infinite width, test loss and accuracy of the mean function, and expected of one network: nngp, the Bayesian
      network (\(noise)); ntk, trained by \(record.steps) step\(record.steps == 1 ? "" : "s"); end, trained to the end.

      \(labelledTableText(
        record.kernelTable,
        headings: [
          "layers", "ratio", "rate", "nngp loss", "accuracy", "of one", "accuracy", "ntk loss",
          "accuracy", "of one", "accuracy", "end loss", "accuracy", "of one", "accuracy",
        ],
        formats: [.whole, .significant(3), .significant(3)]
          + Array(repeating: [NumberFormat.significant(4), .percent], count: 6).flatMap(\.self)))

      """
    if !record.widths.isEmpty {
      text += """

        Finite networks after \(record.steps) step\(record.steps == 1 ? "" : "s"), \(record.seeds)\
         seed\(record.seeds == 1 ? "" : "s") of each: the mean of their functions, and one of them, beside what is
        expected of one of infinite width.

        \(labelledTableText(
          record.networksTable,
          headings: [
            "layers", "ratio", "width", "loss of mean", "accuracy", "loss of one", "stderr",
            "infinite", "accuracy", "stderr", "infinite", "diverged",
          ],
          formats: [
            .whole, .significant(3), .whole, .significant(4), .percent, .significant(4),
            .significant(2), .significant(4), .percent, .percent, .percent, .whole,
          ]))

        """
    }
    guard record.cases.contains(where: { !$0.end.meanFunction.testAccuracy.isNaN }) else {
      return text + "\nWritten: \(output)"
    }
    let error = String(format: "%.1f %%", 100 * record.largestSamplingError)
    return text + """

      Accuracies on \(record.testPoints) test points have a standard error of up to \(error) from the choice of the\
       points, the same points for all.

      Written: \(output)
      """
  }
}
