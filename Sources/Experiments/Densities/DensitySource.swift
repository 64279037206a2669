import DataIO
import Diagnostics
import Measures
import Networks
import ParticleSystems

/// Where the particles of densities come from.
struct DensitySource {
  enum Kind {
    /// The run's own, at some of its snapshots.
    case stored(MeasureFile, snapshots: [Int])
    /// Fresh ones in its driving field.
    case driven(DrivenLimitJob)
  }

  let kind: Kind
  /// Training steps of the snapshots.
  let steps: [Int]
  let particles: Int
  let outputs: Int
  let features: Int

  /// - Parameters:
  ///   - path: RUN.nc.
  ///   - storedSteps: of the run's own snapshots.
  ///   - experiment: of the run, for fresh particles.
  /// - Throws: `Diagnostic` where the file holds no particles, or no field that drives fresh ones, and
  ///   where a snapshot is not there.
  init(
    _ path: String, request: DensityRequest, options: RunOptions, storedSteps: [Int]?,
    experiment: () throws -> Experiment
  ) throws {
    if let count = request.particles {
      let experiment = try experiment()
      let driven = try DrivenLimitJob(
        experiment, from: path, options: options, particles: count, option: "--particles")
      let last = driven.job.settings.steps
      kind = .driven(driven)
      steps = try Self.steps(request.snapshots ?? storedSteps ?? [0, last], upTo: last)
      particles = driven.job.particles
      outputs = experiment.problem.outputs
      features = experiment.featureCount
    } else {
      let file = try MeasureFile(path)
      let snapshots = try Self.snapshots(request.snapshots, of: file.steps)
      kind = .stored(file, snapshots: snapshots)
      steps = snapshots.map { file.steps[$0] }
      particles = file.particles
      outputs = file.outputs
      features = file.features
    }
  }

  /// The particles, group after group.
  func groups(
    _ projector: ParticleProjector, options: RunOptions,
    progress: @escaping (RunProgress) -> Void
  ) -> any ParticleGroups {
    switch kind {
    case .stored(let file, let snapshots):
      StoredParticles(
        file: file, snapshots: snapshots, projector: projector, workers: options.workers,
        progress: progress)
    case .driven(let driven):
      DrivenParticleGroups(job: driven, steps: steps, projector: projector, progress: progress)
    }
  }

  private static func snapshots(_ wanted: [Int]?, of steps: [Int]) throws -> [Int] {
    guard let wanted else { return Array(steps.indices) }
    return try Set(wanted).sorted().map { step in
      guard let index = steps.firstIndex(of: step) else {
        throw Diagnostic(
          .commandLine,
          "received step \(step); accepted: \(wordList(steps.map(String.init))), the snapshots of the"
            + " run", key: "--snapshots")
      }
      return index
    }
  }

  private static func steps(_ wanted: [Int], upTo last: Int) throws -> [Int] {
    let steps = Set(wanted).sorted()
    for step in steps where !(0...last).contains(step) {
      throw Diagnostic(
        .commandLine, "received step \(step); accepted: 0 to \(last)", key: "--snapshots")
    }
    return steps
  }
}

/// Words with commas and an "and" between them.
func wordList(_ words: [String]) -> String {
  guard words.count > 1 else { return words.first ?? "none" }
  return words.dropLast().joined(separator: ", ") + " and " + words.last!
}
