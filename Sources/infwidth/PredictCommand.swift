import ArgumentParser
import Foundation
import InfiniteWidth

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract:
      "What infinitely wide networks predict: Bayesian ones and trained ones, with their spread.",
    discussion: """
      From the kernels of `infwidth kernel`, of any depth, in closed form (squared loss): mean and standard \
      deviation of the function at training and test points, over all networks of random weights

        nngp  given the training labels with Gaussian noise (Bayesian inference)
        ntk   trained by gradient descent on (f - y)^2 / 2, for a time in steps of
              training.learning_rate, infinity included (arXiv 1902.06720)

      Sections data and network are enough; prediction has

        times       [1, 10, infinity]; default: 1, 2, 5, 10, ... training.steps,
                    infinity; without a section training: infinity
        dynamics    flow (default), or discrete: whole steps, momentum too
        noise_std   standard deviation of the noise on labels; default 0
        covariance  true: covariances between test points are kept too

      Directions of a kernel whose eigenvalues are rounding errors are left out, with a warning.
      """)

  @Argument(help: ArgumentHelp("The experiment.", valueName: "config.yaml"))
  var config: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "prediction.nc"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "Kernels of this experiment, written by infwidth kernel. (default: they are computed)",
      valueName: "kernel.nc"))
  var kernels: String?

  @OptionGroup var scaled: ScaleOption

  @Option(help: "Precision of the kernels, where they are computed: single or double.")
  var precision: Precision = .double

  @OptionGroup var results: ResultOptions

  func run() throws {
    let options = results.runOptions(precision: precision)
    try checkDestination(output, force: options.force)
    let loaded = try scaled.load(config)
    try results.checkOutputs(
      output, against: loaded.dataPaths + [kernels].compactMap(\.self), tables: ["predictions"])
    let experiment = try KernelExperiment(loaded)
    let job = try PredictionJob(experiment, options: options, kernels: kernels)
    results.show(job.notes)
    let display = ProgressDisplay(quiet: results.quiet)
    let outcome = try job.run(output: output, progress: display.show)
    display.finish()
    for text in outcome.warnings { printError("infwidth: warning: \(text)") }
    let table = outcome.record.table
    try results.report(
      [table], text: text(job, outcome, table, elapsed: display.elapsed),
      json: [
        "output": .text(output), "dynamics": .text(job.section.dynamics.rawValue),
        "noise_std": .number(outcome.record.noiseDeviation),
        "learning_rate": outcome.learningRate.map { .number($0) } ?? .null,
        "largest_stable_learning_rate":
          outcome.stableLearningRate.map { .number($0.value) } ?? .null,
        "predictions": .array(
          zip(table.labels, table.rows).map { label, row in
            var entry = Dictionary(
              uniqueKeysWithValues: zip(table.columns, row.map { JSONValue.number($0) }))
            entry["prediction"] = .text(label)
            // JSON has no infinity, and the end of training must not look like no time.
            if row[0] == .infinity { entry["time"] = .text("infinity") }
            return .object(entry)
          }),
        "kernels": .object(
          Dictionary(
            uniqueKeysWithValues: outcome.leftOut.map { kernel, directions, share in
              let spectrum = outcome.spectra.first { $0.kernel == kernel }?.spectrum
              return (
                kernel,
                .object([
                  "minimum_eigenvalue": .number(spectrum?.minimumEigenvalue ?? .nan),
                  "maximum_eigenvalue": .number(spectrum?.maximumEigenvalue ?? .nan),
                  "relative_jitter": .number(spectrum?.relativeJitter ?? .nan),
                  "directions_left_out": .number(Double(directions)),
                  "target_share_left_out": .number(share),
                ])
              )
            })),
      ])
  }

  private func text(
    _ job: PredictionJob, _ outcome: PredictionOutcome, _ table: ResultTable, elapsed: String
  ) -> String {
    let network = job.experiment.architecture
    let problem = job.experiment.problem
    let rows = labelledTableText(
      table,
      headings: [
        "time", "train loss", "test loss", "train loss of one", "test loss of one",
        "train accuracy", "test accuracy", "test std", "-log density", "train accuracy of one",
        "test accuracy of one",
      ],
      formats: [.significant(6)] + Array(repeating: .significant(4), count: 4)
        + [.percent, .percent, .significant(3), .significant(4), .percent, .percent]
    )
    let stable =
      outcome.stableLearningRate.map {
        "\nLargest stable learning rate of gradient descent: "
          + String(format: "%.4g", $0.value)
          + (outcome.learningRate.map { String(format: " (training.learning_rate is %.4g)", $0) }
            ?? "") + "\n"
      } ?? ""
    return """
      Predictions of \(network.hiddenLayers) hidden layer\(network.hiddenLayers == 1 ? "" : "s"),\
       \(network.parameterization.rawValue) parameterization, \(elapsed):\
       \(problem.trainingCount) training and \(problem.testCount) test points.
      nngp: the Bayesian network\(noise(outcome)); ntk: networks trained by \
      \(job.section.dynamics == .flow ? "gradient flow" : "gradient descent"), after so many steps.

      \(rows)
      \(stable)
      Written: \(output)
      """
  }

  private func noise(_ outcome: PredictionOutcome) -> String {
    outcome.record.noiseDeviation > 0
      ? ", label noise \(ResultTable.text(outcome.record.noiseDeviation))" : ", no label noise"
  }
}

extension PredictionOutcome {
  /// What the predictions leave out, in one sentence a kernel.
  var warnings: [String] {
    leftOut.compactMap { kernel, directions, share in
      guard directions > 0 else { return nil }
      let name = kernel == "nngp" ? "the NNGP kernel" : "the tangent kernel"
      let spectrum = spectra.first { $0.kernel == kernel }?.spectrum
      let smallest = spectrum?.minimumEigenvalue ?? .nan
      let jitter =
        spectrum.map {
          $0.relativeJitter.map {
            $0 == 0
              ? "; a Cholesky factorization is possible without jitter"
              : "; a Cholesky factorization takes a jitter of \($0) times the mean diagonal"
          }
            ?? "; no jitter up to 1e-6 of the mean diagonal makes a Cholesky factorization possible"
        } ?? ""
      return "\(name) on the training points has \(directions) eigenvalue"
        + "\(directions == 1 ? "" : "s") within rounding of zero"
        + String(
          format: " (smallest %.3g, largest %.3g)", smallest, spectrum?.maximumEigenvalue ?? .nan)
        + ": predictions leave out these directions, with"
        + String(format: " %.2g %% of the labels' sum of squares", 100 * share) + jitter
    }
  }
}
