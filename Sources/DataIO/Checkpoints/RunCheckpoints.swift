import Checkpoints
import Diagnostics
import Foundation
import MessagePassing

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
/// its state, in one process or several, whatever their number was; what is in between (kernels, bases, sums over units) is computed again. `boundary` and
/// `complete` throw `Diagnostic(.stoppedBySignal)` after a checkpoint at a request to stop.
///
/// Several processes call everything together. The first one has the journal and the checkpoint, with all that is the
/// same in every process; each has a file of its particles beside it (`.checkpoint.part-NUMBER-RANK`).
public final class RunCheckpoints {
  /// The output, as the user named it.
  public let output: String
  let paths: CheckpointPaths
  let options: CheckpointOptions
  var head = CheckpointHead()
  var opened: CheckpointFile.Opened?
  var journal: CheckpointJournal?
  private let lock: OutputLock?
  /// Why there can be no more checkpoints.
  var failure: String?
  private var hasBegun = false
  var lastWarning: String?
  var lastTime = ContinuousClock.now

  /// Whether the output is there and nothing is to be done.
  public internal(set) var isFinished = false

  /// Finds an interrupted run, where one is to be continued. As long as the run lives no other one has its output.
  ///
  /// - Throws: `Diagnostic` of kind `outputFailure` where another run of the output is going on, or where an
  ///   interrupted one is neither to be continued nor to be replaced, of kind `badInput` where it cannot be
  ///   continued.
  public init(output: String, _ options: CheckpointOptions) throws {
    self.output = output
    self.options = options
    paths = CheckpointPaths(output: output)
    guard options.ranks.isFirst else {
      lock = nil
      if options.resumes { follow() }
      return
    }
    do {
      lock = try OutputLock(of: output)
    } catch {
      throw Diagnostic(
        .outputFailure,
        "a run of this output is going on; wait for it, or choose another name", file: output)
    }
    guard options.resumes else {
      if !options.force { try refuseInterrupted() }
      return
    }
    opened = try latest()
    decideWhetherFinished()
    lead()
  }

  private func decideWhetherFinished() {
    let hasOutput = fileType(output) != nil
    if let opened {
      // The program ended between moving the output into place and removing this.
      isFinished = hasOutput && !opened.head.replacesOutput && !options.force
    } else {
      isFinished = hasOutput && !options.force
    }
    if isFinished {
      opened = nil
      journal = nil
      // The program ended while it removed them.
      paths.removeAll()
      lock?.release()
    } else if opened == nil {
      options.report("there is no checkpoint of \(output), starting from the beginning")
    }
  }

  /// Says that nothing is to be done, once the output has been found to be that of this run.
  package func reportFinished() {
    precondition(isFinished)
    options.report("\(output) is finished, nothing is left to do")
  }

  /// Whether a run continues that may replace a finished file.
  package var replacesOutput: Bool { opened?.head.replacesOutput ?? options.force }

  /// When and how the run was started, where it is continued.
  public var history: String? { opened?.head.history }

  private func refuseInterrupted() throws {
    guard paths.hasCheckpoint else { return }
    throw Diagnostic(
      .outputFailure,
      "an interrupted run has left a checkpoint of this file; give --resume to continue it, or --force to"
        + " start anew", file: output)
  }

  /// The latest checkpoint that is whole, with its journal; else what is whole of the journal, without the state
  /// of a unit that goes on from what is not; else, where a checkpoint says at least whose they are, nothing of
  /// them: the run begins again.
  private func latest() throws -> CheckpointFile.Opened? {
    var reasons: [String] = []
    var unusable: CheckpointFile.Opened?
    var isForeign = false
    for acceptsPart in [false, true] {
      for path in paths.generations {
        do {
          guard var opened = try CheckpointFile.open(path) else { continue }
          unusable = unusable ?? opened
          let journal = try CheckpointJournal(
            opening: paths.journal, for: opened.head, acceptsPart: acceptsPart)
          self.journal = journal
          let damage = journal.isPartial ? nil : damageOfParts(opened.head)
          if let damage, !acceptsPart { throw Damage(damage) }
          if journal.isPartial || damage != nil {
            (opened.head.unit, opened.head.step) = ("", 0)
          } else {
            for reason in reasons {
              options.report("warning: \(reason); going on from the one before")
            }
          }
          if let report = journal.report { options.report("warning: the journal \(report)") }
          return opened
        } catch let damage as Damage {
          isForeign = isForeign || damage.isForeign
          if !acceptsPart {
            reasons.append("the checkpoint \(path) cannot be used: \(damage.reason)")
          }
        } catch let error as SystemError {
          throw failure(error)
        }
      }
    }
    guard !reasons.isEmpty else { return nil }
    if var opened = unusable, !isForeign {
      options.report(
        "warning: \(reasons.joined(separator: "; ")); nothing of it can be used, the run is computed again"
      )
      (opened.head.unit, opened.head.step) = ("", 0)
      return opened
    }
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
  package func begin(
    settings: [RunSetting], history: String,
    locate: (Diagnostic) -> Diagnostic = { $0 }
  ) throws {
    precondition(!hasBegun && !isFinished, "a run begins once")
    hasBegun = true
    try checkAgreement(on: settings)
    if let opened, !options.ranks.isFirst {
      head = opened.head
      try settleJournal()
    } else if let opened {
      if let difference = settings.firstDifference(from: opened.head.settings) {
        let (mine, theirs) = (difference.mine ?? "none", difference.theirs ?? "none")
        throw locate(
          Diagnostic(
            .badInput,
            "received \(mine) where \(opened.path) has \(theirs); accepted with --resume: the run that"
              + " was interrupted; --force without --resume starts anew", key: difference.key))
      }
      let unit = opened.head.unit.isEmpty ? "" : ", \(opened.head.unit), step \(opened.head.step)"
      options.report(
        journal == nil
          ? "starting from the beginning" : "continuing from \(opened.path)\(unit)")
      let stored = Dictionary(
        opened.head.settings.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
      for setting in settings where !setting.isBinding && stored[setting.key] != setting.value {
        options.report(
          "warning: the \(setting.key) are \(setting.value) here and"
            + " \(stored[setting.key] ?? "unknown") in \(opened.path): last bits may differ from those of"
            + " an uninterrupted run")
      }
      head = opened.head
      // A damaged one must not take the place of the one before it.
      if opened.path != paths.latest { unlink(paths.latest) }
      try settleJournal()
    } else if options.ranks.isFirst {
      head.settings = settings
      head.history = history
      head.replacesOutput = options.force
      paths.removeAll()
    }
    options.stop.heed(true)
    lastTime = .now
  }

  /// Leaves nothing behind what the run continues from, neither in the journal nor in checkpoints.
  private func settleJournal() throws {
    do {
      if options.ranks.agreed(journal?.isPartial == true ? 1 : 0) == 1 {
        try save("", 0) { _ in }
        if options.ranks.isFirst { unlink(paths.previous) }
      }
      try journal?.cutTail()
    } catch let error as SystemError {
      throw failure(error)
    } catch let reason as CheckpointFailure {
      throw Diagnostic(
        .outputFailure, "the checkpoint cannot be written: \(reason.text)", file: output)
    }
  }

  deinit { options.stop.heed(false) }

  /// Called where the output is whole: removes the files.
  package func finish() {
    options.stop.heed(false)
    if options.ranks.isFirst { paths.removeAll() }
    journal = nil
    lock?.release()
  }

  func failure(_ error: SystemError) -> Diagnostic {
    Diagnostic(
      .outputFailure,
      "the run's journal \(paths.journal) cannot be opened: \(systemMessage(error.code))",
      file: output)
  }
}
