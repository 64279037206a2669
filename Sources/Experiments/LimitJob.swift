import DataIO
import Diagnostics
import Dynamics
import Execution
import Measures
import MessagePassing
import Networks
import ParticleSystems

/// `infwidth limit`: the limit of the configured scaling, from a configuration to RUN.nc.
public struct LimitJob: Sendable {
  /// What is simulated.
  public let experiment: Experiment
  /// Seed, threads, precision.
  public internal(set) var options: RunOptions
  /// Particles of one realization, or of the sample that kernels are averaged over; 0 where the
  /// limit needs none. Where the number is left to the program, those of the first simulation.
  public internal(set) var particles: Int
  /// The error to reach by more and more particles; `nil` where their number is given.
  public let tolerance: Double?
  /// Independent parts of the particles, for the error.
  public let replicates: Int
  /// Realizations of the random initial function; 1 where the limit has none.
  public internal(set) var realizations: Int
  /// How particles are placed: the configured design, or the automatic one.
  public let design: SampleDesign
  /// Coordinates of the particles, where the measure moves.
  let basis: InputBasis?
  let rule: TrainingRule
  /// Of the integrator of gradient flow; `nil` for training steps as they are.
  let flowTolerance: Double?
  var multirateChoice: MultirateChoice
  /// Whether the particles follow the driving field of another run (``DrivenLimitJob``).
  let isDriven: Bool
  /// Of deep networks.
  var kernelSource: (any DeepKernelSource)?

  /// - Parameters:
  ///   - particles: replaces `limit.particles`.
  ///   - tolerance: replaces `limit.tolerance`, and `limit.particles` by `auto`.
  /// - Throws: `Diagnostic` where a setting does not fit or is not available.
  public init(
    _ experiment: Experiment, options: RunOptions, particles: Int? = nil,
    tolerance: Double? = nil
  ) throws {
    try self.init(
      experiment, options: options, particles: particles, tolerance: tolerance, isDriven: false)
  }

  init(
    _ experiment: Experiment, options: RunOptions, particles: Int?, tolerance: Double?,
    isDriven: Bool
  ) throws {
    self.experiment = experiment
    self.isDriven = isDriven
    self.options = options
    let limit = experiment.configuration.limit
    do {
      try LimitExistence.check(
        experiment.regime, loss: experiment.loss, outputs: experiment.problem.outputs)
      rule = TrainingRule(experiment.regime)
      kernelSource = try Self.kernelSource(
        experiment, isDriven: isDriven, options.workers)
      flowTolerance = try FlowSettings.tolerance(
        experiment, rule: rule, precision: options.precision)
      basis = experiment.regime.measure == .moves ? Self.basis(experiment, options.workers) : nil
      design = try Self.design(
        limit.design, experiment, basis,
        hasControlVariates: limit.replicates.number != 1 && flowTolerance == nil)
      let count = limit.replicates.number ?? design.automaticReplicates
      realizations = rule.offset == .never ? 1 : limit.realizations
      multirateChoice = try MultirateChoice(
        experiment, rule: rule, basis: basis, replicates: count, isFlow: flowTolerance != nil,
        isDriven: isDriven)
      let needsParticles =
        experiment.regime.measure == .moves || experiment.law.shape != .gaussian
      if needsParticles {
        replicates = count
        let given = particles ?? (tolerance == nil ? limit.particles.number : nil)
        self.particles = given ?? LimitLevels.firstParticles(replicates, design)
        self.tolerance = given == nil ? tolerance ?? limit.tolerance : nil
        if given == nil, replicates < 2 {
          throw Diagnostic(
            .badInput,
            "received \(replicates); accepted: 2 or more with automatic particles, whose number is"
              + " chosen by the spread of replicates", key: "limit.replicates")
        }
        try Self.checkDivision(
          self.particles, replicates, design, key: Self.key(particles))
      } else {
        self.particles = 0
        self.tolerance = nil
        replicates = 1
      }
      try experiment.checkSeed(options)
      try checkMemory(key: Self.key(particles))
    } catch let diagnostic as Diagnostic {
      throw experiment.loaded.locate(diagnostic)
    }
  }

  private static func kernelSource(
    _ experiment: Experiment, isDriven: Bool, _ workers: Workers
  ) throws -> (any DeepKernelSource)? {
    let path = experiment.configuration.limit.kernelFile
    guard let deep = experiment.deep, !isDriven else {
      guard let path else { return nil }
      throw Diagnostic(
        .badInput, "received \(path); accepted by infwidth limit without --from only",
        key: "limit.kernel_file")
    }
    if let path {
      return try KernelSource(experiment, path: experiment.loaded.resolved(path: path))
    }
    return try ComputedKernels(
      deep, network: experiment.configuration.network!, problem: experiment.problem,
      workers: workers)
  }

  /// Whether the measure moves: the limit is then a measure of particles, else a constant kernel.
  public var movesMeasure: Bool { experiment.regime.measure == .moves }

  /// What is kept of the particles, where they move.
  public var representation: MeasureLimit.Representation? {
    basis.map {
      if flowTolerance != nil { return .direct }
      return rank == nil
        ? .cheaper(settings: settings, coordinates: $0.coordinates) : .preactivations
    }
  }

  /// Coordinates in which most particles move at every step, where there are others.
  var rank: FastCoordinates? { multirateChoice.multirate?.fastCoordinates }

  /// Where the number of particles was given.
  static func key(_ particles: Int?) -> String {
    particles == nil ? "limit.particles" : "--particles"
  }

  /// RMSProp goes coordinate by coordinate; all other steps move w in the span of the training
  /// inputs. What a Gaussian w has outside it is integrated out at the test points, where the
  /// activation has a closed form for that.
  private static func basis(_ experiment: Experiment, _ workers: Workers) -> InputBasis {
    let integrates =
      experiment.law.shape == .gaussian
      && experiment.architecture.activation.hasClosedFormSmoothing
    return InputBasis(
      experiment.problem, architecture: experiment.architecture,
      span: experiment.training.optimizer == .rmsprop
        ? .everything : integrates ? .trainingInputs : .allInputs,
      spannedTestPoints: experiment.pairsProbes ? experiment.probes : 0, workers: workers)
  }

  private static func design(
    _ name: String, _ experiment: Experiment, _ basis: InputBasis?, hasControlVariates: Bool
  ) throws -> SampleDesign {
    // Kernels averaged over particles: the law of a enters exactly, and independent draws do.
    guard let basis else { return .independent }
    let coordinates =
      DesignedParticles.drawnFeatures(experiment.law, basis) + experiment.problem.outputs
    let isHomogeneous =
      experiment.architecture.activation.negativeSlope != nil
      && experiment.training.optimizer != .rmsprop
    let automatic = SampleDesign.automatic(
      shape: experiment.law.shape, coordinates: coordinates,
      outputs: experiment.problem.outputs, isHomogeneous: isHomogeneous,
      hasControlVariates: hasControlVariates)
    if name == "auto" { return automatic }
    guard let design = SampleDesign(name: name) else {
      throw Diagnostic(
        .badInput,
        "received \(name); accepted: auto, or words joined by +, at most one of independent, sobol,"
          + " sphere, at most one of antithetic, reflected, quadruples, and moments, radius,"
          + " importance (sphere stands alone, radius and importance exclude each other)",
        key: "limit.design")
    }
    if let reason = design.misfit(
      shape: experiment.law.shape, coordinates: coordinates,
      outputs: experiment.problem.outputs, isHomogeneous: isHomogeneous)
    {
      throw Diagnostic(
        .badInput,
        "received \(name), but \(reason); auto would choose \(automatic.name)",
        key: "limit.design")
    }
    return design
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

  func checkMemory(key: String) throws {
    try settings.checkRecord(members: realizations, of: "realizations")
    // Every process has a record, and all that are on this machine share its memory.
    let ranks = options.workers.ranks
    let record = settings.recordBytes(members: realizations) * Double(ranks.countOnMachine)
    if movesMeasure {
      let several = realizations == 1 ? "" : "\(realizations) realizations of "
      try Experiments.checkMemory(
        bytes: particleBytes * ranks.machineShare, beside: controlBytes + record,
        what: "\(several)\(particles) particles with \(experiment.featureCount) features need",
        key: key, advice: "lower the number of particles")
    } else {
      let points = Double(experiment.problem.trainingCount + experiment.problem.testCount)
      try Experiments.checkMemory(
        bytes: kernelBytes, beside: record,
        what: "kernels of \(Int(points)) points need", key: "data.train",
        advice: "lower data.train or data.test")
    }
  }

  var settings: TrainingSettings {
    experiment.settings(
      step: .meanFieldLimit(of: experiment.reference),
      snapshots: movesMeasure ? experiment.configuration.record.snapshots : [],
      decomposes: false)
  }

  func measureLimit(
    _ settings: TrainingSettings, _ basis: InputBasis, _ kernels: LimitKernels,
    firstRandomization: Int
  ) -> MeasureLimit {
    MeasureLimit(
      particles: particles, replicates: replicates, law: experiment.law, design: design,
      seed: experiment.seed(options), settings: settings, basis: basis, rule: rule,
      exactKernel: kernels.exactParts, firstRandomization: firstRandomization,
      initialFunctions: kernels.initialFunctions, flowTolerance: flowTolerance,
      multirate: multirateChoice.multirate)
  }

  /// The measure of the first realization.
  func measure(of limit: MeasureLimit, _ settings: TrainingSettings) -> MeasureParticles? {
    settings.snapshots.isEmpty
      ? nil
      : MeasureParticles(
        Array(limit.sources(workers: options.workers).prefix(replicates)), seed: limit.seed)
  }
}
