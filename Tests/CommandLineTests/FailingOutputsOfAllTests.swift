import Foundation
import InfiniteWidth
import Testing

/// What goes wrong with the outputs of every command: a full disk, folders that take no files, readers that
/// have gone away, a gnuplot that is killed; and names that are unusual.
@Suite(.serialized, .enabled(if: (try? Gnuplot()) != nil, "gnuplot is not installed"))
struct FailingOutputsOfAllTests: SmallExperiment {
  let folder: Program.Folder

  init() throws {
    folder = try Self.smallFolder()
    let made = try Program.run(
      ["limit", "small.yaml", "-o", "run.nc", "--quiet"], in: folder)
    kept = folder.contents()
    #expect(made.status == 0)
  }

  private let kept: [String]

  /// By command: the line, with OUT in the place of its output.
  static let lines: [String: String] = [
    "limit": "limit small.yaml -o OUT.nc --quiet", "train": "train small.yaml -o OUT.nc --quiet",
    "compare": "compare small.yaml -o OUT.nc --quiet",
    "density": "density run.nc --project a -o OUT.nc --quiet", "plot": "plot run.nc -o OUT",
    "report": "report run.nc -o OUT.html",
  ]

  private func line(_ command: String, output: String = "out") throws -> String {
    try #require(Self.lines[command]).replacingOccurrences(of: "OUT", with: output)
  }

  private func checkError(_ result: Program.Result, _ status: Int32) {
    #expect(result.status == status)
    #expect(result.errors.hasPrefix("infwidth: error: ") && result.errors.hasSuffix("\n"))
    #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
  }

  @Test(arguments: lines.keys.sorted()) func theDiskIsFull(command: String) throws {
    for blocks in [1, 2, 9] {
      checkError(try shell("ulimit -f \(blocks); \"$infwidth\" \(line(command))"), 74)
      #expect(folder.contents() == kept)
    }
  }

  /// A folder that takes no files, even from a superuser.
  @Test(arguments: lines.keys.sorted()) func foldersWithoutFiles(command: String) throws {
    let result = try shell("\"$infwidth\" \(line(command, output: "/proc/self/out"))")
    checkError(result, 74)
    #expect(result.errors.contains("/proc/self"), "\(result.errors)")
    #expect(folder.contents() == kept)
    // Folders of figures are made.
    if command == "plot" { return }
    checkError(try shell("\"$infwidth\" \(line(command, output: "missing/folder/out"))"), 74)
    #expect(folder.contents() == kept)
  }

  @Test(arguments: lines.keys.sorted()) func readersThatHaveGoneAway(command: String) throws {
    let result = try shell(
      "\"$infwidth\" \(line(command)) | true; echo ${PIPESTATUS[0]}")
    #expect(result.output == "141\n")
    #expect(result.errors.isEmpty)
    let added = folder.contents().filter { !kept.contains($0) }
    #expect(added == [command == "plot" ? "out" : command == "report" ? "out.html" : "out.nc"])
    if command == "plot" { return }
    // It is whole.
    #expect(
      try shell("\"$infwidth\" \(line(command))\(command == "report" ? "" : " --resume")").status
        == (command == "report" ? 74 : 0))
  }

  @Test(arguments: ["plot", "report", "compare", "density"])
  func aKilledGnuplot(command: String) throws {
    try folder.write("gnuplot", "#!/bin/sh\nkill -9 $$\n")
    let figures = command == "compare" || command == "density" ? " --figures figures" : ""
    let result = try shell(
      "chmod +x gnuplot; PATH=$PWD:$PATH \"$infwidth\" \(line(command))\(figures)")
    checkError(result, 70)
    #expect(result.errors.hasSuffix(": gnuplot was ended by signal 9 and gave no reason\n"))
    let added = folder.contents().filter { !kept.contains($0) }
    #expect(added == (figures.isEmpty ? ["gnuplot"] : ["gnuplot", "out.nc"]), "\(command)")
  }

  @Test func unusualNamesOfEverything() throws {
    let name = "größe 'q' \"x\" 日 $d; #1"
    let rows = (0..<40).map { "\(Double($0 * 7 % 11) / 4),\(Double($0 * 5 % 13) / 8),\($0 % 2)" }
    try folder.write("\(name).csv", rows.joined(separator: "\n"))
    let text = Self.small.replacingOccurrences(
      of: "  format: synthetic\n  dimension: 5\n",
      with: "  format: csv\n  train_path: '\(name.replacingOccurrences(of: "'", with: "''")).csv'\n"
    ).replacingOccurrences(of: "train: 40", with: "train: 20").replacingOccurrences(
      of: "test: 30", with: "test: 10")
    try folder.write("\(name).yaml", text)
    let file = "\(name).nc"
    for (number, arguments) in [
      ["limit", "\(name).yaml", "--csv", "\(name) tables"], ["train", "\(name).yaml"],
      ["compare", "\(name).yaml", "--figures", "\(name) compared"],
      ["density", "1\(file)", "--project", "a", "--figures", "\(name) densities"],
    ].enumerated() {
      let result = try Program.run(
        arguments + ["-o", "\(number + 1)\(file)", "--quiet", "--resume"], in: folder)
      #expect(result.status == 0 && result.errors.isEmpty, "\(arguments): \(result.errors)")
    }
    let plot = try run("plot", "1\(file)", "2\(file)", "-o", "\(name) figures")
    #expect(plot.status == 0 && plot.errors.isEmpty, "\(plot.errors)")
    let report = try run(
      "report", "1\(file)", "2\(file)", "3\(file)", "4\(file)", "-o", "\(name).html")
    #expect(report.status == 0 && report.errors.isEmpty, "\(report.errors)")
    #expect(folder.contents().count == kept.count + 11)
  }
}
