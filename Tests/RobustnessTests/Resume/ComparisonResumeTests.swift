import Foundation
import InfiniteWidth
import Testing

@testable import DataIO

/// Comparisons and densities that are interrupted and continued have the bits of those that are not.
@Suite struct ComparisonResumeTests {
  static let finite = "widths: [8, 16], seeds: 3"
  /// Laws are compared by many sorts of them.
  private static let particles = "particles: 64, replicates: 4"

  static func compare(_ scalings: [String] = []) -> InterruptedRun.Job {
    { experiment, options, output, checkpoints, progress in
      let experiments = try scalings.map {
        var loaded = experiment.loaded
        loaded.replaceScaling(ScalingSection(text: $0)!, option: "--scaling")
        return try Experiment(loaded)
      }
      _ = try ComparisonJob(
        scalings.isEmpty ? [experiment] : experiments, request: ComparisonRequest(),
        options: options
      ).run(output: output, checkpoints: checkpoints, progress: progress)
    }
  }

  /// Densities of fresh particles that follow `whole.nc`.
  static func density(particles: Int, grid: Int? = nil) -> InterruptedRun.Job {
    { experiment, options, output, checkpoints, progress in
      var request = DensityRequest()
      request.particles = particles
      request.gridPoints = grid
      request.snapshots = [0, 3, 12]
      request.projections = try ["a", "w[0],w[1]"].map(ProjectionExpression.init(parsing:))
      let folder = parentFolder(of: output)
      _ = try DensityJob(folder + "/whole.nc", request: request, options: options)
        .run(output: output, checkpoints: checkpoints, progress: progress)
    }
  }

  static let comparisons: [String: (text: String, scalings: [String])] = [
    "coupled": (ResumeTests.text(particles, finite: finite), []),
    "coupled, batches, automatic particles": (
      ResumeTests.text(
        "tolerance: 0.2, replicates: 8", training: ", optimizer: momentum, batch: 5",
        finite: finite), []
    ),
    "deep networks": (
      ResumeTests.text(
        "realizations: 3", scaling: "ntk", training: ", optimizer: momentum",
        network: ResumeTests.deep, record: ", probe_kernels: true", finite: finite), []
    ),
    "deep networks, kernels of each width": (
      ResumeTests.text(
        "realizations: 2", scaling: "ntk",
        network: ResumeTests.deep.replacingOccurrences(of: "standard", with: "naive_standard"),
        finite: finite), []
    ),
    "two layers": (
      ResumeTests.text(
        "particles: 32, replicates: 4",
        network: "activation: leaky_relu, slope: 0.1, hidden_layers: 2",
        finite: finite), []
    ),
    "three layers, rmsprop, batches": (
      ResumeTests.text(
        "particles: 32, replicates: 2", training: ", optimizer: rmsprop, batch: 5",
        network: "activation: relu, hidden_layers: 3", finite: finite), []
    ),
    "own laws": (
      ResumeTests.text("\(particles), realizations: 2", finite: finite),
      ["ic_mean_field"]
    ),
    "kernels beside particles": (
      ResumeTests.text("\(particles), realizations: 2", finite: finite),
      ["ntk", "mean_field"]
    ),
  ]

  @Test(arguments: comparisons.keys.sorted()) func aComparisonHasTheBitsOfTheWhole(name: String)
    throws
  {
    let (text, scalings) = try #require(Self.comparisons[name])
    let run = try InterruptedRun(text, precision: name == "coupled" ? .single : .double)
    defer { run.remove() }
    let job = Self.compare(scalings)
    let whole = try run.undisturbed(job)
    #expect(whole.count > 500)
    for interval in [12, 30] {
      let parts = try run.interrupted(job, every: interval, name: "parts\(interval).nc")
      #expect(parts.interruptions >= 1, "\(interval)")
      #expect(parts.contents.differences(from: whole) == [], "\(interval)")
    }
    #expect(try run.checkpointed(job).differences(from: whole) == [])
    #expect(try run.contents().allSatisfy { $0.hasSuffix(".nc") }, "nothing is left")
  }

  @Test func densitiesOfFreshParticlesHaveTheBitsOfTheWhole() throws {
    let run = try InterruptedRun(ResumeTests.text("particles: 2048, replicates: 2"))
    defer { run.remove() }
    _ = try run.undisturbed(InterruptedRun.limit)
    let job = Self.density(particles: 120_000)
    try run.text.write(toFile: run.folder + "/run.yaml", atomically: true, encoding: .utf8)
    let whole = try run.undisturbed(job, name: "density.nc")
    for interval in [2, 5] {
      let parts = try run.interrupted(job, every: interval, name: "parts\(interval).nc")
      #expect(parts.interruptions >= 3, "\(interval)")
      #expect(parts.contents.differences(from: whole) == [], "\(interval)")
    }
  }

  /// The first setting that differs is named.
  @Test func anotherRequestIsRefused() throws {
    let run = try InterruptedRun(ResumeTests.text(Self.particles, finite: Self.finite))
    defer { run.remove() }
    let path = run.folder + "/cmp.nc"
    let experiment = try Experiment(
      LoadedConfiguration.parse(text: run.text, path: run.folder + "/run.yaml"))
    func compare(_ rateStep: Int?, resumes: Bool) throws {
      let stop = StopRequest()
      let checkpoints = try RunCheckpoints(
        output: path, CheckpointOptions(interval: nil, resumes: resumes, stop: stop))
      _ = try ComparisonJob(
        [experiment], request: ComparisonRequest(rateStep: rateStep),
        options: RunOptions(workers: Workers(count: 1), commandLine: "test")
      ).run(output: path, checkpoints: checkpoints) { _ in _ = stop.make(signal: SIGTERM) }
    }
    #expect(throws: Diagnostic.self) { try compare(nil, resumes: false) }
    let error = #expect(throws: Diagnostic.self) { try compare(0, resumes: true) }
    #expect(
      error?.description
        == "--rate-step: received 0 where \(path).checkpoint has the last; accepted with --resume: the run"
        + " that was interrupted; --force without --resume starts anew")
  }
}
