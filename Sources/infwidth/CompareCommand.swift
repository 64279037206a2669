import ArgumentParser
import InfiniteWidth

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Measure how finite nets approach their limit: gaps, distances, fitted exponents.",
    discussion: """
      Runs the limit and trains all widths and seeds of the experiment, or reads both from files, and \
      fits the exponents of the gaps in the width. With several scalings it says which limit describes \
      the net of width reference_width best at which step. Of two and three hidden layers in the \
      mean_field scaling there is one.
      """)

  @Argument(help: ArgumentHelp("The experiment.", valueName: "config.yaml"))
  var config: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "cmp.nc"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "A limit of the same experiment, in the place of solving it.", valueName: "run.nc"))
  var limit: String?

  @Option(
    help: ArgumentHelp(
      """
      Finite nets of the same experiment, in the place of training. Laws of weights are compared at the \
      snapshots that the file has (of several hidden layers none); there is no coupling.
      """, valueName: "nets.nc"))
  var nets: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Recorded training step at which exponents are fitted. (default: the last)", valueName: "k"))
  var rateStep: Int?

  // Negative numbers begin like options: take what follows as it is.
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      Replaces the scaling of the configuration; several, each with an option of its own, are compared \
      with each other: \(ScalingSection.acceptedText).
      """, valueName: "name|x,y"))
  var scaling: [String] = []

  @Option(
    help: ArgumentHelp(
      "Draw figures into this folder, as infwidth plot draws them of the file.", valueName: "dir"))
  var figures: String?

  @OptionGroup var common: RunningOptions

  func validate() throws {
    for text in scaling { try checkScaling(text) }
    if Set(scaling).count != scaling.count {
      throw ValidationError("--scaling: a scaling is given twice; accepted: different scalings")
    }
    if scaling.count > 1, let option = limit != nil ? "--limit" : nets != nil ? "--nets" : nil {
      throw ValidationError(
        "\(option) belongs to one scaling; with several, none are read from files")
    }
  }

  func run() throws {
    let checkpoints = try common.checkpoints(of: output)
    if checkpoints.isFinished {
      let configurations = try loadedConfigurations()
      try checkFinished(output, as: .comparison, of: configurations[0], seed: common.seed)
      try job(configurations, common.runOptions).checkFinished(output)
      checkpoints.reportFinished()
      try common.results.writeMissing(ComparisonRecord.read(output).tables)
      return
    }
    let options = common.runOptions(checkpoints)
    try checkDestination(output, force: options.force)
    let configurations = try loadedConfigurations()
    try common.results.checkOutputs(
      output, against: configurations[0].inputPaths + [limit, nets].compactMap(\.self),
      tables: tableNames)
    let job = try job(configurations, options)
    common.results.show(job.notes)
    let gnuplot = try figures.map { folder in
      try checkComparisonFigures(scalings: scaling, folder: folder, force: common.results.force)
      return try Gnuplot()
    }
    let display = ProgressDisplay(quiet: common.results.quiet)
    let record = try job.run(
      output: output, checkpoints: checkpoints, progress: display.show)
    display.finish()
    for scaling in record.scalings {
      for note in scaling.notes where !common.results.quiet {
        printError("infwidth: note: \(scaling.name): \(note)")
      }
    }
    var drawn: [String] = []
    if let figures {
      drawn = try drawFigures(
        InfiniteWidth.figures(record), to: figures, force: common.results.force, with: gnuplot)
    }
    let lines = drawn.filter { $0.hasSuffix(".png") }.map { "Figure: \($0)" }
    try common.results.report(
      record.tables,
      text: ([record.text(output: output, elapsed: display.elapsed)] + lines)
        .joined(separator: "\n"), json: record.json(output: output))
  }

  private func job(
    _ configurations: [LoadedConfiguration], _ options: RunOptions
  ) throws -> ComparisonJob {
    try ComparisonJob(
      configurations.map { try Experiment($0, takesDeepNetworks: true, takesDeepScalings: true) },
      request: ComparisonRequest(limitPath: limit, netsPath: nets, rateStep: rateStep),
      options: options)
  }

  /// One a scaling.
  private func loadedConfigurations() throws -> [LoadedConfiguration] {
    let loaded = try common.load(config)
    if scaling.isEmpty { return [loaded] }
    return scaling.map { text in
      var copy = loaded
      copy.replaceScaling(ScalingSection(text: text)!, option: "--scaling")
      return copy
    }
  }

  private var tableNames: [String] {
    scaling.count > 1
      ? scaling.map { "comparison_\(ScalingComparison.identifier(of: $0))" } + ["reference"]
      : ["comparison"]
  }
}
