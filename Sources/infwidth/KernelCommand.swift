import ArgumentParser
import Foundation
import InfiniteWidth

struct KernelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel",
    abstract:
      "NNGP and tangent kernels of a network of any depth, on training and test points.",
    discussion: """
      Sections data and network are enough. Of network: activation (linear, relu, leaky_relu, erf, \
      gelu, sin), hidden_layers, weight_std (before division by the square root of the fan-in), bias with \
      bias_std, layer_widths (base widths, one per hidden layer), and parameterization:

        ntk             z = weight_std W y / sqrt(n) + bias_std b, all N(0, 1)
        standard        z = W y / sqrt(s) + b with n = s N inputs, W ~ N(0,
                        weight_std^2 / N), b ~ N(0, bias_std^2), s to infinity
                        (arXiv 2001.07301)
        naive_standard  z = W y + b with n = s N inputs, W ~ N(0, weight_std^2
                        / n): tangent kernels grow with s = width_scale

      Tangent kernels are those of learning rate 1 on every parameter. The smallest and the largest \
      eigenvalue on the training points, and the jitter that a Cholesky factorization takes, are \
      computed for up to 1000 training points, or as --spectrum says. The largest stable learning rate is that \
      of gradient descent (or momentum) on all points with the loss of training, squared without one: 2 (1 + \
      momentum) n / (h lambda_max), h = 1, 1/4, 1/2 for the squared, logistic, softmax loss.

      A limit takes the kernels with limit.kernel_file and scaling: ntk.
      """)

  @Argument(help: ArgumentHelp("The experiment.", valueName: "config.yaml"))
  var config: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "kernel.nc"))
  var output: String

  @OptionGroup var scaled: ScaleOption

  @Flag(help: "Eigenvalues for any number of training points n: 9 n^3 operations, 48 n^2 bytes.")
  var spectrum = false

  @Option(help: "Precision of the kernels, in the file as well: single or double.")
  var precision: Precision = .double

  @OptionGroup var results: ResultOptions

  func run() throws {
    let options = results.runOptions(precision: precision)
    try checkDestination(output, force: options.force)
    let loaded = try scaled.load(config)
    try results.checkOutputs(output, against: loaded.dataPaths, tables: ["kernels"])
    let experiment = try KernelExperiment(loaded)
    let job = try KernelJob(experiment, options: options, spectrum: spectrum)
    results.show(experiment.notes)
    let display = ProgressDisplay(quiet: results.quiet)
    let outcome = try job.run(output: output, progress: display.show)
    display.finish()
    for (name, statistics) in outcome.kernels {
      if let text = warning(name, statistics) { printError("infwidth: warning: \(text)") }
    }
    let table = outcome.table
    try results.report(
      [table], text: text(experiment, outcome, table, elapsed: display.elapsed),
      json: [
        "output": .text(output), "precision": .text(precision.rawValue),
        "parameterization": .text(experiment.architecture.parameterization.rawValue),
        "hidden_layers": .number(Double(experiment.architecture.hiddenLayers)),
        "kernels": .object(
          Dictionary(
            uniqueKeysWithValues: zip(table.labels, table.rows).map { label, row in
              let numbers = zip(table.columns, row.map { JSONValue.number($0) })
              return (label, .object(Dictionary(uniqueKeysWithValues: numbers)))
            })),
      ])
  }

  private func warning(_ name: String, _ statistics: KernelOutcome.Statistics) -> String? {
    guard let spectrum = statistics.spectrum, !spectrum.isPositiveDefinite else { return nil }
    let kernel = name == "nngp" ? "the NNGP kernel" : "the tangent kernel"
    let jitter =
      spectrum.relativeJitter.map {
        "a Cholesky factorization takes a jitter of \($0) times the mean diagonal"
      } ?? "no jitter up to 1e-6 of the mean diagonal makes a Cholesky factorization possible"
    let eigenvalues = String(
      format: "smallest eigenvalue %.3g, largest %.3g", spectrum.minimumEigenvalue,
      spectrum.maximumEigenvalue)
    return "\(kernel) on the training points is not positive definite in \(precision.rawValue)"
      + " precision: \(eigenvalues); \(jitter)"
  }

  private func text(
    _ experiment: KernelExperiment, _ outcome: KernelOutcome, _ table: ResultTable,
    elapsed: String
  ) -> String {
    let network = experiment.architecture
    let problem = experiment.problem
    let lines = tableText(
      table,
      headings: [
        "diagonal mean", "off-diagonal mean", "smallest eigenvalue", "largest eigenvalue",
        "relative jitter",
      ], formats: Array(repeating: .significant(6), count: 4) + [.significant(1)]
    ).split(separator: "\n")
    let rows = zip(["kernel", "nngp  ", "ntk   "], lines).map { "\($0)  \($1)" }
    return """
      Kernels of \(network.hiddenLayers) hidden layer\(network.hiddenLayers == 1 ? "" : "s"),\
       \(network.parameterization.rawValue) parameterization, \(precision.rawValue) precision, \(elapsed).
      \(problem.trainingCount) training and \(problem.testCount) test points in\
       \(problem.inputDimension) dimensions. On the training points:

      \(rows.joined(separator: "\n"))
      \(outcome.stableLearningRate.map(text) ?? "")
      Written: \(output)
      """
  }

  private func text(_ rate: StableLearningRate) -> String {
    let momentum = rate.momentum > 0 ? " with momentum \(ResultTable.text(rate.momentum))" : ""
    let isBound = rate.source == .rowSums
    return "\nLargest stable learning rate of gradient descent\(momentum), full batch,"
      + " \(rate.loss.rawValue) loss: \(isBound ? "at least " : "")"
      + String(format: "%.4g", rate.value) + (isBound ? " (from sums of rows)" : "") + "\n"
  }
}
