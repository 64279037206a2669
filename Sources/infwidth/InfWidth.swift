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
      Exit status:
        0   done (a run that diverges numerically is done, with a warning)
        64  bad command line
        65  bad data or configuration
        66  input missing or unreadable
        70  internal error
        74  output could not be written
        75  stopped by a signal, with a checkpoint from which --resume continues
      """,
    version: ProgramIdentity.source,
    subcommands: [
      LimitCommand.self, TrainCommand.self, CompareCommand.self, DensityCommand.self,
      KernelCommand.self, PredictCommand.self, StudyCommand.self, RegimeCommand.self,
      PlotCommand.self,
      ReportCommand.self,
    ])

  static func main() {
    openStandardStreams()
    Interruption.handle()
    // A reader of the output that has gone away, such as `head`, must not end a run whose file is not
    // written yet; and a file that grows beyond its limit is an error of the write, not the end.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    Processes.begin()
    do {
      var command = try parseAsRoot()
      try Processes.checkStart()
      if !(command is any DividedCommand) { continueAlone(command) }
      try command.run()
      MPI.end()
    } catch let diagnostic as Diagnostic {
      // A stop that was asked for is no error.
      let kind = diagnostic.kind == .stoppedBySignal ? "" : "error: "
      fail("infwidth: \(kind)\(diagnostic)", status: diagnostic.kind.exitStatus)
    } catch  where exitCode(for: error) == .validationFailure {
      // The parser's own form has several lines.
      fail(
        "infwidth: error: \(message(for: error))", status: ExitCode.validationFailure.rawValue)
    } catch {
      // Help and the like.
      guard Processes.isSpeaking else { Processes.end(status: exitCode(for: error).rawValue) }
      MPI.end()
      exit(withError: error)
    }
  }

  /// Ends all processes; one of them says why.
  private static func fail(_ text: String, status: Int32) -> Never {
    MPI.abort(status: status) {
      clearBar()
      writeError(text + "\n")
    }
  }

  private static func continueAlone(_ command: any ParsableCommand) {
    let name = type(of: command).configuration.commandName ?? "\(type(of: command))"
    Processes.continueAlone(
      "infwidth \(name)", quiet: CommandLine.arguments.contains("--quiet"))
  }
}

/// A command that divides its work among processes, or decides by itself when one has to do it alone.
protocol DividedCommand: ParsableCommand {}

/// Streams that the program was started without: else the next file opened would take their numbers,
/// and messages would be written into it.
private func openStandardStreams() {
  var descriptor: Int32
  repeat {
    // Not writable: results that nobody gets stay an error.
    descriptor = open("/dev/null", O_RDONLY)
  } while (0...STDERR_FILENO).contains(descriptor)
  if descriptor > STDERR_FILENO { close(descriptor) }
}

/// Writes results to the standard output, on the first of several processes.
///
/// A reader that has gone away (`infwidth ... | head`) has what it wanted: the program ends as if by
/// SIGPIPE, without a word. Call this only when all files are written.
///
/// - Throws: `Diagnostic` of kind `outputFailure` where they cannot be written, on a full disk or a
///   closed output: results that nobody got are not a success.
func printOutput(_ text: String) throws {
  guard Processes.isSpeaking else { return }
  let code = write(text + "\n", to: STDOUT_FILENO)
  if code == EPIPE {
    signal(SIGPIPE, SIG_DFL)
    raise(SIGPIPE)
  }
  guard code == 0 else {
    throw Diagnostic(
      .outputFailure,
      "the results cannot be written to the standard output: \(String(cString: strerror(code)))")
  }
}

/// Writes a line to the standard error, on the first of several processes; where that is closed or full, nobody can be
/// told.
func printError(_ line: String) {
  if Processes.isSpeaking { writeError(line + "\n") }
}

/// Clears a bar that a message would follow on its line.
func clearBar() { if isatty(STDERR_FILENO) == 1 { writeError("\r\u{1B}[K") } }

/// Writes to the standard error as it is.
func writeError(_ text: String) { _ = write(text, to: STDERR_FILENO) }

/// Writes all of a text and returns 0, or the error number.
private func write(_ text: String, to descriptor: Int32) -> Int32 {
  var rest = Array(text.utf8)[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress!, $0.count) }
    if count >= 0 {
      rest = rest.dropFirst(count)
    } else if errno == EAGAIN {
      // A standard output that another program has made non-blocking.
      var target = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      poll(&target, 1, -1)
    } else if errno != EINTR {
      return errno
    }
  }
  return 0
}
