import Foundation
import InfiniteWidth
import Testing

/// Densities that were interrupted, of a file that has changed since: what has changed is named.
@Suite struct ResumedDensityTests: SmallExperiment {
  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  private static let rest =
    "; accepted with --resume: the run that was interrupted; --force without --resume starts anew\n"
  private let density = [
    "density", "run.nc", "-o", "density.nc", "--particles", "2000000", "--project", "a", "--quiet",
  ]

  private func interrupt() throws {
    let process = Process()
    process.executableURL = Program.executable
    process.arguments = density + ["--checkpoint-every", "0.01"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardError = FileHandle.nullDevice
    try process.run()
    let deadline = Date(timeIntervalSinceNow: 60)
    while !folder.exists("density.nc.checkpoint"), Date() < deadline { usleep(10_000) }
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationStatus == 75)
  }

  private func refusal(_ options: String...) throws -> String {
    let result = try Program.run(density + ["--resume"] + options, in: folder)
    #expect(result.status == 65)
    return result.errors
  }

  @Test func whatHasChangedIsNamed() throws {
    #expect(try run("limit", "small.yaml", "-o", "run.nc", "--quiet").status == 0)
    #expect(try run("train", "small.yaml", "-o", "nets.nc", "--quiet").status == 0)
    try interrupt()
    let place = "where density.nc.checkpoint has"
    #expect(
      try refusal("--nets", "nets.nc")
        == "infwidth: error: --nets: received a file \(place) none\(Self.rest)")
    #expect(
      try refusal("--grid", "64")
        == "infwidth: error: --grid: received 64 \(place) auto\(Self.rest)")
    // Of another experiment: the first setting that differs.
    try write("other.yaml", replacing: "learning_rate: 0.2", with: "learning_rate: 0.3")
    #expect(try run("limit", "other.yaml", "-o", "run.nc", "--quiet", "--force").status == 0)
    #expect(
      try refusal()
        == "infwidth: error: run.nc: training.learning_rate: received 0.3 \(place) 0.2\(Self.rest)")
    // Of the same one: when it was made.
    sleep(1)
    #expect(try run("limit", "small.yaml", "-o", "run.nc", "--quiet", "--force").status == 0)
    let text = try refusal()
    #expect(text.hasPrefix("infwidth: error: run.nc: received one made at 2"), "\(text)")
    #expect(text.contains("Z \(place) one made at 2") && text.hasSuffix("Z\(Self.rest)"), "\(text)")
    #expect(text.utf8.count < 250)
  }
}
