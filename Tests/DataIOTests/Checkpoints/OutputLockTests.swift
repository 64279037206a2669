import Diagnostics
import Foundation
import Testing

@testable import DataIO

/// Two runs must not make one output.
@Suite struct OutputLockTests {
  let folder: CheckpointFolder

  init() throws { folder = try CheckpointFolder() }

  private static let text = "a run of this output is going on; wait for it, or choose another name"

  @Test(arguments: [false, true], [false, true])
  func anOutputHasOneRun(isInterrupted: Bool, isBegun: Bool) throws {
    if isInterrupted { try folder.interrupt() }
    let first = try folder.open(resumes: isInterrupted)
    if isBegun { try first.begin(settings: CheckpointFolder.settings, history: "") }
    for (resumes, force) in [(false, false), (true, false), (false, true)] {
      let diagnostic = try #require(refusal { try folder.open(resumes: resumes, force: force) })
      #expect(diagnostic.kind == .outputFailure && diagnostic.file == folder.output)
      #expect(diagnostic.message == Self.text)
    }
    #expect(
      folder.contents(locks: true).filter { !$0.contains(".checkpoint") } == [
        ".infwidth-run.nc.lock"
      ])
    first.finish()
    #expect(folder.contents(locks: true) == [])
    #expect(try !folder.open().isFinished)
  }

  /// Links lead to the same output; other names in the folder are other runs.
  @Test func theOutputIsWhatLinksLeadTo() throws {
    let link = folder.path + "/link.nc"
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: folder.output)
    let first = try folder.open()
    let diagnostic = refusal { try RunCheckpoints(output: link, CheckpointOptions()) }
    #expect(diagnostic?.message == Self.text)
    let other = try RunCheckpoints(output: folder.path + "/run2.nc", CheckpointOptions())
    #expect(folder.contents(locks: true).filter { $0.hasSuffix(".lock") }.count == 2)
    withExtendedLifetime((first, other)) {}
  }

  /// A killed run leaves the file, but no lock; whoever writes into the folder next removes it.
  @Test func aLockFileWithoutALockIsNone() throws {
    let path = folder.path + "/.infwidth-run.nc.lock"
    try folder.write(Array(TemporaryName.machine.utf8), to: path)
    let run = try folder.open()
    #expect(refusal { try folder.open() }?.message == Self.text)
    run.finish()
    #expect(folder.contents(locks: true) == [])
    try folder.write(Array(TemporaryName.machine.utf8), to: path)
    let other = try PendingFile(path: folder.path + "/other.nc", force: false)
    #expect(!folder.contents(locks: true).contains(".infwidth-run.nc.lock"))
    other.discard()
    // That of a run which is going on stays.
    let second = try folder.open()
    let another = try PendingFile(path: folder.path + "/other.nc", force: false)
    #expect(folder.contents(locks: true).contains(".infwidth-run.nc.lock"))
    another.discard()
    withExtendedLifetime(second) {}
  }

  /// Where there can be no lock, there is none: what else is wrong is said by others.
  @Test(arguments: ["", "missing/run.nc", "/proc/run.nc"])
  func outputsWithoutALock(output: String) throws {
    let run = try RunCheckpoints(output: output, CheckpointOptions())
    #expect(!run.isFinished)
    #expect(folder.contents(locks: true) == [])
  }
}
