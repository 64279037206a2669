import DataIO
import Diagnostics
import Measures
import Networks
import ParticleSystems

/// Where the particles of densities come from.
struct DensitySource {
  enum Kind {
    /// A file's own, at some of its snapshots.
    case stored(MeasureFile, snapshots: [Int])
    /// Fresh ones in its driving field.
    case driven(DrivenLimitJob)
  }

  /// The file that they come from.
  let path: String
  let kind: Kind
  /// Hidden neurons of the nets that the particles belong to; `nil` for a limit.
  let width: Int?
  /// Training steps of the snapshots.
  let steps: [Int]
  let particles: Int
  let outputs: Int
  let features: Int

  /// The particles of a limit.
  ///
  /// - Parameters:
  ///   - path: RUN.nc.
  ///   - storedSteps: the steps to look at where the request names none.
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
      self.init(
        path: path, kind: .driven(driven),
        steps: try Self.steps(request.snapshots ?? storedSteps ?? [0, last], upTo: last),
        particles: driven.job.particles, outputs: experiment.problem.outputs,
        features: experiment.featureCount)
    } else {
      try self.init(
        path, try MeasureFile(path), width: nil, steps: request.snapshots, of: "the run")
    }
  }

  /// The neurons of the nets of each width, pooled over the seeds.
  ///
  /// - Parameters:
  ///   - path: NETS.nc.
  ///   - steps: of the snapshots; `nil` for all.
  /// - Throws: `Diagnostic` where the file keeps no weights, where a snapshot is not there, and where the
  ///   nets of one width have other snapshots, features or outputs than those of another.
  static func nets(_ path: String, steps: [Int]?) throws -> [DensitySource] {
    let sources = try MeasureFile.widths(path).map { width in
      try DensitySource(
        path, try MeasureFile(path, width: width), width: width, steps: steps, of: path)
    }
    let first = sources[0]
    for source in sources.dropFirst() {
      for (name, mine, theirs) in [
        ("snapshots at steps", source.steps, first.steps),
        ("features", [source.features], [first.features]),
        ("outputs", [source.outputs], [first.outputs]),
      ] where mine != theirs {
        throw Diagnostic(
          .badInput,
          "the nets of width \(source.width!) have \(name) \(wordList(mine.map(String.init))), those of"
            + " width \(first.width!) have \(wordList(theirs.map(String.init))); accepted: weights of nets"
            + " that infwidth train made in one run", file: path)
      }
    }
    return sources
  }

  private init(
    _ path: String, _ file: MeasureFile, width: Int?, steps wanted: [Int]?, of owner: String
  ) throws {
    let snapshots = try Self.snapshots(wanted, of: file.steps, in: owner)
    self.init(
      path: path, kind: .stored(file, snapshots: snapshots), width: width,
      steps: snapshots.map { file.steps[$0] }, particles: file.particles, outputs: file.outputs,
      features: file.features)
  }

  private init(
    path: String, kind: Kind, width: Int? = nil, steps: [Int], particles: Int, outputs: Int,
    features: Int
  ) {
    self.path = path
    self.kind = kind
    self.width = width
    self.steps = steps
    self.particles = particles
    self.outputs = outputs
    self.features = features
  }

  /// Whether the particles are drawn and moved here.
  var isFresh: Bool {
    if case .driven = kind { true } else { false }
  }

  /// " of the nets of width 8", or nothing for a limit.
  var ofNets: String { width.map { " of the nets of width \($0)" } ?? "" }

  /// Nets whose neurons are the particles.
  var seeds: Int? {
    if case .stored(let file, _) = kind { file.seeds } else { nil }
  }

  /// The particles, group after group.
  ///
  /// - Parameters:
  ///   - most: stored particles to read, the first ones; `nil` for all.
  ///   - units: of the run's checkpoints, for fresh particles; stored ones are soon read again.
  func groups(
    _ projector: ParticleProjector, options: RunOptions, most: Int? = nil,
    units: CheckpointUnits = CheckpointUnits(nil), progress: @escaping (RunProgress) -> Void
  ) -> any ParticleGroups {
    switch kind {
    case .stored(let file, let snapshots):
      StoredParticles(
        file: file, snapshots: snapshots, projector: projector, workers: options.workers,
        particles: most.map { min($0, particles) } ?? particles, progress: progress)
    case .driven(let driven):
      DrivenParticleGroups(
        job: driven, steps: steps, projector: projector, units: units, progress: progress)
    }
  }

  private static func snapshots(
    _ wanted: [Int]?, of steps: [Int], in owner: String
  ) throws -> [Int] {
    guard let wanted else { return Array(steps.indices) }
    return try Set(wanted).sorted().map { step in
      guard let index = steps.firstIndex(of: step) else {
        throw Diagnostic(
          .commandLine,
          "received step \(step); accepted: \(wordList(steps.map(String.init))), the snapshots of"
            + " \(owner)", key: "--snapshots")
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
