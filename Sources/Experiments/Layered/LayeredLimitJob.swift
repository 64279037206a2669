import DataIO
import DeepMeanField
import Diagnostics
import Measures
import Networks
import ParticleSystems

/// `infwidth limit` for several hidden layers in the mean-field scaling: particles in every layer, or a
/// function that stays zero.
public struct LayeredLimitJob: Sendable {
  /// What is simulated.
  public let experiment: Experiment
  /// Seed, threads, precision.
  public internal(set) var options: RunOptions
  /// Particles of the widest layer of one replicate, with a tolerance those of the first simulation; 0 where the
  /// limit is zero.
  public internal(set) var particles: Int
  /// The error to reach by more and more particles; `nil` where their number is given, or none is asked for.
  public let tolerance: Double?
  /// Independent simulations, for the mean and its error.
  public internal(set) var replicates: Int
  /// How particles are placed.
  public internal(set) var design: LayeredDesign
  /// The name of the design in the configuration's words.
  public internal(set) var designName: String
  /// Why the limit is zero at every step; `nil` where it is not.
  public let zeroReason: String?

  /// Particles of the widest layer where their number is left to the program, and no tolerance given.
  static func automaticParticles(_ optimizer: Optimizer) -> Int {
    optimizer.stepSize == .proportional ? 512 : 1024
  }

  static let automaticReplicates = 8

  /// - Parameters:
  ///   - particles: replaces `limit.particles`.
  ///   - tolerance: replaces `limit.tolerance`, and `limit.particles` by `auto`.
  /// - Throws: `Diagnostic` where a setting does not fit or is not available.
  public init(
    _ experiment: Experiment, options: RunOptions, particles: Int? = nil, tolerance: Double? = nil
  ) throws {
    try self.init(
      experiment, options: options, particles: particles, tolerance: tolerance, isDriven: false)
  }

  /// - Parameter isDriven: whether the particles see the populations of another run (``DrivenLayersJob``).
  init(
    _ experiment: Experiment, options: RunOptions, particles: Int?, tolerance: Double?,
    isDriven: Bool
  ) throws {
    guard let scaling = experiment.deepScaling else {
      preconditionFailure("one hidden layer, or a scaling of kernels")
    }
    self.experiment = experiment
    self.options = options
    let limit = experiment.configuration.limit
    do {
      switch scaling.verdict {
      case .none(let reason):
        throw Diagnostic(
          .badInput,
          "received \(scaling.name.rawValue), which has no limit with \(scaling.hiddenLayers) hidden layers:"
            + " \(reason); accepted: mean_field, or ntk for the limit of kernels", key: "scaling")
      case .kernel: preconditionFailure("scalings of kernels have jobs of their own")
      case .zero(let reason): zeroReason = reason
      case .moving: zeroReason = nil
      }
      try Self.check(experiment, scaling, isZero: zeroReason != nil)
      (design, designName) = try Self.design(limit.design, experiment, scaling)
      if zeroReason == nil {
        replicates = limit.replicates.number ?? Self.automaticReplicates
        let given = particles ?? (tolerance == nil ? limit.particles.number : nil)
        let asked =
          tolerance ?? (experiment.loaded.gives("limit.tolerance") ? limit.tolerance : nil)
        self.tolerance = given == nil ? asked : nil
        let automatic = Self.automaticParticles(scaling.optimizer)
        self.particles =
          given
          ?? (asked == nil ? automatic : LayeredLevels.firstParticles(automatic: automatic))
        if self.tolerance != nil, replicates < 2 {
          throw Diagnostic(
            .badInput,
            "received \(replicates); accepted: 2 or more with a tolerance, since the error is the spread of"
              + " replicates", key: "limit.replicates")
        }
        try checkSizes(key: LimitJob.key(particles))
      } else {
        (replicates, self.particles, self.tolerance) = (1, 0, nil)
      }
      try experiment.checkSeed(options)
      if !isDriven { try checkMemory(key: LimitJob.key(particles)) }
    } catch let diagnostic as Diagnostic {
      throw experiment.loaded.locate(diagnostic)
    }
  }

  /// Of one replicate.
  public var sizes: LayerSizes { sizes(particles: particles) }

  /// Of one replicate of every simulation that was made.
  public func sizes(of outcome: LimitOutcome) -> [LayerSizes] {
    outcome.simulations.map { sizes(particles: $0.particles) }
  }

  func sizes(particles: Int) -> LayerSizes {
    LayerSizes(
      features: experiment.problem.inputDimension, widest: max(particles, 4),
      hiddenLayers: scaling.hiddenLayers, outputs: experiment.problem.outputs)
  }

  var scaling: DeepScaling { experiment.deepScaling! }

  var settings: TrainingSettings {
    var settings = experiment.settings(
      step: .meanFieldLimit(of: experiment.reference),
      snapshots: zeroReason == nil ? experiment.configuration.record.snapshots : [],
      decomposes: false)
    // Several moving layers have no tangent kernel that is recorded.
    settings.probes = 0
    settings.pairsProbes = false
    return settings
  }

  /// Test points, the first ones, at which snapshots have preactivations.
  var probes: Int { settings.snapshots.isEmpty ? 0 : experiment.layeredProbes }

  /// What the snapshots are.
  var measure: LayeredMeasureDescription {
    LayeredMeasureDescription(
      snapshotSteps: settings.snapshots.sorted(), features: sizes.features, layers: sizes.layers,
      outputs: sizes.outputs, isSinglePrecision: options.precision == .single,
      replicates: replicates, probes: probes)
  }

  var limit: LayeredLimit { limit(settings, replicates: replicates) }

  /// - Parameter simulation: its number; simulations are independent.
  func limit(
    _ settings: TrainingSettings, replicates: Int, simulation: Int = 0
  ) -> LayeredLimit {
    LayeredLimit(
      sizes: sizes, replicates: replicates, law: experiment.law, design: design,
      seed: experiment.seed(options), settings: settings,
      step: LayeredStep(experiment.reference), firstStep: firstStep,
      firstRandomization: simulation * (replicates + 4))
  }

  private var firstStep: any FirstStep {
    if case .rmsProp(_, let epsilon) = scaling.optimizer {
      return RMSPropFirstStep(hiddenLayers: scaling.hiddenLayers, hasEpsilon: epsilon > 0)
    }
    return GradientDescentFirstStep()
  }

  func checkSizes(key: String) throws {
    // Halves of every layer keep the groups of a symmetric design.
    let unit = 4 * (design.isSymmetric ? 8 : 2)
    guard particles % unit == 0, particles > 0 else {
      throw Diagnostic(
        .badInput,
        "received \(particles); accepted with \(scaling.hiddenLayers) hidden layers: a multiple of \(unit), the"
          + " particles of the widest layer in each replicate, such as \((particles / unit + 1) * unit)",
        key: key)
    }
  }
}
