import Diagnostics
import Foundation
import Testing

@testable import Plotting

/// A folder of its own for one test, removed with the object.
final class PlottingScratchFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/infwidth figures é \(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func contents() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}

let hasGnuplot = (try? Gnuplot()) != nil
let withoutGnuplot: Comment = "gnuplot is not installed (apt install gnuplot-nox)"

@Suite struct GnuplotTests {
  @Test func missingProgram() throws {
    let folder = try PlottingScratchFolder()
    #expect(
      throws: Diagnostic(
        .inputMissing,
        "figures need gnuplot, which is not on PATH; install it: apt install gnuplot-nox")
    ) { try Gnuplot(searchPath: folder.path) }
  }

  @Test(.enabled(if: hasGnuplot, withoutGnuplot)) func badScripts() throws {
    let folder = try PlottingScratchFolder()
    let path = folder.path + "/a.svg"
    #expect(
      throws: Diagnostic(
        .internalFailure, "gnuplot failed: line 2: invalid command", file: path)
    ) { try Gnuplot().run("set terminal svg\nnonsense\n", to: path, force: false) }
    #expect(try folder.contents() == [])
  }

  /// gnuplot is gone after the first line, with megabytes still to be written to it.
  @Test(.enabled(if: hasGnuplot, withoutGnuplot)) func brokenPipe() throws {
    let folder = try PlottingScratchFolder()
    let path = folder.path + "/a.svg"
    let script = "nonsense\n" + String(repeating: "plot x\n", count: 100_000)
    #expect(
      throws: Diagnostic(
        .internalFailure, "gnuplot failed: line 1: invalid command", file: path)
    ) { try Gnuplot().run(script, to: path, force: false) }
    #expect(try folder.contents() == [])
  }

  /// A program in gnuplot's place that fails without a word, by itself or by a signal; a folder made
  /// for the figures does not stay.
  @Test(arguments: [
    ("exit 3", "gnuplot ended with status 3 and gave no reason"),
    ("kill -9 $$", "gnuplot was ended by signal 9 and gave no reason"),
    ("echo; echo 'no fonts' >&2; exit 1", "gnuplot failed: no fonts"),
  ]) func failuresWithoutWords(command: String, message: String) throws {
    let folder = try PlottingScratchFolder()
    let program = folder.path + "/gnuplot"
    try "#!/bin/sh\n\(command)\n".write(toFile: program, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    let figures = folder.path + "/new/figures"
    #expect(
      throws: Diagnostic(.internalFailure, message, file: figures + "/empty.svg")
    ) {
      try drawFigures(
        [CurveFigure(name: "empty", title: "", panels: [])], to: figures,
        with: Gnuplot(searchPath: folder.path))
    }
    #expect(try folder.contents() == ["gnuplot"])
  }

  @Test(.enabled(if: hasGnuplot, withoutGnuplot)) func existingFilesAreKept() throws {
    let folder = try PlottingScratchFolder()
    let path = folder.path + "/a.svg"
    let gnuplot = try Gnuplot()
    let script = "set terminal svg\nplot x\n"
    try gnuplot.run(script, to: path, force: false)
    #expect(
      throws: Diagnostic(
        .outputFailure, "the file exists; choose another name or pass --force", file: path)
    ) { try gnuplot.run(script, to: path, force: false) }
    try gnuplot.run(script, to: path, force: true)
    #expect(try folder.contents() == ["a.svg"])
  }
}
