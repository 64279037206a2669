import Foundation
import InfiniteWidth
import Testing

/// Outputs that cannot be written, in the middle of it too: a clear error, status 74, no half file, and
/// what is finished is kept.
@Suite struct FailingOutputTests: SmallExperiment {
  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  /// The disk ends (here: a limit of the size of files) while NetCDF writes.
  @Test(arguments: ["limit", "train"]) func theDiskIsFull(command: String) throws {
    let result = try shell("ulimit -f 10; \"$infwidth\" \(command) small.yaml -o out.nc --quiet")
    #expect(result.status == 74)
    let name = try #require(result.errors.split(separator: " ").dropFirst(7).first)
    #expect(
      result.errors
        == "infwidth: error: out.nc: cannot write the variable \(name) NetCDF: HDF error\n")
    #expect(folder.contents() == ["small.yaml"])
  }

  /// At any size the file is complete or not there at all.
  @Test func atAnySize() throws {
    #expect(try run("limit", "small.yaml", "-o", "whole.nc", "--quiet").status == 0)
    let whole = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/whole.nc")).count
    for size in stride(from: 1, through: whole / 1024 + 2, by: 6) {
      let result = try shell(
        "ulimit -f \(size); \"$infwidth\" limit small.yaml -o out.nc --quiet >/dev/null")
      #expect(result.status == (folder.exists("out.nc") ? 0 : 74), "\(size): \(result.errors)")
      #expect(result.errors.split(separator: "\n").count <= 1)
      if folder.exists("out.nc") {
        #expect(
          try RunRecord.read(folder.path + "/out.nc").trajectory
            == RunRecord.read(folder.path + "/whole.nc").trajectory)
        try FileManager.default.removeItem(atPath: folder.path + "/out.nc")
      }
      #expect(folder.contents() == ["small.yaml", "whole.nc"])
    }
  }

  @Test(.enabled(if: (try? Gnuplot()) != nil, "gnuplot is not installed"))
  func imagesThatAreNotWhole() throws {
    #expect(try run("limit", "small.yaml", "-o", "run.nc", "--quiet").status == 0)
    let result = try shell("ulimit -f 4; \"$infwidth\" plot run.nc -o figures")
    #expect(result.status == 74)
    #expect(
      result.errors
        == "infwidth: error: figures/loss.svg: the image that gnuplot wrote is incomplete: the disk is full,"
        + " or a limit is reached\n")
    #expect(folder.contents() == ["run.nc", "small.yaml"])
  }

  /// The reader of the output has gone away: the file is written, nothing is said, and the status is
  /// that of SIGPIPE.
  @Test func closedPipes() throws {
    let quiet = try shell(
      "\"$infwidth\" limit small.yaml -o out.nc --quiet | true; echo ${PIPESTATUS[0]}")
    #expect(quiet.output == "141\n")
    #expect(quiet.errors.isEmpty)
    #expect(try RunRecord.read(folder.path + "/out.nc").trajectory.steps.count == 7)
    try FileManager.default.removeItem(atPath: folder.path + "/out.nc")
    // Warnings that nobody reads do not end the run before its file is written.
    try write(
      "wild.yaml", replacing: "learning_rate: 0.2", with: "loss: squared\n  learning_rate: 1.0e+30")
    let result = try shell(
      "\"$infwidth\" limit wild.yaml -o out.nc 2>&1 >/dev/null | true; echo ${PIPESTATUS[0]}")
    #expect(result.output == "0\n")
    #expect(folder.exists("out.nc"))
  }

  /// Messages do not end in the file that took the number of a closed stream.
  @Test func streamsThatAreClosed() throws {
    let result = try shell("\"$infwidth\" limit small.yaml -o out.nc <&- >&- 2>&-; echo $?")
    #expect(result.output == "74\n")
    #expect(try RunRecord.read(folder.path + "/out.nc").trajectory.steps.count == 7)
    let full = try shell("\"$infwidth\" limit small.yaml -o full.nc --particles 8 2>/dev/full")
    #expect(full.status == 0)
  }

  /// What a killed run leaves, the next one in the folder removes; a run that still goes on keeps its own.
  @Test func leftoversOfKilledRuns() throws {
    try folder.write(
      "long.yaml",
      Self.small.replacingOccurrences(of: "steps: 6", with: "steps: 1000000")
        .replacingOccurrences(of: "record:", with: "record:\n  every: 100000"))
    let configurations = ["long.yaml", "small.yaml"]
    func start(_ output: String) throws -> Process {
      let before = folder.contents().count
      let process = Process()
      process.executableURL = Program.executable
      process.arguments = ["limit", "long.yaml", "-o", output, "--quiet"]
      process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
      try process.run()
      let deadline = Date(timeIntervalSinceNow: 20)
      while folder.contents().count < before + 5, Date() < deadline { usleep(20_000) }
      return process
    }
    let killed = try start("run.nc")
    let leftovers = folder.contents().filter { !configurations.contains($0) }
    #expect(
      leftovers.map { $0.split(separator: ".").last! }.sorted()
        == ["lock", "lock", "lock", "partial", "partial"])
    let running = try start("other.nc")
    #expect(folder.contents().count == 12)
    kill(killed.processIdentifier, SIGKILL)
    killed.waitUntilExit()
    #expect(folder.contents().count == 12)

    #expect(try run("limit", "small.yaml", "-o", "run.nc", "--quiet").status == 0)
    #expect(Set(folder.contents()).isDisjoint(with: leftovers))
    #expect(folder.contents().count == 8)
    kill(running.processIdentifier, SIGTERM)
    running.waitUntilExit()
    #expect(
      folder.contents().filter { !$0.contains(".checkpoint") }
        == ["long.yaml", "run.nc", "small.yaml"])
  }

  @Test func namesWithQuotesAndSpaces() throws {
    let name = "a 'b' \"c\" é日 $d"
    try folder.write("\(name).yaml", Self.small)
    let run = try run(
      "limit", "\(name).yaml", "-o", "\(name).nc", "--csv", "\(name) tables", "--quiet")
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
    let page = try self.run("report", "\(name).nc", "-o", "\(name).html")
    #expect(page.status == 0 && page.errors.isEmpty, "\(page.errors)")
    #expect(
      folder.contents()
        == ["\(name) tables", "\(name).html", "\(name).nc", "\(name).yaml", "small.yaml"])
  }

  /// Errors are one line, whatever the names in them.
  @Test func namesOfSeveralLines() throws {
    let result = try run("limit", "no\nsuch.yaml", "-o", "out.nc")
    #expect(result.status == 66)
    #expect(result.errors == "infwidth: error: no\\nsuch.yaml: no such configuration file\n")
  }

  /// A named pipe that nobody writes to does not make the program wait; one that is written to is read.
  @Test func pipesAsConfigurations() throws {
    let empty = try shell("mkfifo pipe; timeout 200 \"$infwidth\" limit pipe -o out.nc; echo $?")
    #expect(empty.output == "65\n")
    #expect(
      empty.errors
        == "infwidth: error: pipe: the file is empty; it must hold at least the section data:\n")
    let read = try shell(
      "timeout 200 \"$infwidth\" limit <(sleep 0.2; cat small.yaml) -o out.nc --quiet; echo -n $?")
    #expect(read.output.hasSuffix("\n0") && read.errors.isEmpty, "\(read.errors)")
  }
}
