import Checkpoints
import Diagnostics
import Foundation
import Testing

@testable import DataIO

/// Interrupted runs: which are continued, from where, and what is refused in which words.
@Suite struct RunCheckpointsTests {
  let folder: CheckpointFolder

  init() throws { folder = try CheckpointFolder() }

  func refusal<Result>(_ body: () throws -> Result) -> Diagnostic? {
    do {
      _ = try body()
      return nil
    } catch { return error as? Diagnostic }
  }

  /// The step that a run continues from.
  func resumedStep() throws -> Int? {
    let run = try folder.open(resumes: true)
    try run.begin(settings: CheckpointFolder.settings, history: "now")
    #expect(run.history == "then")
    let units = CheckpointUnits(run)
    var result: [Double] = []
    #expect(try units.restore("first") { try $0.exchange("result", &result) })
    #expect(result[0] == 1.5 && result[1].sign == .minus && result[2].isNaN)
    #expect(try units.restore("piece 1") { try $0.exchange("numbers", &result) })
    #expect(try !units.restore("second") { _ in Issue.record("it is not finished") })
    var step: Int?
    let boundary = units.boundary("second")
    try boundary(.start) { state in
      var (number, floats) = (0, [Float]())
      try state.exchange("number", &number)
      try state.exchange("floats", &floats)
      #expect(floats == [0.25, 7])
      step = number
    }
    try boundary(.start) { _ in Issue.record("a state is taken once") }
    return step
  }

  @Test func aRunContinues() throws {
    try folder.interrupt(step: 3)
    #expect(
      folder.contents()
        == ["run.nc.checkpoint", "run.nc.checkpoint.journal", "run.nc.checkpoint.previous"])
    #expect(try resumedStep() == 3)
    #expect(folder.reports == ["continuing from \(folder.output).checkpoint, second, step 3"])
    let run = try folder.open(resumes: true)
    try run.begin(settings: CheckpointFolder.settings, history: "now")
    run.finish()
    #expect(folder.contents() == [])
  }

  /// What was written after the checkpoint belongs to nobody.
  @Test func theJournalEndsWhereTheCheckpointSays() throws {
    try folder.interrupt()
    let run = try folder.open(resumes: true, interval: nil)
    try run.begin(settings: CheckpointFolder.settings, history: "now")
    var late = [2.0]
    try CheckpointUnits(run).complete("second") { try $0.exchange("late", &late) }
    #expect(try !CheckpointUnits(run).restore("second") { _ in })
    withExtendedLifetime(run) {}
  }

  @Test(arguments: [false, true]) func aDamagedCheckpointIsReplacedByThePreviousOne(
    isCut: Bool
  ) throws {
    try folder.interrupt(step: 3)
    var bytes = try folder.bytes(folder.paths.latest)
    if isCut { bytes.removeLast(bytes.count / 2) } else { bytes[bytes.count - 40] ^= 4 }
    try folder.write(bytes, to: folder.paths.latest)
    #expect(try resumedStep() == 2)
    let reports = folder.reports
    #expect(reports.count == 2)
    #expect(
      reports[0].hasPrefix(
        "warning: the checkpoint \(folder.output).checkpoint cannot be used: "))
    #expect(reports[0].hasSuffix("; going on from the one before"))
    #expect(reports[1] == "continuing from \(folder.output).checkpoint.previous, second, step 2")
    // The damaged one does not become the previous one.
    #expect(!folder.contents().contains("run.nc.checkpoint"))
  }

  @Test func aMissingLatestOneIsReplacedByThePreviousOne() throws {
    try folder.interrupt(step: 3)
    try FileManager.default.removeItem(atPath: folder.paths.latest)
    #expect(try resumedStep() == 2)
  }

  @Test func twoDamagedCheckpointsAreRefused() throws {
    try folder.interrupt()
    try folder.write([], to: folder.paths.latest)
    try folder.write([1, 2], to: folder.paths.previous)
    let diagnostic = try #require(refusal { try folder.open(resumes: true) })
    #expect(diagnostic.kind == .badInput)
    #expect(
      "\(diagnostic)"
        == "\(folder.output): the checkpoint \(folder.output).checkpoint cannot be used: it is cut off;"
        + " the checkpoint \(folder.output).checkpoint.previous cannot be used: it is cut off; accepted: a"
        + " checkpoint that is whole, or --force without --resume to start anew")
  }

  @Test func everyFlippedByteOfTheJournalIsFound() throws {
    try folder.interrupt()
    let whole = try folder.bytes(folder.paths.journal)
    for index in whole.indices {
      var bytes = whole
      bytes[index] ^= 0x10
      try folder.write(bytes, to: folder.paths.journal)
      #expect(refusal { try folder.open(resumes: true) }?.kind == .badInput, "\(index)")
    }
    for length in whole.indices {
      try folder.write(Array(whole[..<length]), to: folder.paths.journal)
      #expect(refusal { try folder.open(resumes: true) }?.kind == .badInput, "\(length)")
    }
    try FileManager.default.removeItem(atPath: folder.paths.journal)
    #expect(
      refusal { try folder.open(resumes: true) }?.message.contains(
        "its journal \(folder.output).checkpoint.journal is missing") == true)
    try folder.write(whole, to: folder.paths.journal)
    #expect(try resumedStep() == 3)
  }

  @Test func theJournalOfAnotherRunIsRefused() throws {
    try folder.interrupt()
    let other = try CheckpointFolder()
    try other.interrupt()
    try folder.write(other.bytes(other.paths.journal), to: folder.paths.journal)
    let diagnostic = try #require(refusal { try folder.open(resumes: true) })
    #expect(
      diagnostic.message.contains(
        "its journal \(folder.output).checkpoint.journal is that of another run"))
  }

  /// The first difference is named, with what is here and what is there.
  @Test func anotherRunIsRefused() throws {
    try folder.interrupt()
    func refusal(_ settings: [RunSetting]) throws -> Diagnostic? {
      let run = try folder.open(resumes: true)
      return self.refusal { try run.begin(settings: settings, history: "") }
    }
    var settings = CheckpointFolder.settings
    settings[1] = RunSetting(key: "training.steps", value: "200")
    settings[2] = RunSetting(key: "--seed", value: "2")
    let diagnostic = try #require(try refusal(settings))
    #expect(diagnostic.kind == .badInput && diagnostic.key == "training.steps")
    #expect(
      diagnostic.message
        == "received 200 where \(folder.output).checkpoint has 100; accepted with --resume: the run that was"
        + " interrupted; --force without --resume starts anew")
    settings = CheckpointFolder.settings
    settings[0] = RunSetting(key: "program", value: "InfiniteWidth 10")
    #expect(try refusal(settings)?.key == "program")
    settings = CheckpointFolder.settings
    settings.remove(at: 1)
    #expect(try refusal(settings)?.message.hasPrefix("received none where ") == true)
    settings = CheckpointFolder.settings + [RunSetting(key: "--width", value: "[8]")]
    #expect(try refusal(settings)?.key == "--width")
    settings[3] = RunSetting(key: "kernels", value: "Haswell", isBinding: false)
    #expect(try refusal(settings) == nil)
    #expect(
      folder.reports.last?.hasPrefix("warning: the kernels are Haswell here and unknown in") == true
    )
  }

  /// Hours of work are not lost by leaving out an option.
  @Test func anInterruptedRunIsNotReplacedUnasked() throws {
    try folder.interrupt()
    let diagnostic = try #require(refusal { try folder.open() })
    #expect(diagnostic.kind == .outputFailure)
    #expect(
      diagnostic.message
        == "an interrupted run has left a checkpoint of this file; give --resume to continue it, or --force"
        + " to start anew")
    let anew = try folder.open(force: true)
    #expect(folder.contents().count == 3)
    try anew.begin(settings: CheckpointFolder.settings, history: "anew")
    #expect(folder.contents() == [])
  }

  @Test func nothingToContinueIsSaid() throws {
    let run = try folder.open(resumes: true)
    #expect(!run.isFinished && run.history == nil)
    #expect(
      folder.reports
        == ["there is no checkpoint of \(folder.output), starting from the beginning"])
    try folder.write([1], to: folder.output)
    #expect(try folder.open(resumes: true).isFinished)
    #expect(folder.reports.last == "\(folder.output) is finished, nothing is left to do")
    #expect(try !folder.open(resumes: true, force: true).isFinished)
    #expect(try !folder.open(force: true).isFinished)
  }

  /// The output was moved into place, and then the machine went down.
  @Test func aFinishedRunWithItsCheckpointIsFinished() throws {
    try folder.interrupt()
    try folder.write([1], to: folder.output)
    #expect(try folder.open(resumes: true).isFinished)
    #expect(folder.contents() == ["run.nc"])
    // The same while the files were removed.
    try folder.write([1], to: folder.paths.journal)
    #expect(try folder.open(resumes: true).isFinished)
    #expect(folder.contents() == ["run.nc"])
  }

  /// A run that was to replace a file continues without being told again.
  @Test func theRightToReplaceIsKept() throws {
    try folder.write([1], to: folder.output)
    let run = try folder.open(force: true)
    try run.begin(settings: CheckpointFolder.settings, history: "then")
    try CheckpointUnits(run).boundary("second")(.step(1)) { _ in }
    let stored = try #require(try CheckpointFile.open(folder.paths.latest))
    #expect(stored.head.replacesOutput)
  }

  @Test func aRequestToStopWritesACheckpoint() throws {
    let stop = StopRequest()
    #expect(!stop.make(signal: SIGTERM), "nobody listens yet")
    let run = try folder.open(interval: nil, stop: stop)
    try run.begin(settings: CheckpointFolder.settings, history: "then")
    let boundary = CheckpointUnits(run).boundary("second")
    try boundary(.step(1)) { _ in Issue.record("nothing is due") }
    #expect(folder.contents() == [])
    #expect(stop.make(signal: SIGTERM))
    #expect(!stop.make(signal: SIGTERM), "the second one is not for the run")
    let diagnostic = try #require(refusal { try boundary(.step(2)) { _ in } })
    #expect(diagnostic.kind == .stoppedBySignal && diagnostic.kind.exitStatus == 75)
    #expect(
      diagnostic.message
        == "stopped by SIGTERM with a checkpoint written; the same command with --resume continues the run"
    )
    #expect(folder.contents() == ["run.nc.checkpoint", "run.nc.checkpoint.journal"])
  }

  /// Two programs must not continue one run.
  @Test func aRunThatRunsIsNotContinued() throws {
    try folder.interrupt()
    let first = try folder.open(resumes: true)
    let diagnostic = try #require(refusal { try folder.open(resumes: true) })
    #expect(diagnostic.kind == .outputFailure)
    #expect(
      diagnostic.message == "another program is running this; wait for it, or choose another name")
    let anew = try folder.open(force: true)
    #expect(
      refusal { try anew.begin(settings: CheckpointFolder.settings, history: "") }?.message
        == diagnostic.message)
    withExtendedLifetime(first) {}
  }

  /// A run whose checkpoints cannot be written goes on, and says so.
  @Test func aFailureToWriteIsReported() throws {
    let run = try folder.open()
    try run.begin(settings: CheckpointFolder.settings, history: "")
    try FileManager.default.createDirectory(
      atPath: folder.paths.latest, withIntermediateDirectories: false)
    let boundary = CheckpointUnits(run).boundary("second")
    for step in 1...3 { try boundary(.step(step)) { _ in } }
    #expect(
      folder.reports
        == ["warning: the checkpoint cannot be written: this is a folder; name a file in it"])
  }
}
