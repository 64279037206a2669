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
  public let options: RunOptions
  /// Particles of the widest layer of one replicate; 0 where the limit is zero.
  public let particles: Int
  /// Independent simulations, for the mean and its error.
  public let replicates: Int
  /// How particles are placed.
  public let design: LayeredDesign
  /// The name of the design in the configuration's words.
  public let designName: String
  /// Why the limit is zero at every step; `nil` where it is not.
  public let zeroReason: String?

  /// Particles of the widest layer where their number is left to the program.
  static func automaticParticles(_ optimizer: Optimizer) -> Int {
    optimizer.stepSize == .proportional ? 512 : 1024
  }

  static let automaticReplicates = 8

  /// - Parameter particles: replaces `limit.particles`.
  /// - Throws: `Diagnostic` where a setting does not fit or is not available.
  public init(_ experiment: Experiment, options: RunOptions, particles: Int? = nil) throws {
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
      try Self.check(
        experiment, scaling, isZero: zeroReason != nil,
        hasParticles: (particles ?? limit.particles.number) != nil)
      (design, designName) = try Self.design(limit.design, experiment, scaling)
      if zeroReason == nil {
        replicates = limit.replicates.number ?? Self.automaticReplicates
        self.particles =
          particles ?? limit.particles.number ?? Self.automaticParticles(scaling.optimizer)
        try checkSizes(key: particles == nil ? "limit.particles" : "--particles")
      } else {
        (replicates, self.particles) = (1, 0)
      }
      try experiment.checkSeed(options)
      try checkMemory(key: particles == nil ? "limit.particles" : "--particles")
    } catch let diagnostic as Diagnostic {
      throw experiment.loaded.locate(diagnostic)
    }
  }

  /// Of one replicate.
  public var sizes: LayerSizes {
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

  func limit(_ settings: TrainingSettings, replicates: Int) -> LayeredLimit {
    LayeredLimit(
      sizes: sizes, replicates: replicates, law: experiment.law, design: design,
      seed: experiment.seed(options), settings: settings,
      step: LayeredStep(experiment.reference), firstStep: firstStep)
  }

  private var firstStep: any FirstStep {
    if case .rmsProp(_, let epsilon) = scaling.optimizer {
      return RMSPropFirstStep(hiddenLayers: scaling.hiddenLayers, hasEpsilon: epsilon > 0)
    }
    return GradientDescentFirstStep()
  }

  private func checkSizes(key: String) throws {
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
