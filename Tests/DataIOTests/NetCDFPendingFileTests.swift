import DataIO
import Diagnostics
import Foundation
import Testing

/// `discardAll` concerns the whole process, so it runs in one of its own: this test program again,
/// with a single test selected by its environment.
@Suite struct NetCDFPendingFileTests {
  private static let variable = "INFINITEWIDTH_DISCARD_FOLDER"

  @Test func pendingFilesAreRemovedWhenTheProcessEnds() throws {
    let folder = try NetCDFScratchFolder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    var arguments = Array(CommandLine.arguments.dropFirst())
    while let place = arguments.firstIndex(of: "--filter"), place + 1 < arguments.count {
      arguments.removeSubrange(place...(place + 1))
    }
    process.arguments = arguments + ["--filter", "discardInAProcessOfItsOwn"]
    process.environment = ProcessInfo.processInfo.environment.merging(
      [Self.variable: folder.path]) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    // What was committed and what was there before stay; of the pending ones nothing is left.
    #expect(try folder.contents() == ["before", "kept", "passed"])
    #expect(try String(contentsOfFile: folder("before"), encoding: .utf8) == "old")
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment[variable] != nil, "run by the test above"))
  func discardInAProcessOfItsOwn() async throws {
    let folder = ProcessInfo.processInfo.environment[Self.variable]!
    try "old".write(toFile: folder + "/before", atomically: false, encoding: .utf8)
    let kept = try PendingFile(path: folder + "/kept", force: false)
    try kept.write("new")
    try kept.commit()
    let pending = try PendingFile(path: folder + "/before", force: true)
    try pending.write("new")
    let untouched = try PendingFile(path: folder + "/untouched", force: false)
    let writer = try NetCDFWriter(path: folder + "/run.nc", force: false)
    _ = try writer.defineDimension("step", length: 3)
    // Three locks, and two unfinished files.
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 7)

    // On another thread, as from the handler of a signal's dispatch source.
    await withCheckedContinuation { done in
      DispatchQueue.global().async {
        PendingFile.discardAll()
        done.resume()
      }
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["before", "kept"])
    #expect(throws: Diagnostic.self) { try pending.commit() }
    untouched.discard()
    withExtendedLifetime(writer) {}
    try "".write(toFile: folder + "/passed", atomically: false, encoding: .utf8)
  }

  /// A lock that nobody holds is that of a killed process of this machine: it goes, and its file with it.
  /// One that is held, and one of another machine, stay, and so does a file without a lock.
  @Test func leftoversOfKilledProcesses() throws {
    let folder = try NetCDFScratchFolder()
    func write(_ name: String, _ text: String) throws {
      try text.write(toFile: folder(name), atomically: false, encoding: .utf8)
    }
    for (mark, machine) in [("dead", ProcessInfo.processInfo.hostName), ("far", "elsewhere")] {
      try write(".infwidth-\(mark).lock", machine)
      try write(".infwidth-\(mark).partial", "half")
    }
    try write(".infwidth-alone.partial", "half")
    let first = try PendingFile(path: folder("a"), force: false)
    try first.write("1")
    let second = try PendingFile(path: folder("a"), force: true)
    try second.write("2")
    let stay = [".infwidth-alone.partial", ".infwidth-far.lock", ".infwidth-far.partial"]
    #expect(try folder.contents().count == stay.count + 4)
    try first.commit()
    try second.commit()
    #expect(try folder.contents() == stay + ["a"])
    #expect(try String(contentsOfFile: folder("a"), encoding: .utf8) == "2")
  }

  /// A temporary name that is taken, here by a link, is not written through.
  @Test func temporaryNamesThatAreTaken() throws {
    let folder = try NetCDFScratchFolder()
    let file = try PendingFile(path: folder("a"), force: false)
    try "theirs".write(toFile: folder("b"), atomically: false, encoding: .utf8)
    try FileManager.default.createSymbolicLink(
      atPath: file.temporaryPath, withDestinationPath: "b")
    #expect(
      throws: Diagnostic(
        .outputFailure, "the file cannot be created: File exists", file: folder("a"))
    ) { try file.write("mine") }
    #expect(try String(contentsOfFile: folder("b"), encoding: .utf8) == "theirs")
  }
}
