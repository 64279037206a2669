import ArgumentParser
import Foundation
import InfiniteWidth

extension Precision: ExpressibleByArgument {}

/// Options of the commands that run an experiment.
struct RunningOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Keys of the configuration's section scales.NAME replace the others, such as a quick scale's.",
      valueName: "name"))
  var scale: String?

  @Option(
    parsing: .unconditional,
    help: "Seed of every random stream; replaces limit.seed of the configuration.")
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: "Threads; results do not depend on it. (default: one for every processor)")
  var threads: Int?

  @Option(help: "Precision of the particles: single or double.")
  var precision: Precision = .single

  @Flag(help: "No progress on the standard error.")
  var quiet = false

  @Flag(help: "Replace an existing output file.")
  var force = false

  @OptionGroup var checkpointing: CheckpointingOptions

  @Flag(help: "Results on the standard output as JSON.")
  var json = false

  @Option(help: ArgumentHelp("Write each table as a CSV file as well.", valueName: "dir"))
  var csv: String?

  func validate() throws {
    try checkpointing.check(force: force)
    if let threads, threads < 1 || threads > 1024 {
      throw ValidationError("--threads: received \(threads); accepted: 1 to 1024")
    }
  }

  var runOptions: RunOptions {
    RunOptions(
      seed: seed, workers: threads.map { Workers(count: $0) } ?? Workers(), precision: precision,
      force: force, commandLine: CommandLine.arguments.joined(separator: " "))
  }

  /// The checkpoints of an output, found or refused before anything else is done.
  func checkpoints(of output: String) throws -> RunCheckpoints {
    try checkpointing.checkpoints(of: output, force: force, quiet: quiet)
  }

  /// As ``runOptions``, for a run with checkpoints.
  func runOptions(_ checkpoints: RunCheckpoints) -> RunOptions {
    runOptions.continuing(checkpoints)
  }

  /// Refuses, before a long run, outputs that would replace its inputs or that cannot be written.
  func checkOutputs(
    _ output: String, against loaded: LoadedConfiguration, and inputs: [String] = [],
    tables: [String]
  ) throws {
    try infwidth.checkOutputs(
      output, against: loaded.inputPaths + inputs, tables: tables, folder: csv, force: force)
  }

  /// Writes those tables of a finished run that are not there: it may have been ended between its file and
  /// them.
  func writeMissing(_ tables: @autoclosure () throws -> [ResultTable]) throws {
    guard let csv else { return }
    try infwidth.writeMissing(tables(), toFolder: csv, quiet: quiet)
  }

  /// Remarks on settings that the run does not use.
  func show(_ notes: [String]) {
    if quiet { return }
    for note in notes { printError("infwidth: note: \(note)") }
  }

  /// Prints the tables, or one JSON object, and writes CSV files where asked.
  func report(_ tables: [ResultTable], text: String, json: [String: JSONValue]) throws {
    if let csv { for table in tables { try table.write(toFolder: csv, force: force) } }
    try printOutput(self.json ? try JSONValue.object(json).text() : text)
  }
}

func writeMissing(_ tables: [ResultTable], toFolder folder: String, quiet: Bool) throws {
  for table in tables where try table.writeWhereMissing(toFolder: folder) {
    if quiet { continue }
    printError("infwidth: note: \(folder)/\(table.name).csv was missing and is written")
  }
}

/// Refuses, before a long run, outputs that would replace its inputs or that cannot be written.
///
/// - Parameter folder: of tables as CSV files; `nil` for none.
func checkOutputs(
  _ output: String, against inputs: [String], tables: [String], folder: String?, force: Bool
) throws {
  for input in inputs where isSameFile(output, input) {
    throw Diagnostic(
      .outputFailure, "this is an input of the run; choose another name", file: output)
  }
  if let folder {
    for table in tables {
      try ResultTable.checkDestination(name: table, folder: folder, force: force)
    }
  }
}

/// Whether two paths name one file.
func isSameFile(_ a: String, _ b: String) -> Bool {
  func identity(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }
  return identity(a) == identity(b)
}

/// - Throws: `ValidationError` where a value of `--scaling` is none.
func checkScaling(_ scaling: String) throws {
  guard ScalingSection(text: scaling) == nil else { return }
  let received = scaling.isEmpty ? "an empty text" : scaling
  let nearest =
    nearestName(to: scaling, among: ScalingName.allCases.map(\.rawValue))
    .map { ", did you mean \($0)?" } ?? ";"
  throw ValidationError(
    "--scaling: received \(received)\(nearest) accepted: \(ScalingSection.acceptedText)")
}
