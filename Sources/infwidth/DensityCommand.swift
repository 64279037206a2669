import ArgumentParser
import Foundation
import InfiniteWidth

struct DensityCommand: DividedCommand {
  static let configuration = CommandConfiguration(
    commandName: "density",
    abstract:
      "Densities of the law of the weights (a, w) of a limit or of finite nets over training.",
    discussion: """
      Projections (--project, as often as wanted): one to three axes with commas between, each a \
      (or a[c]), w[j], norm(w), dot(w, e) or angle(w, e). A direction e is pca1, pca2, ... (principal \
      components of the centred training inputs), mean_difference (from the mean of the first class to \
      that of the second; mean_difference[i,j] of several) or file:PATH (one number for each coordinate \
      of w). By default: a; norm(w); a, dot(w, mean_difference); dot(w, pca1), dot(w, pca2).

      With several hidden layers w belongs to neurons of the first and a to those of the last; z2[p] is the \
      preactivation of hidden layer 2 at test point p, from 0, one of the run's record.probes. Axes of a projection \
      belong to one layer. By default: a; norm(w); dot(w, mean_difference); dot(w, pca1), dot(w, pca2); z2[0] and \
      z3[0]; a with the last of them.
      """)

  @Argument(
    help: ArgumentHelp(
      "A limit, written by infwidth limit, or finite nets, written by infwidth train.",
      valueName: "run.nc"))
  var runFile: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "density.nc"))
  var output: String

  @OptionGroup(title: "What") var what: DensityOptions

  @Option(help: ArgumentHelp("Draw figures into this folder.", valueName: "dir"))
  var figures: String?

  @Option(
    help: ArgumentHelp(
      """
      Finite nets beside the limit: the law of each width on the limit's grids, and its distances from \
      the limit's.
      """, valueName: "nets.nc"))
  var nets: String?

  @Option(
    help: ArgumentHelp(
      """
      Distances to the densities of another law, at the same steps and on its grids: a file written by \
      infwidth density.
      """, valueName: "density.nc"))
  var compare: String?

  @Option(
    parsing: .unconditional, help: "Seed of fresh particles; replaces limit.seed of the run.")
  var seed: UInt64?

  @Option(help: "Precision in which fresh particles move: single or double. (default: single)")
  var precision: Precision?

  @OptionGroup var results: ResultOptions

  @OptionGroup var checkpointing: CheckpointingOptions

  func validate() throws {
    try checkpointing.check(force: results.force)
    if what.particles == nil, seed != nil {
      throw ValidationError("--seed belongs to fresh particles; give --particles as well")
    }
    if what.particles == nil, precision != nil {
      throw ValidationError("--precision belongs to fresh particles; give --particles as well")
    }
  }

  private func job(_ options: RunOptions) throws -> DensityJob {
    var request = try what.request()
    request.comparedPath = compare
    request.netsPath = nets
    return try DensityJob(runFile, request: request, options: options)
  }

  func run() throws {
    if what.particles == nil {
      Processes.continueAlone("A density of stored particles", quiet: results.quiet)
    }
    let checkpoints = try checkpointing.checkpoints(
      of: output, force: results.force, quiet: results.quiet)
    if checkpoints.isFinished {
      try checkFinished(output, as: .density, of: nil)
      try job(results.runOptions(seed: seed, precision: precision ?? .single))
        .checkFinished(output)
      checkpoints.reportFinished()
      try results.writeMissing(DensityRecord.read(output).tables)
      return
    }
    let options = results.runOptions(seed: seed, precision: precision ?? .single)
      .continuing(checkpoints)
    try checkDestination(output, force: options.force)
    let job = try job(options)
    try results.checkOutputs(
      output, against: [runFile, compare, nets].compactMap(\.self), tables: job.tableNames)
    results.show(job.notes)
    let gnuplot = try figures.map { folder in
      try checkFolderDestination(folder)
      return try Gnuplot()
    }
    guard Processes.ranks.isFirst else { return try job.assist(checkpoints: checkpoints) }
    let display = ProgressDisplay(quiet: results.quiet)
    let record = try job.run(output: output, checkpoints: checkpoints, progress: display.show)
    display.finish()
    for projection in record.projections {
      if let warning = projection.gridWarning {
        printError("infwidth: warning: \(projection.title): \(warning)")
      }
    }
    try results.write(record.tables)
    var drawn: [String] = []
    if let figures {
      drawn = try drawFigures(
        try InfiniteWidth.figures(record), to: figures, force: results.force, with: gnuplot)
    }
    try printOutput(
      results.json
        ? try record.json(run: runFile).text()
        : text(record, job, elapsed: display.elapsed, drawn: drawn))
  }

  private func text(
    _ record: DensityRecord, _ job: DensityJob, elapsed: String, drawn: [String]
  ) -> String {
    let fresh = job.request.particles == nil ? "" : "fresh "
    let laws =
      (job.layerParticles.isEmpty
        ? []
        : [
          "\(job.layerParticles.map(String.init).joined(separator: " + ")) \(fresh)particles"
            + "\(job.hiddenLayers == 1 ? "" : " in \(job.hiddenLayers) hidden layers") of \(runFile)"
        ])
      + (job.nets.isEmpty
        ? [] : ["\(netsText(job.nets)) of \(nets ?? runFile)"])
    var lines = [
      "Densities of \(laws.joined(separator: " and ")) at \(job.steps.count) snapshot"
        + "\(job.steps.count == 1 ? "" : "s"), \(elapsed)."
    ]
    for projection in record.projections {
      lines += ["", projection.heading, projection.summaryText]
      if let remark = projection.outsideRemark { lines.append("\(remark).") }
    }
    lines += [
      "",
      "L1, Hellinger and KL (natural logarithm) from the density at "
        + (record.projections.allSatisfy { $0.steps[0] == job.steps[0] }
          ? "step \(job.steps[0])." : "the first snapshot."),
    ]
    if job.particles != nil, !job.nets.isEmpty {
      lines.append("Distances \"limit\" from the same step of \(runFile).")
    }
    if let compare { lines.append("Distances \"other\" from the same step of \(compare).") }
    lines.append("Written: \(output)")
    lines += drawn.filter { $0.hasSuffix(".png") }.map { "Figure: \($0)" }
    return lines.joined(separator: "\n")
  }

  /// "10 nets of each width (8, 32)".
  private func netsText(_ nets: [(width: Int, seeds: Int)]) -> String {
    let widths = nets.map { String($0.width) }.joined(separator: ", ")
    let seeds = nets[0].seeds
    return "\(seeds) net\(seeds == 1 ? "" : "s") of "
      + (nets.count == 1 ? "width \(widths)" : "each width (\(widths))")
  }
}
