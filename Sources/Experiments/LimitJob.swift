import DataIO
import Diagnostics
import Dynamics
import Measures
import Networks
import ParticleSystems

/// `infwidth limit`: the limit of the configured scaling, from a configuration to RUN.nc.
public struct LimitJob: Sendable {
  public let experiment: Experiment
  public let options: RunOptions
  public let particles: Int
  public let replicates: Int
  public let design: SampleDesign

  /// Independent replicates where the configuration leaves the number to the program: enough for an
  /// error estimate, few enough that each keeps most of the particles.
  static let automaticReplicates = 4

  /// - Parameter particles: replaces `limit.particles`.
  /// - Throws: `Diagnostic` where a setting does not fit or is not available.
  public init(
    _ experiment: Experiment, options: RunOptions, particles: Int? = nil
  ) throws {
    self.experiment = experiment
    self.options = options
    let limit = experiment.configuration.limit
    do {
      try Self.checkScaling(experiment.scaling)
      if limit.dynamics != .discrete {
        throw Availability.refusal(
          limit.dynamics.rawValue, of: "limit.dynamics", available: "discrete")
      }
      design = try Self.design(limit.design)
      self.particles = try particles ?? Self.particles(limit.particles)
      if case .fixed(let count) = limit.replicates {
        replicates = count
      } else {
        replicates = Self.automaticReplicates
      }
      let unit = replicates * design.groupSize
      guard self.particles % unit == 0, self.particles > 0 else {
        throw Diagnostic(
          .badInput,
          "received \(self.particles); accepted: a multiple of \(unit) (\(replicates) replicates of"
            + " particles in groups of \(design.groupSize)), such as"
            + " \((self.particles / unit + 1) * unit)", key: "limit.particles")
      }
      try checkMemory(
        particles: self.particles, features: experiment.featureCount,
        precision: options.precision, key: "limit.particles", advice: "lower limit.particles")
    } catch let diagnostic as Diagnostic {
      throw experiment.loaded.locate(diagnostic)
    }
  }

  private static func checkScaling(_ scaling: Scaling) throws {
    if scaling != .meanField {
      throw Availability.refusal(
        "q_sigma \(scaling.outputScaleExponent), q_a \(scaling.outputRateExponent),"
          + " q_w \(scaling.inputRateExponent)", of: "scaling",
        available: "mean_field (q_sigma -1, q_eta 1) for limits; `train` takes any scaling")
    }
  }

  private static func design(_ name: String) throws -> SampleDesign {
    if name == "auto" { return .antithetic }
    let known = SampleDesign.allCases.map(\.rawValue)
    guard let design = SampleDesign(rawValue: name) else {
      throw Availability.refusal(
        name, of: "limit.design", available: (["auto"] + known).joined(separator: ", "))
    }
    return design
  }

  private static func particles(_ setting: CountSetting) throws -> Int {
    guard case .fixed(let count) = setting else {
      throw Availability.refusal(
        "auto", of: "limit.particles", available: "a number of particles, such as 16384")
    }
    return count
  }

  /// The mean-field limit that the job runs.
  var limit: MeasureLimit {
    MeasureLimit(
      particles: particles, replicates: replicates,
      sample: InitialSample(
        law: experiment.law, design: design, seed: experiment.seed(options), use: .limit),
      settings: experiment.settings(
        step: .meanFieldLimit(of: experiment.reference),
        snapshots: experiment.configuration.record.snapshots, decomposes: false))
  }

  /// Runs the limit and writes `output`.
  ///
  /// - Throws: `Diagnostic` of kind `outputFailure` where the file cannot be written; nothing is left
  ///   behind then.
  public func run(
    output: String, progress: (RunProgress) -> Void = { _ in }
  ) throws -> Trajectory {
    switch options.precision {
    case .single: try run(in: Float.self, output, progress)
    case .double: try run(in: Double.self, output, progress)
    }
  }

  private func run<Scalar: ParticleScalar & NetCDFElement>(
    in precision: Scalar.Type, _ output: String, _ progress: (RunProgress) -> Void
  ) throws -> Trajectory {
    let limit = limit
    let snapshots = limit.settings.snapshots.sorted()
    let features = experiment.featureCount
    let writer = try RunFileWriter(
      path: output, force: options.force,
      RunFileDescription(
        metadata: experiment.metadata(
          options, extra: ["replicates": .int(replicates), "design": .text(design.rawValue)]),
        limit: experiment.limitDescription, particles: particles, realizations: 1,
        recording: experiment.recording(limit.settings),
        measure: snapshots.isEmpty
          ? nil
          : MeasureDescription(
            snapshotSteps: snapshots, particles: particles, features: features, outputs: 1,
            isSinglePrecision: options.precision == .single)))
    if !snapshots.isEmpty {
      try writer.writeMass(Array(repeating: 1 / Double(particles), count: particles))
    }
    let trajectory = try limit.run(
      in: Scalar.self, workers: options.workers,
      progress: {
        progress(
          RunProgress(
            fraction: Double($0) / Double(limit.settings.steps), activity: "limit, step \($0)"))
      },
      snapshot: { step, measure in
        guard let index = snapshots.firstIndex(of: step) else { return }
        try measure.forEachPart { first, outputWeights, inputWeights in
          try writer.writeSnapshotBlock(
            snapshotIndex: index, firstParticle: first, outputWeights: outputWeights,
            inputWeights: inputWeights, rows: outputWeights.count)
        }
      })
    try writer.write(trajectory)
    try writer.finish()
    return trajectory
  }
}
