import Foundation
import InfiniteWidth
import Testing

/// The program itself, killed without warning at random moments and continued each time, ends with the file of a
/// run that nobody disturbed.
@Suite(.serialized) struct KillTests {
  static let kills = isSlow ? 50 : 3

  /// The executable lies beside the test bundle.
  private static let executable = URL(fileURLWithPath: CommandLine.arguments[0])
    .resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("infwidth")

  private func start(_ arguments: [String], in folder: String) throws -> Process {
    let process = Process()
    process.executableURL = Self.executable
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  private func seconds(of body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .seconds(1)
  }

  private func checkKills(_ command: String, _ text: String) throws {
    let run = try InterruptedRun(text)
    defer { run.remove() }
    try text.write(toFile: run.folder + "/run.yaml", atomically: true, encoding: .utf8)
    let time = try seconds {
      let process = try start([command, "run.yaml", "-o", "whole.nc"], in: run.folder)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
    let whole = try FileContents(run.folder + "/whole.nc")
    var (kills, finished, moments) = (0, 0, [Double]())
    while kills < Self.kills || !moments.isEmpty {
      let output = "killed\(finished).nc"
      // Some at the very start, some where the file is written, most between.
      let moment = Double.random(in: 0...(0.7 * time))
      moments.append(moment)
      let process = try start(
        [
          command, "run.yaml", "-o", output, "--resume", "--checkpoint-every", "\(time / 50)",
          "--threads", "\(1 + kills % 2)",
        ], in: run.folder)
      let end = ContinuousClock.now + .seconds(kills < Self.kills ? moment : 1000)
      while process.isRunning, ContinuousClock.now < end { usleep(1000) }
      if process.isRunning {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        // It may have ended by itself just before.
        if process.terminationReason == .uncaughtSignal { kills += 1 }
        continue
      }
      #expect(process.terminationStatus == 0, "killed after \(moments) seconds")
      let contents = try FileContents("\(run.folder)/\(output)")
      #expect(contents.differences(from: whole) == [], "killed after \(moments) seconds")
      finished += 1
      moments = []
    }
    #expect(kills == Self.kills)
    // A run after all that leaves nothing but what it is to leave.
    let last = try start([command, "run.yaml", "-o", "last.nc"], in: run.folder)
    last.waitUntilExit()
    #expect(
      try run.contents()
        == ((0..<finished).map { "killed\($0).nc" } + ["last.nc", "run.yaml", "whole.nc"]).sorted())
    print("\(command): \(kills) kills, \(finished) runs finished, \(time) s for one undisturbed")
  }

  @Test func limits() throws {
    try checkKills(
      "limit",
      ResumeTests.text(
        "particles: 4096, replicates: 4", record: ", every: 10", dimension: 20, steps: 400))
  }

  @Test func networks() throws {
    try checkKills(
      "train",
      ResumeTests.text(
        "", record: ", every: 10", dimension: 20, steps: 300,
        finite: "widths: [16, 64, 256], seeds: 4"))
  }
}
