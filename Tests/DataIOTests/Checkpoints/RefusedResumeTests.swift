import Checkpoints
import Diagnostics
import Foundation
import Testing

@testable import DataIO

/// Interrupted runs that are not continued, and in which words.
@Suite struct RefusedResumeTests {
  let folder: CheckpointFolder

  init() throws { folder = try CheckpointFolder() }

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
      return DataIOTests.refusal { try run.begin(settings: settings, history: "") }
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
}
