import ArgumentParser
import Foundation
import InfiniteWidth

extension Precision: ExpressibleByArgument {}

/// Options of the commands that compute and write a file: on what, and what becomes of the results.
struct ResultOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "Threads; results do not depend on it. (default: one for every processor)")
  var threads: Int?

  @Flag(help: "No progress on the standard error.")
  var quiet = false

  @Flag(help: "Replace existing output files.")
  var force = false

  @Flag(help: "Results on the standard output as JSON.")
  var json = false

  @Option(help: ArgumentHelp("Write each table as a CSV file as well.", valueName: "dir"))
  var csv: String?

  func validate() throws {
    if let threads, threads < 1 || threads > 1024 {
      throw ValidationError("--threads: received \(threads); accepted: 1 to 1024")
    }
  }

  func runOptions(seed: UInt64? = nil, precision: Precision) -> RunOptions {
    RunOptions(
      seed: seed, workers: Workers(count: threads, ranks: Processes.ranks), precision: precision,
      force: force, commandLine: CommandLine.arguments.joined(separator: " "))
  }

  /// Refuses, before a long run, outputs that would replace its inputs or that cannot be written.
  func checkOutputs(_ output: String, against inputs: [String], tables: [String]) throws {
    for input in inputs where isSameFile(output, input) {
      throw Diagnostic(
        .outputFailure, "this is an input of the run; choose another name", file: output)
    }
    guard let csv else { return }
    for table in tables {
      try ResultTable.checkDestination(name: table, folder: csv, force: force)
    }
  }

  /// Writes those tables of a finished run that are not there: it may have been ended between its file and
  /// them.
  func writeMissing(_ tables: @autoclosure () throws -> [ResultTable]) throws {
    guard let csv, Processes.isSpeaking else { return }
    for table in try tables() where try table.writeWhereMissing(toFolder: csv) {
      show(["\(csv)/\(table.name).csv was missing and is written"])
    }
  }

  /// Remarks, such as on settings that the run does not use.
  func show(_ notes: [String]) {
    if quiet { return }
    for note in notes { printError("infwidth: note: \(note)") }
  }

  /// Warnings on the standard error, `--quiet` or not.
  func warn(_ warnings: [String]) {
    for warning in warnings { printError("infwidth: warning: \(warning)") }
  }

  /// Writes the tables as CSV files where asked.
  func write(_ tables: [ResultTable]) throws {
    guard let csv, Processes.isSpeaking else { return }
    for table in tables { try table.write(toFolder: csv, force: force) }
  }

  /// Prints the text, or one JSON object, after the tables are written.
  func report(_ tables: [ResultTable], text: String, json: [String: JSONValue]) throws {
    try write(tables)
    try printOutput(self.json ? try JSONValue.object(json).text() : text)
  }
}

/// Whether two paths name one file.
private func isSameFile(_ a: String, _ b: String) -> Bool {
  func identity(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }
  return identity(a) == identity(b)
}
