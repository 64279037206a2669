import ArgumentParser
import Foundation
import InfiniteWidth

struct DensityCommand: ParsableCommand {
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

  @Option(
    parsing: .unconditional,
    help: "Threads; results do not depend on it. (default: one for every processor)")
  var threads: Int?

  @Option(help: "Precision in which fresh particles move: single or double. (default: single)")
  var precision: Precision?

  @Flag(help: "No progress on the standard error.")
  var quiet = false

  @Flag(help: "Replace existing output files.")
  var force = false

  @OptionGroup var checkpointing: CheckpointingOptions

  @Flag(help: "Results on the standard output as JSON.")
  var json = false

  @Option(help: ArgumentHelp("Write each density as a CSV file as well.", valueName: "dir"))
  var csv: String?

  func validate() throws {
    try checkpointing.check(force: force)
    if let threads, threads < 1 || threads > 1024 {
      throw ValidationError("--threads: received \(threads); accepted: 1 to 1024")
    }
    if what.particles == nil, seed != nil {
      throw ValidationError("--seed belongs to fresh particles; give --particles as well")
    }
    if what.particles == nil, precision != nil {
      throw ValidationError("--precision belongs to fresh particles; give --particles as well")
    }
  }

  func run() throws {
    var request = try what.request()
    let checkpoints = try checkpointing.checkpoints(of: output, force: force, quiet: quiet)
    if checkpoints.isFinished {
      try checkFinished(output, as: .density, of: nil)
      if let csv {
        try writeMissing(DensityRecord.read(output).tables, toFolder: csv, quiet: quiet)
      }
      return
    }
    let options = RunOptions(
      seed: seed, workers: threads.map { Workers(count: $0) } ?? Workers(),
      precision: precision ?? .single, force: force,
      commandLine: CommandLine.arguments.joined(separator: " ")
    ).continuing(checkpoints)
    try checkDestination(output, force: options.force)
    request.comparedPath = compare
    request.netsPath = nets
    for input in [runFile, compare, nets].compactMap(\.self) where isSameFile(output, input) {
      throw Diagnostic(
        .outputFailure, "this is an input of the command; choose another name", file: output)
    }
    let job = try DensityJob(runFile, request: request, options: options)
    if !quiet { for note in job.notes { printError("infwidth: note: \(note)") } }
    let gnuplot = try figures.map { folder in
      try checkFolderDestination(folder)
      return try Gnuplot()
    }
    if let csv {
      for name in job.tableNames {
        try ResultTable.checkDestination(name: name, folder: csv, force: force)
      }
    }
    let display = ProgressDisplay(quiet: quiet)
    let record = try job.run(output: output, checkpoints: checkpoints, progress: display.show)
    display.finish()
    for projection in record.projections {
      if let warning = projection.gridWarning {
        printError("infwidth: warning: \(projection.title): \(warning)")
      }
    }
    let tables = record.tables
    if let csv { for table in tables { try table.write(toFolder: csv, force: force) } }
    var drawn: [String] = []
    if let figures {
      drawn = try drawFigures(
        try InfiniteWidth.figures(record), to: figures, force: force, with: gnuplot)
    }
    try printOutput(
      json
        ? try record.json(run: runFile).text()
        : text(record, job, elapsed: display.elapsed, drawn: drawn))
  }

  private func text(
    _ record: DensityRecord, _ job: DensityJob, elapsed: String, drawn: [String]
  ) -> String {
    let fresh = job.request.particles == nil ? "" : "fresh "
    let laws =
      (job.particles.map { ["\($0) \(fresh)particles of \(runFile)"] } ?? [])
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
      "", "L1, Hellinger and KL (natural logarithm) from the density at step \(job.steps[0]).",
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
