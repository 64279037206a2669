import Foundation
import InfiniteWidth
import Testing

/// Two programs that are to make one output: the second refuses at once.
@Suite struct OneRunTests: SmallExperiment {
  let folder: Program.Folder

  init() throws { folder = try Self.longFolder() }

  private static let lock = ".infwidth-run.nc.lock"

  private func start(_ arguments: String...) throws -> Process {
    let process = Process()
    process.executableURL = Program.executable
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let deadline = Date(timeIntervalSinceNow: 30)
    while !folder.exists(Self.lock), Date() < deadline { usleep(1000) }
    #expect(folder.exists(Self.lock))
    return process
  }

  @Test func theSecondRefuses() throws {
    let first = try start("limit", "long.yaml", "-o", "run.nc", "--quiet")
    for arguments in [
      ["limit", "long.yaml"], ["limit", "long.yaml", "--resume"],
      ["limit", "long.yaml", "--force"],
      ["train", "small.yaml"], ["compare", "small.yaml"], ["density", "missing.nc"],
    ] {
      let result = try Program.run(arguments + ["-o", "run.nc", "--quiet"], in: folder)
      #expect(result.status == 74)
      #expect(
        result.errors
          == "infwidth: error: run.nc: a run of this output is going on; wait for it, or choose another"
          + " name\n", "\(arguments)")
    }
    // Others go on, and a plan needs no output.
    #expect(try run("limit", "small.yaml", "-o", "other.nc", "--quiet").status == 0)
    #expect(try run("limit", "small.yaml", "-o", "run.nc", "--dry-run").status == 0)
    #expect(first.isRunning)
    // A second signal, and a kill, leave no lock that anybody would respect.
    kill(first.processIdentifier, SIGKILL)
    first.waitUntilExit()
    #expect(folder.exists(Self.lock))
    #expect(try run("limit", "small.yaml", "-o", "run.nc", "--quiet").status == 0)
    #expect(folder.contents() == ["long.yaml", "other.nc", "run.nc", "small.yaml"])
  }

  /// Both begin at once: one runs, the other says so.
  @Test func oneOfTwoRuns() throws {
    for round in 1...5 {
      let output = "run\(round).nc"
      let processes = try (1...2).map { _ in
        let process = Process()
        process.executableURL = Program.executable
        process.arguments = ["limit", "long.yaml", "-o", output, "--quiet"]
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
      }
      let deadline = Date(timeIntervalSinceNow: 30)
      while processes.allSatisfy(\.isRunning), Date() < deadline { usleep(1000) }
      let ended = processes.filter { !$0.isRunning }
      #expect(ended.map(\.terminationStatus) == [74])
      for process in processes where process.isRunning {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }
    }
  }
}
