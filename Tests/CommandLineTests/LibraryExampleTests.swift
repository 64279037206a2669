import Foundation
import InfiniteWidth
import Testing

/// The code of README.md and of the documentation compiles, runs, and stands there as it is run here.
@Suite struct LibraryExampleTests: SmallExperiment {
  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  /// The lines of this file between a remark of this name and the next one.
  private func example(_ name: String) throws -> [String] {
    let text = try String(contentsOf: URL(fileURLWithPath: #filePath), encoding: .utf8)
    let rows = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      String($0.drop { $0 == " " })
    }
    let begin = try #require(rows.firstIndex(of: "// Example: \(name)"))
    let end = try #require(rows[begin...].firstIndex(of: "// End"))
    return Array(rows[(begin + 1)..<end])
  }

  private func expect(_ example: [String], in path: String) throws {
    let file = ExperimentFile.package.appendingPathComponent(path)
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text.contains(example.joined(separator: "\n") + "\n"), "\(path)")
  }

  @Test func aLimitFromSwift() throws {
    let configuration = folder.path + "/small.yaml"
    let output = folder.path + "/run.nc"
    // Example: limit
    let experiment = try Experiment(LoadedConfiguration.load(path: configuration))
    let job = try LimitJob(experiment, options: RunOptions(commandLine: "my program"))
    let outcome = try job.run(output: output)
    print(outcome.trajectory.testLoss, outcome.error)
    // End
    #expect(outcome.trajectory.testLoss.count == 7)
    #expect(outcome.trajectory.testLoss.last! < outcome.trajectory.testLoss[0])
    #expect(folder.exists("run.nc"))
    let lines = try example("limit")
    try expect(lines, in: "README.md")
    try expect(lines, in: "Sources/InfiniteWidth/InfiniteWidth.docc/InfiniteWidth.md")
  }

  @Test func aRegimeFromSwift() throws {
    // Example: regime
    let regime = Regime(Scaling(qSigma: -0.75, qEta: 0.5))
    print(regime.limit?.title ?? "none", regime.alpha, regime.beta, regime.gamma)
    // End
    #expect(
      "\(regime.limit?.title ?? "none") \(regime.alpha) \(regime.beta) \(regime.gamma)"
        == "intermediate -0.25 0 -0.25")
    try expect(example("regime"), in: "Sources/InfiniteWidth/InfiniteWidth.docc/Scalings.md")
  }
}
