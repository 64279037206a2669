import DataIO
import Diagnostics
import Foundation
import Testing

@Suite struct NetCDFDestinationFolderTests {
  private func message(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch let error as Diagnostic {
      #expect(error.kind == .outputFailure)
      return error.description
    } catch {
      return "\(error)"
    }
  }

  /// The check and the making refuse the same, in the same words.
  private func refusal(_ path: String) -> String? {
    let checked = message { try checkFolderDestination(path) }
    if let checked { #expect(message { _ = try DestinationFolder(making: path) } == checked) }
    return checked
  }

  @Test func placesWhereNoFolderCanBe() throws {
    let folder = try NetCDFScratchFolder()
    let file = folder("file")
    try "x".write(toFile: file, atomically: false, encoding: .utf8)
    #expect(refusal("") == "the name of the output folder is empty")
    #expect(refusal(file) == "\(file): this is a file; name a folder")
    #expect(refusal(file + "/") == "\(file)/: this is a file; name a folder")
    #expect(refusal(file + "/a/b") == "\(file)/a/b: \(file) is not a folder")
    #expect(refusal(file + "//a/b/") == "\(file)//a/b/: \(file) is not a folder")
    try FileManager.default.createSymbolicLink(
      atPath: folder("link"), withDestinationPath: "none")
    #expect(
      refusal(folder("link/a"))
        == "\(folder("link/a")): \(folder("link")) is a symbolic link that leads nowhere; "
        + "name a folder")
    #expect(try folder.contents() == ["file", "link"])
  }

  @Test(.disabled(if: geteuid() == 0, "the superuser may write everywhere"))
  func foldersWithoutPermission() throws {
    let folder = try NetCDFScratchFolder()
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
    defer {
      try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
    }
    #expect(
      refusal(folder.path)
        == "\(folder.path): the folder cannot be written to: Permission denied")
    #expect(
      refusal(folder("a/b"))
        == "\(folder("a/b")): the folder \(folder.path) cannot be written to: Permission denied")
  }

  @Test func foldersAreMadeAndOnlyEmptyOnesRemoved() throws {
    let folder = try NetCDFScratchFolder()
    #expect(refusal(folder("a/b/")) == nil)
    #expect(try folder.contents() == [])
    let made = try DestinationFolder(making: folder("a/b/"))
    #expect(made.file("c") == folder("a/b/c"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("a")) == ["b"])
    // One that was there before is not removed, though it is empty.
    try DestinationFolder(making: folder("a/b")).removeIfEmpty()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("a")) == ["b"])
    made.removeIfEmpty()
    #expect(try folder.contents() == [])

    let used = try DestinationFolder(making: folder("a/b"))
    try "x".write(toFile: folder("a/c"), atomically: false, encoding: .utf8)
    used.removeIfEmpty()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("a")) == ["c"])
  }

  @Test func tables() throws {
    let folder = try NetCDFScratchFolder()
    var table = ResultTable(name: "limit", columns: ["step", "loss"])
    table.append([0, 0.5])
    table.append([1, .nan])
    func check(_ path: String, force: Bool = false) -> String? {
      message { try ResultTable.checkDestination(name: "limit", folder: path, force: force) }
    }
    let path = folder("t")
    #expect(check(path) == nil)
    try table.write(toFolder: path)
    #expect(
      try String(contentsOfFile: path + "/limit.csv", encoding: .utf8)
        == "step,loss\r\n0,0.5\r\n1,\r\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["limit.csv"])

    let exists = "\(path)/limit.csv: the file exists; choose another name or pass --force"
    #expect(check(path) == exists)
    #expect(check(path + "/") == exists)
    #expect(message { try table.write(toFolder: path) } == exists)
    #expect(check(path, force: true) == nil)
    table.append([2, 3])
    try table.write(toFolder: path, force: true)
    #expect(
      try String(contentsOfFile: path + "/limit.csv", encoding: .utf8)
        == "step,loss\r\n0,0.5\r\n1,\r\n2,3\r\n")

    try FileManager.default.createDirectory(
      atPath: folder("u/limit.csv"), withIntermediateDirectories: true)
    let folderInPlace =
      "\(folder("u/limit.csv")): a folder is in the place of the table; choose another folder"
    #expect(check(folder("u"), force: true) == folderInPlace)
    #expect(message { try table.write(toFolder: folder("u")) } == folderInPlace)
    #expect(
      check(path + "/limit.csv") == "\(path)/limit.csv: this is a file; name a folder")
    #expect(check("") == "the name of the output folder is empty")
  }

  /// A line end of either kind, and a quote before a combining mark, need quotes around the label.
  @Test func labelsOfTables() {
    var table = ResultTable(name: "t", labelColumn: "name", columns: ["x"])
    for label in ["a\nb", "a\r\nb", "\"\u{301}", "a,b", "plain"] { table.append([1], label: label) }
    let rows = [
      "name,x", "\"a\nb\",1", "\"a\r\nb\",1", "\"\"\"\u{301}\",1", "\"a,b\",1", "plain,1", "",
    ]
    #expect(table.csv == rows.joined(separator: "\r\n"))
  }

  /// Words stand behind the numbers, quoted where they have commas.
  @Test func wordsInTables() {
    var table = ResultTable(
      name: "t", labelColumn: "metric", columns: ["x"], textColumns: ["verdict", "source"])
    table.append([0.5], label: "gap", texts: ["deviates by 3.0, slower", "theory"])
    table.append([.nan], label: "bias", texts: ["agrees", ""])
    #expect(
      table.csv
        == "metric,x,verdict,source\r\ngap,0.5,\"deviates by 3.0, slower\",theory\r\nbias,,agrees,\r\n"
    )
  }
}
