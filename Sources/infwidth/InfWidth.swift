import ArgumentParser
import Foundation
import InfiniteWidth

/// The program: one subcommand a file. Errors that the library describes end the program with their
/// own exit status; the argument parser's with 64.
@main
struct InfWidth: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "infwidth",
    abstract: "Infinite-width limits of neural networks, computed directly.",
    discussion: """
      Exit status: 0 done (a run that diverges numerically is done, with a warning); 64 bad command
      line; 65 bad data or configuration; 66 input missing or unreadable; 70 internal error; 74
      output could not be written.
      """,
    version: Program.source,
    subcommands: [
      LimitCommand.self, TrainCommand.self, CompareCommand.self, DensityCommand.self,
      RegimeCommand.self, PlotCommand.self, ReportCommand.self,
    ])

  static func main() {
    Interruption.clean()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let diagnostic as Diagnostic {
      printError("infwidth: error: \(diagnostic)")
      Foundation.exit(diagnostic.kind.exitStatus)
    } catch  where exitCode(for: error) == .validationFailure {
      // The parser's own form has several lines.
      printError("infwidth: error: \(message(for: error))")
      Foundation.exit(ExitCode.validationFailure.rawValue)
    } catch {
      exit(withError: error)
    }
  }
}

/// Writes results to the standard output.
///
/// - Throws: `Diagnostic` of kind `outputFailure` where they cannot be written, on a full disk or a
///   closed output: results that nobody got are not a success.
func printOutput(_ text: String) throws {
  do {
    try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
  } catch {
    throw Diagnostic(.outputFailure, "the results cannot be written to the standard output")
  }
}

/// Writes a line to the standard error.
func printError(_ line: String) {
  FileHandle.standardError.write(Data((line + "\n").utf8))
}
