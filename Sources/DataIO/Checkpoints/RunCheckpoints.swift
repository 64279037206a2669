import Checkpoints
import Diagnostics
import Foundation

/// The checkpoints of one run, beside its output: `OUTPUT.checkpoint`, the one before it
/// (`.checkpoint.previous`) and what both have in common (`.checkpoint.journal`).
///
/// A job uses them in this way:
///
///     let checkpoints = try RunCheckpoints(output: path, options)     // finds what is there, or refuses it
///     if checkpoints.isFinished { return }
///     try checkpoints.begin(settings: ..., history: ...)              // refuses a checkpoint of another run
///     let units = CheckpointUnits(checkpoints)
///     for unit in ... {                                               // in an order that is always the same
///       if try units.restore(unit, { try result.exchange($0) }) { ...; continue }
///       result = solver.run(..., atBoundary: units.boundary(unit))    // takes its state, and puts it
///       try units.complete(unit) { try result.exchange($0) }
///     }
///     ... write the output ...
///     checkpoints.finish()                                            // removes the files
///
/// All that a run has finished is taken from the journal, and the unit that was interrupted goes on from
/// its state; what is in between (kernels, bases, sums over units) is computed again. `boundary` and
/// `complete` throw `Diagnostic(.stoppedBySignal)` after a checkpoint at a request to stop.
public final class RunCheckpoints {
  /// The output, as the user named it.
  public let output: String
  private let paths: CheckpointPaths
  private let options: CheckpointOptions
  private var head = CheckpointHead()
  private var opened: CheckpointFile.Opened?
  private var journal: CheckpointJournal?
  /// Why there can be no more checkpoints.
  private var failure: String?
  private var hasBegun = false
  private var lastTime = ContinuousClock.now

  /// Whether the output is there and nothing is to be done.
  public private(set) var isFinished = false

  /// Finds an interrupted run, where one is to be continued.
  ///
  /// - Throws: `Diagnostic` of kind `outputFailure` where there is one that is neither to be continued nor
  ///   to be replaced, of kind `badInput` where it cannot be continued.
  public init(output: String, _ options: CheckpointOptions) throws {
    self.output = output
    self.options = options
    paths = CheckpointPaths(output: output)
    guard options.resumes else {
      if !options.force { try refuseInterrupted() }
      return
    }
    opened = try latest()
    let hasOutput = fileType(output) != nil
    if let opened {
      // The program ended between moving the output into place and removing this.
      isFinished = hasOutput && !opened.head.replacesOutput && !options.force
      if isFinished { paths.removeAll() }
    } else {
      isFinished = hasOutput && !options.force
    }
    if isFinished {
      opened = nil
      journal = nil
      options.report("\(output) is finished, nothing is left to do")
    } else if let opened {
      let unit = opened.head.unit.isEmpty ? "" : ", \(opened.head.unit), step \(opened.head.step)"
      options.report("continuing from \(opened.path)\(unit)")
    } else {
      options.report("there is no checkpoint of \(output), starting from the beginning")
    }
  }

  /// Whether a run continues that may replace a finished file.
  public var replacesOutput: Bool { opened?.head.replacesOutput ?? options.force }

  /// When and how the run was started, where it is continued.
  public var history: String? { opened?.head.history }

  private func refuseInterrupted() throws {
    guard paths.hasCheckpoint else { return }
    throw Diagnostic(
      .outputFailure,
      "an interrupted run has left a checkpoint of this file; give --resume to continue it, or --force to"
        + " start anew", file: output)
  }

  /// The latest checkpoint that is whole, with its journal.
  private func latest() throws -> CheckpointFile.Opened? {
    var reasons: [String] = []
    for path in paths.generations {
      do {
        guard let opened = try CheckpointFile.open(path) else { continue }
        if opened.head.journalMark != 0 {
          journal = try CheckpointJournal(opening: paths.journal, for: opened.head)
        }
        for reason in reasons {
          options.report("warning: \(reason); going on from the one before")
        }
        return opened
      } catch let damage as Damage {
        reasons.append("the checkpoint \(path) cannot be used: \(damage.reason)")
      } catch let error as SystemError {
        throw failure(error)
      }
    }
    guard !reasons.isEmpty else { return nil }
    throw Diagnostic(
      .badInput,
      reasons.joined(separator: "; ")
        + "; accepted: a checkpoint that is whole, or --force without --resume to start anew",
      file: output)
  }

  /// Begins the run, or continues it.
  ///
  /// - Parameters:
  ///   - settings: all that results depend on, in the order in which differences are named.
  ///   - history: for the run's file.
  ///   - locate: fills in the place of a setting that differs.
  /// - Throws: `Diagnostic(.badInput)` with the first difference from the run of the checkpoint.
  public func begin(
    settings: [RunSetting], history: String,
    locate: (Diagnostic) -> Diagnostic = { $0 }
  ) throws {
    precondition(!hasBegun && !isFinished, "a run begins once")
    hasBegun = true
    if let opened {
      if let difference = Self.firstDifference(settings, opened.head.settings) {
        let (mine, theirs) = (difference.mine ?? "none", difference.theirs ?? "none")
        throw locate(
          Diagnostic(
            .badInput,
            "received \(mine) where \(opened.path) has \(theirs); accepted with --resume: the run that"
              + " was interrupted; --force without --resume starts anew", key: difference.key))
      }
      let stored = Dictionary(
        opened.head.settings.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
      for setting in settings where !setting.isBinding && stored[setting.key] != setting.value {
        options.report(
          "warning: the \(setting.key) are \(setting.value) here and"
            + " \(stored[setting.key] ?? "unknown") in \(opened.path): last bits may differ from those of"
            + " an uninterrupted run")
      }
      head = opened.head
      do {
        try journal?.cutTail()
      } catch let error as SystemError {
        throw failure(error)
      }
      // A damaged one must not take the place of the one before it.
      if opened.path != paths.latest { unlink(paths.latest) }
    } else {
      head.settings = settings
      head.history = history
      head.replacesOutput = options.force
      if paths.hasCheckpoint { paths.removeAll() }
    }
    options.stop.heed(true)
    lastTime = .now
  }

  private static func firstDifference(
    _ mine: [RunSetting], _ theirs: [RunSetting]
  ) -> (key: String, mine: String?, theirs: String?)? {
    let stored = Dictionary(theirs.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    for setting in mine where setting.isBinding && stored[setting.key] != setting.value {
      return (setting.key, setting.value, stored[setting.key])
    }
    let known = Set(mine.map(\.key))
    return theirs.first { !known.contains($0.key) }.map { ($0.key, nil, $0.value) }
  }

  deinit {
    options.stop.heed(false)
    // Without a checkpoint the journal is of no use.
    if journal != nil, !paths.hasCheckpoint { unlink(paths.journal) }
  }

  /// Called where the output is whole: removes the files.
  public func finish() {
    options.stop.heed(false)
    paths.removeAll()
    journal = nil
  }

  // MARK: For units

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
    guard let restored = journal?.restored, restored.has("\(name)/\(Self.done)") else {
      return false
    }
    try exchange(RunState(restored).part(name))
    return true
  }

  func put(_ name: String, _ exchange: (RunState) throws -> Void) throws {
    guard failure == nil else { return }
    do {
      let journal = try self.journal ?? CheckpointJournal(creating: paths.journal)
      self.journal = journal
      try journal.append {
        let state = $0.part(name)
        try exchange(state)
        var none: [UInt8] = []
        try state.exchange(Self.done, &none)
      }
    } catch let error as SystemError {
      if error.code == EWOULDBLOCK { throw failure(error) }
      failure = "\(paths.journal) cannot be written: \(systemMessage(error.code))"
      options.report("warning: there will be no more checkpoints: \(failure!)")
    }
  }

  func complete(_ name: String, _ exchange: (RunState) throws -> Void) throws {
    try put(name, exchange)
    try saveIfDue("", 0, { _ in })
  }

  private static let done = "done"

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
      options.report("warning: the checkpoint cannot be written: \(reason.text)")
    }
    lastTime = .now
    guard let stop else { return }
    throw Diagnostic(
      .stoppedBySignal,
      "stopped by \(signalName(stop)) with a checkpoint written; the same command with --resume continues"
        + " the run", file: output)
  }

  private func save(_ unit: String, _ step: Int, _ exchange: (RunState) throws -> Void) throws {
    if let failure { throw CheckpointFailure(text: failure) }
    do {
      try journal?.flush()
      head.unit = unit
      head.step = step
      head.journalMark = journal?.mark ?? 0
      head.journalLength = journal?.length ?? 0
      try CheckpointFile.write(paths, head, exchange)
    } catch let error as SystemError {
      throw CheckpointFailure(text: systemMessage(error.code))
    } catch let diagnostic as Diagnostic where diagnostic.kind == .outputFailure {
      throw CheckpointFailure(text: diagnostic.message)
    }
  }

  private func failure(_ error: SystemError) -> Diagnostic {
    Diagnostic(
      .outputFailure,
      error.code == EWOULDBLOCK
        ? "another program is running this; wait for it, or choose another name"
        : "the run's journal \(paths.journal) cannot be opened: \(systemMessage(error.code))",
      file: output)
  }
}

/// Why a checkpoint was not written.
private struct CheckpointFailure: Error {
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
