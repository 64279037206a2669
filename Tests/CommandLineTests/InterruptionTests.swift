import Foundation
import InfiniteWidth
import Testing

/// Signals, and the runs that are continued after them.
@Suite struct InterruptionTests: SmallExperiment {
  let folder: Program.Folder

  init() throws { folder = try Self.longFolder() }

  /// Starts a program and waits until its unfinished files are there, each with a lock beside it, and the lock of
  /// its output.
  private func start(_ arguments: [String], files: Int = 5) throws -> (Process, Pipe) {
    let before = folder.contents().count
    let process = Process()
    process.executableURL = Program.executable
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardOutput = FileHandle.nullDevice
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let deadline = Date(timeIntervalSinceNow: 30)
    while folder.contents().count < before + files, Date() < deadline { usleep(20_000) }
    #expect(folder.contents().count == before + files)
    return (process, errors)
  }

  private func end(_ process: Process, _ errors: Pipe) -> String {
    let text = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: text, as: UTF8.self)
  }

  @Test(
    arguments: [(SIGINT, "SIGINT"), (SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP")], ["limit", "train"])
  func aSignalEndsARunWithACheckpoint(signal: (number: Int32, name: String), command: String) throws
  {
    // A signal that the tests were started to ignore, as by nohup, would be ignored by the program too.
    Foundation.signal(signal.number, SIG_DFL)
    let (process, errors) = try start([command, "long.yaml", "-o", "run.nc", "--quiet"])
    kill(process.processIdentifier, signal.number)
    let text = end(process, errors)
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 75)
    #expect(
      text
        == "infwidth: stopping with a checkpoint after the present step; a second signal, a second or more"
        + " later, stops at once\n"
        + "infwidth: run.nc: stopped by \(signal.name) with a checkpoint written; the same command with"
        + " --resume continues the run\n")
    #expect(
      folder.contents()
        == ["long.yaml", "run.nc.checkpoint", "run.nc.checkpoint.journal", "small.yaml"])
    let again = try run(command, "long.yaml", "-o", "run.nc", "--quiet")
    #expect(again.status == 74)
    #expect(
      again.errors
        == "infwidth: error: run.nc: an interrupted run has left a checkpoint of this file; give --resume to"
        + " continue it, or --force to start anew\n")
  }

  @Test func anotherConfigurationIsRefusedWithItsPlace() throws {
    let (process, errors) = try start(["limit", "long.yaml", "-o", "run.nc", "--quiet"])
    kill(process.processIdentifier, SIGTERM)
    _ = end(process, errors)
    let text = Self.small.replacingOccurrences(of: "steps: 6", with: "steps: 1000000")
      .replacingOccurrences(of: "record:", with: "record:\n  every: 100000")
    func refusal(_ changed: String, _ options: String...) throws -> String {
      try folder.write("long.yaml", changed)
      let result = try Program.run(
        ["limit", "long.yaml", "-o", "run.nc", "--quiet", "--resume"] + options, in: folder)
      #expect(result.status == 65)
      return result.errors
    }
    let rest =
      "; accepted with --resume: the run that was interrupted; --force without --resume starts anew\n"
    let place = "where run.nc.checkpoint has"
    #expect(
      try refusal(text.replacingOccurrences(of: "rate: 0.2", with: "rate: 0.3"))
        == "infwidth: error: long.yaml:11: training.learning_rate: received 0.3 \(place) 0.2\(rest)"
    )
    #expect(
      try refusal(text, "--seed", "8")
        == "infwidth: error: --seed: received 8 \(place) 1\(rest)")
    #expect(
      try refusal(text, "--precision", "double")
        == "infwidth: error: --precision: received double \(place) single\(rest)")
    #expect(
      try refusal(text, "--particles", "512")
        == "infwidth: error: --particles: received 512 \(place) 256\(rest)")
    // What the command does not use may change.
    try folder.write("long.yaml", text.replacingOccurrences(of: "seeds: 3", with: "seeds: 4"))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/run.nc.checkpoint"))
    var damaged = bytes
    damaged[damaged.count / 2] ^= 1
    try damaged.write(to: URL(fileURLWithPath: folder.path + "/run.nc.checkpoint"))
    let result = try run("limit", "long.yaml", "-o", "run.nc", "--quiet", "--resume")
    #expect(result.status == 65)
    #expect(result.errors.contains("run.nc.checkpoint cannot be used: "), "\(result.errors)")
  }

  @Test func aSecondSignalStopsAtOnce() throws {
    // One step takes many seconds.
    try folder.write(
      "slow.yaml",
      Self.small.replacingOccurrences(of: "particles: 256", with: "particles: 8388608")
        .replacingOccurrences(of: "snapshots: [0, 6]", with: "every: 6"))
    let (process, errors) = try start(["limit", "slow.yaml", "-o", "run.nc", "--quiet"], files: 3)
    kill(process.processIdentifier, SIGTERM)
    // As coreutils' timeout does, which signals its child and then its group: one request.
    kill(process.processIdentifier, SIGTERM)
    usleep(100_000)
    kill(process.processIdentifier, SIGINT)
    usleep(300_000)
    #expect(process.isRunning)
    usleep(1_000_000)
    kill(process.processIdentifier, SIGTERM)
    _ = end(process, errors)
    #expect(process.terminationReason == .uncaughtSignal)
    #expect(process.terminationStatus == SIGTERM)
    #expect(folder.contents() == ["long.yaml", "slow.yaml", "small.yaml"])
  }

  @Test func resumingWhatIsFinishedOrNotBegun() throws {
    let first = try run("limit", "small.yaml", "-o", "run.nc", "--resume")
    #expect(first.status == 0)
    #expect(
      first.errors
        == "infwidth: note: there is no checkpoint of run.nc, starting from the beginning\n")
    let second = try run("limit", "small.yaml", "-o", "run.nc", "--resume")
    #expect(second.status == 0 && second.output.isEmpty)
    #expect(second.errors == "infwidth: note: run.nc is finished, nothing is left to do\n")
    #expect(try run("limit", "small.yaml", "-o", "run.nc").status == 74)
    // What is there is not what would be made.
    let rest =
      "; accepted with --resume: the finished file of this run, or none; --force without --resume starts anew\n"
    let other = try run("limit", "long.yaml", "-o", "run.nc", "--resume", "--quiet")
    #expect(other.status == 65)
    #expect(
      other.errors.hasSuffix(
        "training.steps: received 1000000 where the finished file run.nc has 6" + rest))
    let seed = try run("limit", "small.yaml", "-o", "run.nc", "--resume", "--seed", "9", "--quiet")
    #expect(seed.status == 65)
    #expect(
      seed.errors
        == "infwidth: error: --seed: received 9 where the finished file run.nc has 1" + rest)
    let large = try run(
      "limit", "small.yaml", "-o", "run.nc", "--resume", "--seed", "18446744073709551615",
      "--quiet")
    #expect(large.status == 65)
    #expect(large.errors.contains("--seed: received 18446744073709551615 where"))
    try folder.write(
      "every.yaml",
      Self.small.replacingOccurrences(of: "snapshots: [0, 6]", with: "every: 6"))
    for (options, key, mine, theirs) in [
      (["small.yaml", "--particles", "512"], "--particles", "512", "256"),
      (["small.yaml", "--precision", "double"], "--precision", "double", "single"),
      (["small.yaml", "--tolerance", "0.5"], "--tolerance", "0.5", "none"),
      (["every.yaml"], "record.every", "6", "1"),
    ] {
      let other = try Program.run(
        ["limit", "-o", "run.nc", "--resume", "--quiet"] + options, in: folder)
      #expect(other.status == 65)
      #expect(
        other.errors.hasSuffix(
          "\(key): received \(mine) where the finished file run.nc has \(theirs)" + rest),
        "\(other.errors)")
    }
    try FileManager.default.removeItem(atPath: folder.path + "/every.yaml")
    let kind = try run("train", "small.yaml", "-o", "run.nc", "--resume", "--quiet")
    #expect(
      kind.errors
        == "infwidth: error: run.nc: received a file of the kind run, not nets" + rest)
    try folder.write("text.nc", "hello")
    let text = try run("limit", "small.yaml", "-o", "text.nc", "--resume", "--quiet")
    #expect(text.status == 65)
    #expect(text.errors.hasPrefix("infwidth: error: text.nc: not the file of a finished run: "))
    try FileManager.default.removeItem(atPath: folder.path + "/text.nc")
    let both = try run("limit", "small.yaml", "-o", "run.nc", "--resume", "--force")
    #expect(both.status == 64)
    #expect(both.errors.contains("give one of them"))
    #expect(folder.contents() == ["long.yaml", "run.nc", "small.yaml"])
  }

  @Test(arguments: ["-1", "nan", "inf", "-inf", "0x10", "1e400", "1,5", "60s", "1_000", "٣"])
  func badIntervalsAreRefused(value: String) throws {
    let result = try run(
      "limit", "small.yaml", "-o", "run.nc", "--checkpoint-every", value)
    #expect(result.status == 64)
    #expect(
      result.errors.hasPrefix(
        "infwidth: error: --checkpoint-every: received \(value); accepted: seconds, or 0 for none"),
      "\(result.errors)")
  }

  @Test(arguments: ["0", "0.0", "1e-3", "2.5", "+3", ".5", "1e9"])
  func intervalsAreDecimalNumbers(value: String) throws {
    let result = try run(
      "limit", "small.yaml", "-o", "run.nc", "--checkpoint-every", value, "--quiet")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
  }

  /// A hangup that the caller has blocked, as `nohup` does, does not end a run.
  @Test func nohup() throws {
    let script = "trap '' HUP; exec \"$0\" limit long.yaml -o run.nc --quiet"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script, Program.executable.path]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardError = FileHandle.nullDevice
    try process.run()
    let deadline = Date(timeIntervalSinceNow: 30)
    while folder.contents().count < 7, Date() < deadline { usleep(20_000) }
    kill(process.processIdentifier, SIGHUP)
    usleep(300_000)
    #expect(process.isRunning)
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationStatus == 75)
  }
}
