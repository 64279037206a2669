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
  /// Particles of one realization, or of the sample that kernels are averaged over; 0 where the
  /// limit needs none.
  public let particles: Int
  /// Independent parts of the particles, for the error.
  public let replicates: Int
  /// Realizations of the random initial function; 1 where the limit has none.
  public let realizations: Int
  public let design: SampleDesign
  /// Coordinates of the particles, where the measure moves.
  let basis: InputBasis?
  let rule: TrainingRule
  /// Of the integrator of gradient flow; `nil` for training steps as they are.
  let flowTolerance: Double?

  /// Independent replicates where the configuration leaves the number to the program: enough for an
  /// error estimate, few enough that each keeps most of the particles.
  static let automaticReplicates = 8

  /// - Parameter particles: replaces `limit.particles`.
  /// - Throws: `Diagnostic` where a setting does not fit or is not available.
  public init(
    _ experiment: Experiment, options: RunOptions, particles: Int? = nil
  ) throws {
    self.experiment = experiment
    self.options = options
    let limit = experiment.configuration.limit
    do {
      try LimitExistence.check(
        experiment.regime, loss: experiment.loss, outputs: experiment.problem.outputs)
      rule = TrainingRule(experiment.regime)
      flowTolerance = try FlowSettings.tolerance(
        experiment, rule: rule, precision: options.precision)
      basis = experiment.regime.measure == .moves ? Self.basis(experiment) : nil
      design = try Self.design(limit.design, experiment, basis)
      realizations = rule.offset == .never ? 1 : limit.realizations
      let needsParticles =
        experiment.regime.measure == .moves || experiment.law.shape != .gaussian
      if needsParticles {
        self.particles = try particles ?? Self.particles(limit.particles, experiment)
        replicates =
          if case .fixed(let count) = limit.replicates { count } else {
            Self.automaticReplicates
          }
        try Self.checkDivision(
          self.particles, replicates, design, key: Self.key(particles))
      } else {
        self.particles = 0
        replicates = 1
      }
      try experiment.checkSeed(options)
      try checkMemory(key: Self.key(particles))
    } catch let diagnostic as Diagnostic {
      throw experiment.loaded.locate(diagnostic)
    }
  }

  /// Whether the measure moves: the limit is then a measure of particles, else a constant kernel.
  public var movesMeasure: Bool { experiment.regime.measure == .moves }

  /// How the particles are kept, for people; empty where there are none that move.
  public var representationText: String {
    guard let basis else { return "" }
    if flowTolerance != nil { return ", along gradient flow" }
    let moving = "\(basis.movingCoordinates) of \(basis.inputFeatures) directions move"
    switch MeasureLimit.Representation.cheaper(
      settings: settings, coordinates: basis.coordinates)
    {
    case .direct: return ", kept as weights; \(moving)"
    case .preactivations: return ", kept as training preactivations; \(moving)"
    }
  }

  /// Where the number of particles was given.
  private static func key(_ particles: Int?) -> String {
    particles == nil ? "limit.particles" : "--particles"
  }

  /// RMSProp goes coordinate by coordinate; all other steps move w in the span of the training
  /// inputs. What a Gaussian w has outside it is integrated out at the test points, where the
  /// activation has a closed form for that.
  private static func basis(_ experiment: Experiment) -> InputBasis {
    let integrates =
      experiment.law.shape == .gaussian && experiment.architecture.activation != .tanh
    return InputBasis(
      experiment.problem, architecture: experiment.architecture,
      span: experiment.training.optimizer == .rmsprop
        ? .everything : integrates ? .trainingInputs : .allInputs)
  }

  private static func design(
    _ name: String, _ experiment: Experiment, _ basis: InputBasis?
  ) throws -> SampleDesign {
    // Kernels averaged over particles: the law of a enters exactly, and independent draws do.
    guard let basis else { return .independent }
    let coordinates =
      DesignedParticles.drawnFeatures(experiment.law, basis) + experiment.problem.outputs
    let isHomogeneous =
      experiment.architecture.activation.negativeSlope != nil
      && experiment.training.optimizer != .rmsprop
    let automatic = SampleDesign.automatic(
      shape: experiment.law.shape, coordinates: coordinates, isHomogeneous: isHomogeneous)
    if name == "auto" { return automatic }
    guard let design = SampleDesign(name: name) else {
      throw Diagnostic(
        .badInput,
        "received \(name); accepted: auto, or words joined by +, at most one of independent, sobol,"
          + " sphere, at most one of antithetic, reflected, quadruples, and moments, radius"
          + " (sphere stands alone)", key: "limit.design")
    }
    if let reason = design.misfit(
      shape: experiment.law.shape, coordinates: coordinates, isHomogeneous: isHomogeneous)
    {
      throw Diagnostic(
        .badInput,
        "received \(name), but \(reason); auto would choose \(automatic.name)",
        key: "limit.design")
    }
    return design
  }

  private static func particles(_ setting: CountSetting, _ experiment: Experiment) throws -> Int {
    guard case .fixed(let count) = setting else {
      if !experiment.loaded.gives("limit.particles") {
        throw Diagnostic(
          .badInput, "missing; give a number of particles, such as 16384, or --particles",
          key: "limit.particles")
      }
      throw Availability.refusal(
        "auto", of: "limit.particles", available: "a number of particles, such as 16384")
    }
    return count
  }

  private static func checkDivision(
    _ particles: Int, _ replicates: Int, _ design: SampleDesign, key: String
  ) throws {
    let unit = replicates * design.groupSize
    guard particles % unit == 0, particles > 0 else {
      throw Diagnostic(
        .badInput,
        "received \(particles); accepted: a multiple of \(unit) (\(replicates) replicates of"
          + " particles in groups of \(design.groupSize)), such as"
          + " \((particles / unit + 1) * unit)", key: key)
    }
  }

  private func checkMemory(key: String) throws {
    let features = experiment.featureCount
    if movesMeasure {
      let total = particles.multipliedReportingOverflow(by: realizations)
      let several = realizations == 1 ? "" : "\(realizations) realizations of "
      try Experiments.checkMemory(
        bytes: total.overflow
          ? .infinity
          : flowTolerance == nil
            ? experiment.particleBytes(total.partialValue, precision: options.precision)
            : experiment.flowBytes(total.partialValue, precision: options.precision),
        what: "\(several)\(particles) particles with \(features) features need", key: key,
        advice: "lower the number of particles")
    } else {
      let points = Double(experiment.problem.trainingCount + experiment.problem.testCount)
      try Experiments.checkMemory(
        bytes: 8 * points * points * Double(3 + replicates),
        what: "kernels of \(Int(points)) points need", key: "data.train",
        advice: "lower data.train or data.test")
    }
    try settings.checkRecord(members: realizations, of: "realizations")
  }

  var settings: TrainingSettings {
    experiment.settings(
      step: .meanFieldLimit(of: experiment.reference),
      snapshots: movesMeasure ? experiment.configuration.record.snapshots : [],
      decomposes: false)
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
    let settings = settings
    // Checked before the kernels are made, which may take long.
    try checkDestination(output, force: options.force)
    let kernels = try LimitKernels(self)
    let limit = basis.map { measureLimit(settings, $0, kernels) }
    let file = try LimitFile(
      self, settings: settings, kernels: kernels,
      measure: limit.flatMap { measure(of: $0, settings) }, output: output)
    let report = { (update: Int) in
      progress(
        RunProgress(
          fraction: Double(update) / Double(settings.steps), activity: "limit, step \(update)"))
    }
    let trajectory: Trajectory
    if let limit {
      trajectory = try limit.run(
        in: Scalar.self, workers: options.workers, progress: report,
        snapshot: { try file.write($1, step: $0) })
    } else {
      trajectory = KernelLimit(
        kernels: kernels.tangent, settings: settings, rule: rule,
        initialFunctions: kernels.initialFunctions, flowTolerance: flowTolerance
      ).run(progress: report)
    }
    try file.finish(trajectory)
    return trajectory
  }

  private func measureLimit(
    _ settings: TrainingSettings, _ basis: InputBasis, _ kernels: LimitKernels
  ) -> MeasureLimit {
    MeasureLimit(
      particles: particles, replicates: replicates, law: experiment.law, design: design,
      seed: experiment.seed(options), settings: settings, basis: basis, rule: rule,
      exactKernel: kernels.exactParts, initialFunctions: kernels.initialFunctions,
      flowTolerance: flowTolerance)
  }

  /// The measure of the first realization.
  private func measure(of limit: MeasureLimit, _ settings: TrainingSettings) -> MeasureParticles? {
    settings.snapshots.isEmpty
      ? nil
      : MeasureParticles(
        Array(limit.sources(workers: options.workers).prefix(replicates)), seed: limit.seed)
  }
}
