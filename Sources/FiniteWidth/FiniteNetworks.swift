import Checkpoints
import Execution
import Measures
import Networks
import ParticleSystems

/// Finite networks of one width and consecutive seeds, trained by (mini-batch) gradient descent in
/// a width scaling around a reference network.
///
/// Network s draws its neurons from seed `firstSeed + s`; neuron r of a seed is the same numbers at
/// every width, so that networks of different widths are nested.
public struct FiniteNetworks: Sendable {
  /// d, hidden neurons.
  public let width: Int
  /// The seed of the first network; the others follow by one.
  public let firstSeed: UInt64
  /// Networks.
  public let seeds: Int
  /// The initial law of (a, w), hatted.
  public let law: InitialLaw
  /// Data, loss, steps and what is recorded.
  public let settings: TrainingSettings
  /// Width of the reference network whose initial function is added in the place of the network's
  /// own, or `nil` for plain networks.
  public let initializationCorrection: Int?

  /// - Parameters:
  ///   - settings: with the ``ParticleStep/network(width:scaling:reference:)`` of this width.
  ///   - initializationCorrection: the reference width of an initialization-corrected mean-field
  ///     network (IC-MF; Golikov 2020, arXiv 2006.06574, section 4), with mean-field settings.
  public init(
    width: Int, firstSeed: UInt64, seeds: Int, law: InitialLaw, settings: TrainingSettings,
    initializationCorrection: Int? = nil
  ) {
    precondition(width >= 1 && seeds >= 1)
    self.width = width
    self.firstSeed = firstSeed
    self.seeds = seeds
    self.law = law
    self.settings = settings
    self.initializationCorrection = initializationCorrection
  }

  /// Trains all seeds side by side in one pass over their neurons a step.
  ///
  /// - Parameters:
  ///   - progress: called with the updates made so far, of `settings.steps`.
  ///   - atBoundary: called where the run could be interrupted and continued.
  ///   - atStep: called with the step and the hatted weights of all neurons, seed by seed, in the
  ///     coordinates of the inputs; not after the step at which the last network has diverged.
  /// - Returns: one member a seed. Networks that diverge end with NaN and say at which step.
  /// - Throws: what `atBoundary` and `atStep` throw.
  public func train<Scalar: ParticleScalar>(
    in precision: Scalar.Type, workers: Workers, progress: (Int) -> Void = { _ in },
    atBoundary: BoundaryAction? = nil,
    atStep: (_ step: Int, _ neurons: ParticleEnsemble<Scalar>) throws -> Void
  ) rethrows -> Trajectory {
    let ensemble = ParticleEnsemble<Scalar>(sources: sources, workers: workers)
    let recorder = SeedRecorder(seeds: seeds, settings: settings)
    try runTraining(
      ParticleTransport(
        ensemble, settings: settings, inputs: TransportInputs(settings), workers: workers),
      settings: settings, rule: rule, offset: offset, recorder: recorder, progress: progress,
      atBoundary: atBoundary, atStep: { try atStep($0, ensemble) })
    return recorder.trajectory
  }

  /// Trains all seeds, and hands out their neurons at `settings.snapshots` alone.
  public func train<Scalar: ParticleScalar>(
    in precision: Scalar.Type, workers: Workers, progress: (Int) -> Void = { _ in },
    atBoundary: BoundaryAction? = nil,
    snapshot: (_ step: Int, _ neurons: any ParticleStore<Scalar>) throws -> Void
  ) rethrows -> Trajectory {
    let snapshots = Set(settings.snapshots)
    return try train(
      in: precision, workers: workers, progress: progress, atBoundary: atBoundary,
      atStep: { step, neurons in
        if snapshots.contains(step) { try snapshot(step, neurons) }
      })
  }

  /// Trains all seeds without handing out their weights.
  public func train<Scalar: ParticleScalar>(
    in precision: Scalar.Type, workers: Workers, progress: (Int) -> Void = { _ in }
  ) -> Trajectory {
    train(in: precision, workers: workers, progress: progress, atStep: { _, _ in })
  }

  /// The initial neurons of every seed.
  public var sources: [IndependentParticles] {
    let features = settings.architecture.featureCount(
      inputDimension: settings.problem.inputDimension)
    return (0..<seeds).map { index in
      IndependentParticles(
        InitialSample(law: law, seed: firstSeed &+ UInt64(index), use: .network),
        features: features, outputs: settings.problem.outputs, count: width)
    }
  }

  /// IC-MF adds to the mean-field network f the function -f_0 + sigma* (d/d*)^{-1/2} sum_r a_r^0
  /// phi(w_r^0 x). With f_0 = sigma* (d/d*)^{-1} sum_r a_r^0 phi(w_r^0 x) that is
  /// ((d/d*)^{1/2} - 1) f_0.
  private var offset: InitialFunction {
    initializationCorrection.map {
      .multipleOfInitialLogits((Double(width) / Double($0)).squareRoot() - 1)
    } ?? .none
  }

  private var rule: TrainingRule {
    initializationCorrection == nil
      ? .plain : TrainingRule(start: .staysFinite, later: .staysFinite, offset: .always)
  }
}
