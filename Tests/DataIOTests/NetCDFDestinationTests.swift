import DataIO
import Diagnostics
import Foundation
import Testing

@Suite struct NetCDFDestinationTests {
  private func message(_ path: String, force: Bool = false) -> String? {
    do {
      try checkDestination(path, force: force)
      return nil
    } catch let error as Diagnostic {
      #expect(error.kind == .outputFailure)
      return error.description
    } catch {
      return "\(error)"
    }
  }

  @Test func finishedFilesAreKept() throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("run.nc")
    #expect(message(path) == nil)
    try "x".write(toFile: path, atomically: false, encoding: .utf8)
    #expect(
      message(path) == "\(path): the file exists; choose another name or pass --force")
    #expect(message(path, force: true) == nil)
  }

  @Test func placesWhereNoFileCanBe() throws {
    let folder = try NetCDFScratchFolder()
    #expect(message("") == "the name of the output file is empty")
    #expect(message(folder.path) == "\(folder.path): this is a folder; name a file in it")
    #expect(
      message(folder("none/run.nc"))
        == "\(folder("none/run.nc")): the folder \(folder("none")) does not exist")
    #expect(
      message(folder("none/")) == "\(folder("none/")): this is the name of a folder; name a file")
    #expect(
      message("/dev/null", force: true)
        == "/dev/null: this is not a regular file; choose another name")
    try "x".write(toFile: folder("file"), atomically: false, encoding: .utf8)
    #expect(
      message(folder("file/run.nc"))
        == "\(folder("file/run.nc")): \(folder("file")) is not a folder")
  }

  @Test(.disabled(if: geteuid() == 0, "the superuser may write everywhere"))
  func foldersWithoutPermission() throws {
    let folder = try NetCDFScratchFolder()
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
    defer {
      try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
    }
    #expect(
      message(folder("run.nc"))
        == "\(folder("run.nc")): the folder \(folder.path) cannot be written to: Permission denied")
  }

  /// A link keeps pointing to its file, which is replaced.
  @Test func linksAreFollowed() throws {
    let folder = try NetCDFScratchFolder()
    try FileManager.default.createDirectory(
      atPath: folder("real"), withIntermediateDirectories: false)
    try "old".write(toFile: folder("real/a"), atomically: false, encoding: .utf8)
    try FileManager.default.createSymbolicLink(
      atPath: folder("link"), withDestinationPath: "real/a")
    let file = try PendingFile(path: folder("link"), force: true)
    try "new".write(toFile: file.temporaryPath, atomically: false, encoding: .utf8)
    try file.commit()
    #expect(try String(contentsOfFile: folder("real/a"), encoding: .utf8) == "new")
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder("link")) == "real/a")
  }

  /// A link that leads to nothing yet: its file is made, whatever `force` is.
  @Test(arguments: [false, true]) func danglingLinksAreFollowed(force: Bool) throws {
    let folder = try NetCDFScratchFolder()
    try FileManager.default.createDirectory(
      atPath: folder("real"), withIntermediateDirectories: false)
    try link("real/second", at: folder("first"))
    try link(folder("real/a"), at: folder("real/second"))
    let file = try PendingFile(path: folder("first"), force: force)
    #expect(file.temporaryPath.hasPrefix(folder("real/.infwidth-")))
    try file.write("new")
    try file.commit()
    #expect(try String(contentsOfFile: folder("real/a"), encoding: .utf8) == "new")
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder("first")) == "real/second")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("real")).count == 2)
  }

  @Test func linksThatLeadNowhereAreRefused() throws {
    let folder = try NetCDFScratchFolder()
    try link("b", at: folder("a"))
    try link("a", at: folder("b"))
    #expect(
      message(folder("a"), force: true)
        == "\(folder("a")): this symbolic link leads back to itself; choose another name")
    try link("none/run.nc", at: folder("c"))
    #expect(
      message(folder("c")) == "\(folder("c")): the folder \(folder("none")) does not exist")
  }

  private func link(_ destination: String, at path: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: destination)
  }

  /// A file that appears during the run is not overwritten, and the run's result is not lost.
  @Test func filesThatAppearMeanwhileAreKept() throws {
    let folder = try NetCDFScratchFolder()
    let file = try PendingFile(path: folder("run.nc"), force: false)
    try "mine".write(toFile: file.temporaryPath, atomically: false, encoding: .utf8)
    try "theirs".write(toFile: folder("run.nc"), atomically: false, encoding: .utf8)
    #expect(
      throws: Diagnostic(
        .outputFailure,
        "another program created the file meanwhile; the result is kept as \(file.temporaryPath)",
        file: folder("run.nc"))
    ) { try file.commit() }
    #expect(try String(contentsOfFile: folder("run.nc"), encoding: .utf8) == "theirs")
    #expect(try String(contentsOfFile: file.temporaryPath, encoding: .utf8) == "mine")
  }
}
