import DataIO
import Diagnostics
import Foundation
import Testing

@Suite struct NetCDFReaderTests {
  private func message(_ path: String, _ kind: Diagnostic.Kind) -> String {
    do {
      _ = try NetCDFReader(path: path)
      return "no error"
    } catch let error as Diagnostic {
      #expect(error.kind == kind)
      return error.description
    } catch {
      return "\(error)"
    }
  }

  @Test func filesThatCannotBeRead() throws {
    let folder = try NetCDFScratchFolder()
    let none = folder("none.nc")
    #expect(message(none, .inputMissing) == "\(none): the file does not exist")
    #expect(message(folder.path, .inputMissing) == "\(folder.path): this is not a file")
    let text = folder("text.nc")
    try "not a NetCDF file, only text".write(toFile: text, atomically: false, encoding: .utf8)
    #expect(message(text, .badInput) == "\(text): not a NetCDF file")
    let empty = folder("empty.nc")
    try Data().write(to: URL(fileURLWithPath: empty))
    #expect(message(empty, .badInput) == "\(empty): not a NetCDF file")
  }

  @Test(.disabled(if: geteuid() == 0, "the superuser may read everything"))
  func filesWithoutPermission() throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("secret.nc")
    try "x".write(toFile: path, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
    #expect(message(path, .inputMissing) == "\(path): cannot be read: Permission denied")
  }

  @Test func addressesAreNotFollowed() {
    #expect(
      message("http://127.0.0.1:9/x.nc", .inputMissing)
        == "http://127.0.0.1:9/x.nc: the file does not exist")
  }

  @Test func truncatedFiles() throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("whole.nc")
    let file = try NetCDFWriter(path: path, force: false)
    let x = try file.defineDimension("x", length: 10_000)
    let v = try file.defineVariable("v", Double.self, [x], longName: "v")
    try file.write([Double](repeating: 1, count: 10_000), to: v)
    try file.finish()
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let cut = folder("cut.nc")
    try data.prefix(data.count / 2).write(to: URL(fileURLWithPath: cut))
    #expect(
      message(cut, .badInput)
        == "\(cut): cannot open the file: NetCDF: HDF error; the file may be damaged or incomplete")
  }

  @Test func variablesThatAreMissing() throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("a.nc")
    try NetCDFWriter(path: path, force: false).finish()
    let file = try NetCDFReader(path: path)
    #expect(throws: Diagnostic(.badInput, "the file has no variable v", file: path)) {
      try file.read("v")
    }
  }

  /// A few kilobytes that claim a terabyte must not make the program ask for it.
  @Test func claimsBeyondTheFileAreRefused() throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("hollow.nc")
    let writer = try NetCDFWriter(path: path, force: false)
    let x = try writer.defineDimension("x", length: 1 << 20)
    let y = try writer.defineDimension("y", length: 1 << 20)
    _ = try writer.defineVariable("v", Double.self, [x, y], longName: "v")
    try writer.finish()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path)).count
    let file = try NetCDFReader(path: path)
    #expect(
      throws: Diagnostic(
        .badInput, "the variable v claims more numbers than a file of \(bytes) bytes can hold",
        file: path)
    ) { try file.read("v") }
  }
}
