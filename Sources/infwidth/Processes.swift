import Foundation
import InfiniteWidth

/// The processes that `mpirun` started together, where it did: the first one writes files and speaks to people.
enum Processes {
  /// Those that share the work of the command.
  nonisolated(unsafe) private(set) static var ranks = Ranks.alone
  /// Of this process among all that were started.
  nonisolated(unsafe) private static var isFirstOfAll = true

  /// Whether this process speaks.
  static var isSpeaking: Bool { isFirstOfAll }

  /// Joins the others, before anything else is done.
  static func begin() {
    if !MPI.isBuilt, let launch = MPI.launch(), launch.count > 1 {
      if launch.rank == 0 {
        printError(
          "infwidth: error: started as one of \(launch.count) processes, but built without MPI; accepted: one"
            + " process, or a program built with swift build --traits MPI")
      }
      Foundation.exit(Diagnostic.Kind.commandLine.exitStatus)
    }
    ranks = MPI.begin()
    isFirstOfAll = ranks.isFirst
  }

  /// Refuses processes that were started with different arguments, and processors on which the same operations have other
  /// bits: processes would no longer agree.
  ///
  /// - Throws: `Diagnostic` of kind `commandLine`, `badInput`.
  static func checkStart() throws {
    if let (first, other) = difference(CommandLine.arguments.dropFirst().joined(separator: " ")) {
      throw Diagnostic(
        .commandLine,
        "the processes were started with different arguments, \(first) and \(other); accepted: the same for all"
      )
    }
    if let (first, other) = difference(OpenBLAS.coreName) {
      throw Diagnostic(
        .badInput,
        "the processes run on processors of different kinds, \(first) and \(other); accepted: processors of one"
          + " kind, or OPENBLAS_CORETYPE=\(first) for all where they can do as much")
    }
  }

  /// Refuses a configuration that several processes cannot read, each for itself.
  ///
  /// - Throws: `Diagnostic(.badInput)`.
  static func checkReadable(_ path: String) throws {
    var status = stat()
    guard !ranks.isAlone, stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG else {
      return
    }
    throw Diagnostic(
      .badInput,
      "received no regular file; accepted with several processes: a file that each of them reads",
      file: path)
  }

  /// Refuses a file that has another text where another process reads it.
  ///
  /// - Throws: `Diagnostic(.badInput)`.
  static func checkSame(_ text: String, of path: String) throws {
    guard difference(text) != nil else { return }
    throw Diagnostic(
      .badInput, "the processes read different texts; accepted: the same file on every machine",
      file: path)
  }

  /// The text of the first process, and another one's that is not the same.
  private static func difference(_ mine: String) -> (first: String, other: String)? {
    let first = ranks.agreed(mine)
    return ranks.firstText(mine == first ? nil : mine).map { (first, $0) }
  }

  /// Goes on with the first process alone, as the work cannot be divided; the others wait for its end and exit.
  ///
  /// - Parameter what: cannot be, as the beginning of a sentence.
  static func continueAlone(_ what: String, quiet: Bool) {
    if ranks.isAlone { return }
    guard ranks.isFirst else { end() }
    if !quiet {
      printError(
        "infwidth: note: \(what) is not divided among processes: the first of \(ranks.count) does it all"
      )
    }
    ranks = .alone
  }

  /// How much every process has received from the others; `nil` without others. All processes ask.
  static func traffic() -> Traffic? {
    ranks.isAlone ? nil : Traffic(received: ranks.all(ranks.receivedBytes))
  }

  /// Bytes that each process has received.
  struct Traffic {
    let received: [Int]

    /// For people.
    var text: String {
      let most = String(format: "%.3g MB", Double(received.max()!) / 1e6)
      return "Divided among \(received.count) processes: each received \(most) from others at most."
    }

    var json: JSONValue { .array(received.map { .number(Double($0)) }) }
  }

  /// Waits for all, and ends this process.
  static func end(status: Int32 = 0) -> Never {
    MPI.end()
    Foundation.exit(status)
  }
}
