import Checkpoints
import Diagnostics
import Foundation
import MessagePassing

/// What `CheckpointUnits` passes on.
extension RunCheckpoints {
  func boundary(_ unit: String, _ boundary: RunBoundary, _ exchange: (RunState) throws -> Void)
    throws
  {
    switch boundary {
    case .start:
      guard let opened, opened.head.unit == unit else { return }
      do {
        try exchange(opened.state(paths, options.ranks))
      } catch let diagnostic as Diagnostic {
        throw diagnostic.located(file: opened.path)
      }
      self.opened = nil
    case .step(let step): try saveIfDue(unit, step, exchange)
    }
  }

  /// Takes what was put under a name; answers whether it was there.
  func restore(_ name: String, _ exchange: (RunState) throws -> Void) throws -> Bool {
    let ranks = options.ranks
    guard ranks.agreed(hasInJournal(name) ? 1 : 0) == 1 else { return false }
    let archive = DividedArchive(journal?.restored, parts: nil, ranks)
    try exchange(RunState(archive).part(name))
    return true
  }

  /// The same on the first process alone, where others have nothing.
  func restorePiece(_ name: String, _ exchange: (RunState) throws -> Void) throws -> Bool {
    guard hasInJournal(name), let restored = journal?.restored else { return false }
    try exchange(RunState(restored).part(name))
    return true
  }

  private func hasInJournal(_ name: String) -> Bool {
    journal?.restored?.has("\(name)/\(JournalUnits.done)") ?? false
  }

  /// - Parameter isResult: of a unit, behind all of its pieces.
  func put(
    _ name: String, isResult: Bool = false, _ exchange: (RunState) throws -> Void
  ) throws {
    guard failure == nil, options.ranks.isFirst else { return }
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
    let isDue = options.interval.map { (.now - lastTime) / .seconds(1) >= $0 } ?? false
    // The first process has the clock; a signal may have come to any.
    let asked = options.ranks.isAlone ? [] : options.ranks.all(request << 1 | (isDue ? 1 : 0))
    let stop = (asked.map { $0 >> 1 }.max() ?? request).signal
    guard stop != nil || (asked.first.map { $0 & 1 == 1 } ?? isDue) else { return }
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

  private var request: Int { Int(options.stop.number ?? 0) }

  /// - Throws: `CheckpointFailure`, on all processes.
  func save(_ unit: String, _ step: Int, _ exchange: (RunState) throws -> Void) throws {
    let ranks = options.ranks
    var next = head
    (next.unit, next.step) = (unit, step)
    next.generation += 1
    next.parts = ranks.isAlone ? 0 : ranks.count
    next.partsMark = ranks.agreed(Int.random(in: 1 ... .max))
    if !ranks.isAlone {
      try together {
        try CheckpointFile.writePart(
          paths.part(generation: next.generation, rank: ranks.rank), mark: next.partsMark, exchange)
      }
    }
    try together {
      guard ranks.isFirst else { return }
      if let failure { throw CheckpointFailure(text: failure) }
      let journal = try openJournal()
      try journal.flush()
      next.journalMark = journal.mark
      next.journalLength = journal.length
      try CheckpointFile.write(paths, next, exchange)
      paths.removeParts(but: [head.generation, next.generation])
    }
    head = next
  }

  /// - Throws: `CheckpointFailure` where any process has one.
  private func together(_ body: () throws -> Void) throws {
    var reason: String?
    do {
      try body()
    } catch let failure as CheckpointFailure {
      reason = failure.text
    } catch let error as SystemError {
      reason = systemMessage(error.code)
    } catch let diagnostic as Diagnostic where diagnostic.kind == .outputFailure {
      if journal?.isLost == true { failure = "\(paths.journal): \(diagnostic.message)" }
      reason = failure ?? diagnostic.message
    }
    if let reason = options.ranks.firstText(reason) { throw CheckpointFailure(text: reason) }
  }
}

extension Int {
  /// The signal of a request to stop.
  fileprivate var signal: Int32? { self == 0 ? nil : Int32(self) }
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
