import Checkpoints
import Diagnostics
import Foundation

/// What ``CheckpointUnits`` passes on.
extension RunCheckpoints {
  func boundary(_ unit: String, _ boundary: RunBoundary, _ exchange: (RunState) throws -> Void)
    throws
  {
    switch boundary {
    case .start:
      guard let opened, opened.head.unit == unit else { return }
      do {
        try exchange(opened.state)
      } catch let diagnostic as Diagnostic {
        throw diagnostic.located(file: opened.path)
      }
      self.opened = nil
    case .step(let step): try saveIfDue(unit, step, exchange)
    }
  }

  /// Takes what was put under a name; answers whether it was there.
  func restore(_ name: String, _ exchange: (RunState) throws -> Void) throws -> Bool {
    guard let restored = journal?.restored, restored.has("\(name)/\(JournalUnits.done)") else {
      return false
    }
    try exchange(RunState(restored).part(name))
    return true
  }

  /// - Parameter isResult: of a unit, behind all of its pieces.
  func put(
    _ name: String, isResult: Bool = false, _ exchange: (RunState) throws -> Void
  ) throws {
    guard failure == nil else { return }
    do {
      try openJournal().append {
        let state = $0.part(name)
        try exchange(state)
        var mark = JournalUnits.mark(isResult: isResult)
        try state.exchange(JournalUnits.done, &mark)
      }
    } catch let error as SystemError {
      fail(systemMessage(error.code))
    } catch let diagnostic as Diagnostic where diagnostic.kind == .outputFailure {
      fail(diagnostic.message)
    }
  }

  private func openJournal() throws -> CheckpointJournal {
    let open = try journal ?? CheckpointJournal(creating: paths.journal)
    journal = open
    return open
  }

  /// There can be no more checkpoints. It is said where one is due: a short run needs none.
  private func fail(_ reason: String) {
    failure = "\(paths.journal) cannot be written: \(reason)"
  }

  func complete(_ name: String, _ exchange: (RunState) throws -> Void) throws {
    try put(name, isResult: true, exchange)
    try saveIfDue("", 0, { _ in })
  }

  private func saveIfDue(_ unit: String, _ step: Int, _ exchange: (RunState) throws -> Void) throws
  {
    let stop = options.stop.number
    let isDue = options.interval.map { (.now - lastTime) / .seconds(1) >= $0 } ?? false
    guard stop != nil || isDue else { return }
    do {
      try save(unit, step, exchange)
    } catch let reason as CheckpointFailure {
      if let stop {
        throw Diagnostic(
          .outputFailure,
          "stopped by \(signalName(stop)), but the checkpoint cannot be written: \(reason.text)"
            + (paths.hasCheckpoint ? "; --resume continues from an earlier one" : ""), file: output)
      }
      // The same reason is told once.
      if lastWarning != reason.text {
        options.report("warning: the checkpoint cannot be written: \(reason.text)")
      }
      lastWarning = reason.text
    }
    lastTime = .now
    guard let stop else { return }
    throw Diagnostic(
      .stoppedBySignal,
      "stopped by \(signalName(stop)) with a checkpoint written; the same command with --resume continues"
        + " the run", file: output)
  }

  func save(_ unit: String, _ step: Int, _ exchange: (RunState) throws -> Void) throws {
    if let failure { throw CheckpointFailure(text: failure) }
    do {
      let journal = try openJournal()
      try journal.flush()
      head.unit = unit
      head.step = step
      head.journalMark = journal.mark
      head.journalLength = journal.length
      try CheckpointFile.write(paths, head, exchange)
    } catch let error as SystemError {
      throw CheckpointFailure(text: systemMessage(error.code))
    } catch let diagnostic as Diagnostic where diagnostic.kind == .outputFailure {
      if journal?.isLost == true { failure = "\(paths.journal): \(diagnostic.message)" }
      throw CheckpointFailure(text: failure ?? diagnostic.message)
    }
  }
}

/// Why a checkpoint was not written.
struct CheckpointFailure: Error {
  let text: String
}

private func signalName(_ number: Int32) -> String {
  switch number {
  case SIGINT: "SIGINT"
  case SIGTERM: "SIGTERM"
  case SIGHUP: "SIGHUP"
  default: "signal \(number)"
  }
}
