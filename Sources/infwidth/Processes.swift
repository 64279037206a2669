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

  /// Refuses processors on which the same operations have other bits: processes would no longer agree.
  ///
  /// - Throws: `Diagnostic(.badInput)`.
  static func checkKinds() throws {
    let mine = OpenBLAS.coreName
    let first = ranks.agreed(mine)
    if let other = ranks.firstText(mine == first ? nil : mine) {
      throw Diagnostic(
        .badInput,
        "the processes run on processors of different kinds, \(first) and \(other); accepted: processors of one"
          + " kind, or OPENBLAS_CORETYPE=\(first) for all where they can do as much")
    }
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
