import Foundation
import InfiniteWidth
import Testing

/// A program that ends between its file and its tables: `--resume` writes the tables.
@Suite struct MissingTablesTests: SmallExperiment {
  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  private func table(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(name)"))
  }

  @Test(arguments: ["limit", "train", "compare", "density"])
  func theTablesOfAFinishedRun(command: String) throws {
    #expect(try run("limit", "small.yaml", "-o", "whole run.nc", "--quiet").status == 0)
    let input = command == "density" ? "whole run.nc" : "small.yaml"
    let arguments = [command, input, "-o", "out.nc", "--csv", "größen"]
    let first = try Program.run(arguments + ["--quiet"], in: folder)
    #expect(first.status == 0, "\(first.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/größen")
      .sorted()
    let tables = try names.map { try table("größen/\($0)") }
    #expect(!names.isEmpty && tables.allSatisfy { $0.count > 100 })
    let finished = "infwidth: note: out.nc is finished, nothing is left to do\n"

    let again = try Program.run(arguments + ["--resume"], in: folder)
    #expect(again.status == 0 && again.errors == finished)
    // One is missing, then all with their folder.
    try FileManager.default.removeItem(atPath: "\(folder.path)/größen/\(names[0])")
    let one = try Program.run(arguments + ["--resume"], in: folder)
    #expect(one.status == 0)
    #expect(
      one.errors == finished + "infwidth: note: größen/\(names[0]) was missing and is written\n")
    #expect(try names.map { try table("größen/\($0)") } == tables)
    try FileManager.default.removeItem(atPath: "\(folder.path)/größen")
    let all = try Program.run(arguments + ["--resume", "--quiet"], in: folder)
    #expect(all.status == 0 && all.errors.isEmpty, "\(all.errors)")
    #expect(try names.map { try table("größen/\($0)") } == tables)
  }
}
