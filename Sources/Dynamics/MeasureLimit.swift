import Execution
import Measures
import Networks
import ParticleSystems

/// A limit whose measure moves: a law on the parameters (a, w) of one neuron that follows gradient
/// descent while its mean makes the function,
///
///     f~_k(x) = sigma* d* E[a phi(w . x)]      (plus an initial function, as the rule says)
///
/// as an empirical measure of particles in exact discrete time. The mean-field limit is the one
/// whose rule is plain (Mei, Montanari, Nguyen 2018, arXiv 1804.06561; Chizat, Bach 2018, arXiv
/// 1805.09545); the others take loss gradients elsewhere (Golikov 2020, arXiv 2006.06574).
///
/// A limit with a random initial function has several realizations, each with particles of its own.
/// The particles of a realization are split into independent replicates, each a simulation of its
/// own. Their mean is the result and their spread its error: the standard error of the logits. The
/// bias that particles of one replicate cause each other, O(replicates / particles), is not in it.
public struct MeasureLimit: Sendable {
  /// Particles of all replicates of one realization together.
  public let particles: Int
  public let replicates: Int
  public let realizations: Int
  public let sample: InitialSample
  public let settings: TrainingSettings
  public let rule: TrainingRule
  private let initialFunctions: InitialFunction

  /// - Parameters:
  ///   - particles: a multiple of `replicates` times the design's group size.
  ///   - settings: with ``ParticleStep/meanFieldLimit(of:)``.
  ///   - initialFunctions: one row a realization, on the training and on the test points, flat: (point,
  ///     output); `nil` where the rule adds none.
  public init(
    particles: Int, replicates: Int, sample: InitialSample, settings: TrainingSettings,
    rule: TrainingRule = .plain,
    initialFunctions: (training: [[Double]], test: [[Double]])? = nil
  ) {
    precondition(replicates >= 1 && particles >= 1)
    precondition(particles % (replicates * sample.design.groupSize) == 0)
    precondition((initialFunctions == nil) == (rule.offset == .never))
    self.particles = particles
    self.replicates = replicates
    self.sample = sample
    self.settings = settings
    self.rule = rule
    realizations = initialFunctions?.training.count ?? 1
    self.initialFunctions =
      if let initialFunctions {
        // Every replicate of a realization has the realization's function.
        .values(
          training: initialFunctions.training.flatMap { Array(repeating: $0, count: replicates) },
          test: initialFunctions.test.flatMap { Array(repeating: $0, count: replicates) })
      } else { .none }
  }

  /// Runs the limit.
  ///
  /// - Parameters:
  ///   - progress: called with the updates made so far, of `settings.steps`.
  ///   - snapshot: called at `settings.snapshots` with all particles, realization by realization,
  ///     each of mass 1 / `particles` in its realization.
  /// - Returns: one member a realization. A divergence is recorded.
  /// - Throws: what `snapshot` throws.
  public func run<Scalar: ParticleScalar>(
    in precision: Scalar.Type, workers: Workers, progress: (Int) -> Void = { _ in },
    snapshot: (_ step: Int, _ measure: ParticleEnsemble<Scalar>) throws -> Void
  ) rethrows -> Trajectory {
    let size = particles / replicates
    let ensemble = ParticleEnsemble<Scalar>(
      origins: (0..<(realizations * replicates)).map { .init(sample: sample, first: $0 * size) },
      particles: size,
      features: settings.architecture.featureCount(
        inputDimension: settings.problem.inputDimension),
      outputs: settings.outputs, workers: workers)
    let recorder = ReplicateRecorder(
      realizations: realizations, replicates: replicates, settings: settings)
    let snapshots = Set(settings.snapshots)
    try runTraining(
      ParticleTransport(ensemble, settings: settings, workers: workers), settings: settings,
      rule: rule, offset: initialFunctions, recorder: recorder, progress: progress,
      atStep: { if snapshots.contains($0) { try snapshot($0, ensemble) } })
    return recorder.trajectory
  }

  /// Runs the limit without handing out the measure.
  public func run<Scalar: ParticleScalar>(
    in precision: Scalar.Type, workers: Workers, progress: (Int) -> Void = { _ in }
  ) -> Trajectory {
    run(in: precision, workers: workers, progress: progress, snapshot: { _, _ in })
  }
}
