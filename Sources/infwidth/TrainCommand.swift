import ArgumentParser
import InfiniteWidth

struct TrainCommand: DividedCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train finite nets: all widths and seeds of the experiment.")

  @Argument(help: ArgumentHelp("The experiment.", valueName: "config.yaml"))
  var config: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "nets.nc"))
  var output: String

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Widths to train (of deep networks, of the first hidden layer); replace finite.widths.",
      valueName: "d"))
  var width: [Int] = []

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if let bad = width.first(where: { $0 < 1 }) {
      throw ValidationError("--width: received \(bad); accepted: 1 or more")
    }
    if Set(width).count != width.count {
      throw ValidationError("--width: a width is given twice; accepted: different widths")
    }
  }

  func run() throws {
    let checkpoints = try common.running.checkpoints(of: output)
    if checkpoints.isFinished {
      let loaded = try common.load(config)
      try checkFinished(output, as: .nets, of: loaded, seed: common.running.seed)
      let job = try NetworksJob(
        Experiment(loaded, takesDeepNetworks: true, takesDeepScalings: true),
        options: common.running.runOptions, widths: width)
      try job.checkFinished(output)
      checkpoints.reportFinished()
      try common.results.writeMissing(tables(of: NetsRecord.read(output), job))
      return
    }
    let options = common.running.runOptions(checkpoints)
    try checkDestination(output, force: options.force)
    let loaded = try common.load(config)
    try common.results.checkOutputs(
      output, against: loaded.inputPaths,
      tables: ["networks"] + (loaded.configuration.deepScalingName == nil ? [] : ["layers"]))
    let experiment = try Experiment(loaded, takesDeepNetworks: true, takesDeepScalings: true)
    let job = try NetworksJob(experiment, options: options, widths: width)
    if let reason = experiment.reasonWithoutLimit {
      let isZero = experiment.limitName == "zero"
      printError("infwidth: warning: \(isZero ? "" : "these networks have no limit: ")\(reason)")
    }
    common.results.show(job.notes)
    let display = ProgressDisplay(quiet: common.results.quiet)
    var summary = NetworksSummary()
    var layers = LayersSummary(experiment, options: options)
    try job.run(output: output, checkpoints: checkpoints, progress: display.show) {
      summary.add(width: $0, $1)
      layers.add(width: $0, $1)
    }
    let traffic = Processes.traffic()
    display.finish()
    let diverged = summary.table.rows.reduce(0) { $0 + $1.last! }
    if diverged > 0 {
      printError(
        "infwidth: warning: \(Int(diverged)) of \(job.seeds * job.widths.count) networks diverged;"
          + " the file says at which step")
    }
    var json: [String: JSONValue] = [
      "output": .text(output), "seeds": .number(Double(job.seeds)),
      "networks": JSONValue(summary.table), "received_bytes": traffic?.json ?? .null,
    ]
    if !layers.isEmpty { json["layers"] = layers.json }
    try common.results.report(
      [summary.table] + (layers.isEmpty ? [] : [layers.table()]),
      text: text(job, summary.table, layers, display.elapsed, traffic), json: json)
  }

  private func tables(of record: NetsRecord, _ job: NetworksJob) -> [ResultTable] {
    let layers = LayersSummary(of: record, job.experiment, options: job.options)
    return [NetworksSummary(of: record).table] + (layers.isEmpty ? [] : [layers.table()])
  }

  private func text(
    _ job: NetworksJob, _ table: ResultTable, _ layers: LayersSummary, _ elapsed: String,
    _ traffic: Processes.Traffic?
  ) -> String {
    let scaling = job.experiment.scaling
    let corrected = job.experiment.regime.isInitializationCorrected ? " (IC-MF)" : ""
    let kind =
      job.experiment.deep.map {
        "\($0.hiddenLayers) hidden layer\($0.hiddenLayers == 1 ? "" : "s") in the"
          + " \($0.parameterization.rawValue) parameterization, the width is that of the first"
      } ?? job.experiment.deepScaling.map {
        "\($0.hiddenLayers) hidden layers in the \($0.name.rawValue) scaling"
      } ?? "q_sigma \(scaling.qSigma), q_a \(scaling.qA), q_w \(scaling.qW)\(corrected)"
    return """
      Finite networks: \(job.seeds) seed\(job.seeds == 1 ? "" : "s") at each width, \(kind),\
       \(job.options.precision.rawValue) precision, \(elapsed).\(traffic.map { "\n\($0.text)" } ?? "")
      After the last step, means over seeds:

      \(tableText(
        table,
        headings: [
          "width", "train loss", "test loss", "std of test loss", "train accuracy",
          "test accuracy", "diverged",
        ],
        formats: [
          .whole, .decimals(5), .decimals(5), .significant(2), .percent, .percent, .whole,
        ]))
      \(layers.isEmpty ? "" : "\n\(layers.text)\n")
      Written: \(output)
      """
  }
}
