import DataIO
import Diagnostics
import Measures
import Networks
import ParticleSystems

/// Where the particles of densities come from.
struct DensitySource {
  enum Kind {
    /// A file's own, by hidden layer, at some of its snapshots.
    case stored([MeasureFile], snapshots: [Int])
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
  /// Particles of each hidden layer.
  let layers: [Int]
  let outputs: Int
  let features: Int
  /// Test points at which preactivations are kept.
  let probes: Int

  /// The particles of a limit.
  ///
  /// - Parameters:
  ///   - path: RUN.nc.
  ///   - storedSteps: the steps to look at where the request names none.
  ///   - hiddenLayers: whose populations the file has; `nil` for particles (a, w).
  ///   - experiment: of the run, for fresh particles.
  /// - Throws: `Diagnostic` where the file holds no particles, or no field that drives fresh ones, and
  ///   where a snapshot is not there.
  init(
    _ path: String, request: DensityRequest, options: RunOptions, storedSteps: [Int]?,
    hiddenLayers: Int?, experiment: () throws -> Experiment
  ) throws {
    if let count = request.particles {
      if let hiddenLayers {
        throw Diagnostic(
          .commandLine,
          "received \(count); accepted with \(hiddenLayers) hidden layers: none, the particles are those that"
            + " the run stored", key: "--particles")
      }
      let experiment = try experiment()
      let driven = try DrivenLimitJob(
        experiment, from: path, options: options, particles: count, option: "--particles")
      let last = driven.job.settings.steps
      self.init(
        path: path, kind: .driven(driven),
        steps: try Self.steps(request.snapshots ?? storedSteps ?? [0, last], upTo: last),
        layers: [driven.job.particles], outputs: experiment.problem.outputs,
        features: experiment.featureCount, probes: 0)
    } else {
      try self.init(
        path, try Self.files(path, width: nil, hiddenLayers), width: nil, steps: request.snapshots,
        of: "the run")
    }
  }

  /// The neurons of the nets of each width, pooled over the seeds.
  ///
  /// - Parameters:
  ///   - path: NETS.nc.
  ///   - steps: of the snapshots; `nil` for all.
  ///   - hiddenLayers: as of a limit.
  /// - Throws: `Diagnostic` where the file keeps no weights, where a snapshot is not there, and where the
  ///   nets of one width have other snapshots, features or outputs than those of another.
  static func nets(
    _ path: String, steps: [Int]?, hiddenLayers: Int?
  ) throws -> [DensitySource] {
    let sources = try MeasureFile.widths(path).map { width in
      try DensitySource(
        path, try files(path, width: width, hiddenLayers), width: width, steps: steps, of: path)
    }
    let first = sources[0]
    for source in sources.dropFirst() {
      for (name, mine, theirs) in [
        ("snapshots at steps", source.steps, first.steps),
        ("features", [source.features], [first.features]),
        ("outputs", [source.outputs], [first.outputs]),
        ("probes", [source.probes], [first.probes]),
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
    _ path: String, _ files: [MeasureFile], width: Int?, steps wanted: [Int]?, of owner: String
  ) throws {
    let steps = files[0].steps
    let snapshots = try Self.snapshots(wanted, of: steps, in: owner)
    self.init(
      path: path, kind: .stored(files, snapshots: snapshots), width: width,
      steps: snapshots.map { steps[$0] }, layers: files.map(\.particles),
      outputs: files.last!.outputs, features: files[0].features, probes: files[0].probes)
  }

  /// The populations of all hidden layers.
  private static func files(
    _ path: String, width: Int?, _ hiddenLayers: Int?
  ) throws -> [MeasureFile] {
    guard let hiddenLayers, hiddenLayers > 0 else {
      return [try width.map { try MeasureFile(path, width: $0) } ?? MeasureFile(path)]
    }
    let files = try (1...hiddenLayers).map { try MeasureFile(path, layer: $0, width: width) }
    guard files.allSatisfy({ $0.steps == files[0].steps && $0.probes == files[0].probes }) else {
      throw Diagnostic(
        .badInput,
        "the hidden layers in the file differ in their snapshots or probes; accepted: one run's",
        file: path)
    }
    return files
  }

  private init(
    path: String, kind: Kind, width: Int? = nil, steps: [Int], layers: [Int], outputs: Int,
    features: Int, probes: Int
  ) {
    self.path = path
    self.kind = kind
    self.width = width
    self.steps = steps
    self.layers = layers
    self.outputs = outputs
    self.features = features
    self.probes = probes
  }

  /// Whether the particles are drawn and moved here.
  var isFresh: Bool {
    if case .driven = kind { true } else { false }
  }

  /// " of the nets of width 8", or nothing for a limit.
  var ofNets: String { width.map { " of the nets of width \($0)" } ?? "" }

  /// Nets whose neurons are the particles.
  var seeds: Int? {
    if case .stored(let files, _) = kind { files[0].seeds } else { nil }
  }

  /// The particles of a layer, group after group.
  ///
  /// - Parameters:
  ///   - selection: the layer, and the steps of the snapshots.
  ///   - most: stored particles to read, the first ones; `nil` for all.
  ///   - units: of the run's checkpoints, for fresh particles; stored ones are soon read again.
  func groups(
    _ selection: ProjectionSelection, _ projector: ParticleProjector, options: RunOptions,
    most: Int? = nil,
    units: CheckpointUnits = CheckpointUnits(nil), progress: @escaping (RunProgress) -> Void
  ) -> any ParticleGroups {
    switch kind {
    case .stored(let files, let snapshots):
      let particles = layers[selection.layer - 1]
      return StoredParticles(
        file: files[selection.layer - 1],
        snapshots: snapshots.filter { selection.steps.contains(files[0].steps[$0]) },
        projector: projector, workers: options.workers,
        particles: most.map { min($0, particles) } ?? particles, progress: progress)
    case .driven(let driven):
      return DrivenParticleGroups(
        job: driven, steps: selection.steps, projector: projector, units: units,
        progress: progress)
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
