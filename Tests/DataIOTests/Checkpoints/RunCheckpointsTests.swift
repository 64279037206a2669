import Checkpoints
import Diagnostics
import Foundation
import Testing

@testable import DataIO

/// Interrupted runs: which are continued, from where, and what is refused in which words.
@Suite struct RunCheckpointsTests {
  let folder: CheckpointFolder

  init() throws { folder = try CheckpointFolder() }

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

  @Test func nothingToContinueIsSaid() throws {
    func isFirst() throws -> Bool {
      let run = try folder.open(resumes: true)
      return !run.isFinished && run.history == nil
    }
    #expect(try isFirst())
    #expect(
      folder.reports
        == ["there is no checkpoint of \(folder.output), starting from the beginning"])
    try folder.write([1], to: folder.output)
    let finished = try folder.open(resumes: true)
    #expect(finished.isFinished && folder.reports.count == 1)
    finished.reportFinished()
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

  /// What cannot be brought into its place the first time, as on a disk that is full, is not tried again.
  @Test func aJournalThatIsLostIsReportedOnce() throws {
    let run = try folder.open()
    try run.begin(settings: CheckpointFolder.settings, history: "")
    let units = CheckpointUnits(run)
    var result = [1.0]
    try units.put("piece") { try $0.exchange("result", &result) }
    for name in folder.contents() {
      try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
    }
    let boundary = units.boundary("second")
    for step in 1...3 { try boundary(.step(step)) { _ in } }
    #expect(folder.contents() == [])
    #expect(
      folder.reports == [
        "warning: the checkpoint cannot be written: \(folder.paths.journal): cannot be flushed to disk: No such"
          + " file or directory"
      ])
  }
}
