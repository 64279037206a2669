import Execution
import Measures
import Networks
import ParticleSystems

/// The mean-field limit of a network with one hidden layer: a law on the parameters (a, w) of one
/// neuron that moves by gradient descent while its mean makes the function,
///
///     f_k(x) = sigma* d* E[a phi(w . x)]
///
/// as an empirical measure of weighted particles in exact discrete time (Mei, Montanari, Nguyen
/// 2018, arXiv 1804.06561; Chizat, Bach 2018, arXiv 1805.09545).
///
/// The particles are split into independent replicates, each a simulation of its own. Their mean is
/// the result and their spread its error: the standard error of the logits. The bias that particles
/// of one replicate cause each other, O(replicates / particles), is not in it.
public struct MeanFieldLimit: Sendable {
  /// Particles of all replicates together.
  public let particles: Int
  public let replicates: Int
  public let sample: InitialSample
  public let settings: TrainingSettings

  /// - Parameters:
  ///   - particles: a multiple of `replicates` times the design's group size.
  ///   - settings: with ``ParticleStep/meanFieldLimit(of:)``.
  public init(
    particles: Int, replicates: Int, sample: InitialSample, settings: TrainingSettings
  ) {
    precondition(replicates >= 1 && particles >= 1)
    precondition(particles % (replicates * sample.design.groupSize) == 0)
    self.particles = particles
    self.replicates = replicates
    self.sample = sample
    self.settings = settings
  }

  /// Runs the limit.
  ///
  /// - Parameters:
  ///   - progress: called with the updates made so far, of `settings.steps`.
  ///   - snapshot: called at `settings.snapshots` with the measure: all particles of all
  ///     replicates, each of mass 1 / `particles`.
  /// - Returns: one member. A divergence ends the run and is recorded.
  /// - Throws: what `snapshot` throws.
  public func run<Scalar: ParticleScalar>(
    in precision: Scalar.Type, workers: Workers,
    progress: (Int) -> Void = { _ in },
    snapshot: (_ step: Int, _ measure: ParticleEnsemble<Scalar>) throws -> Void
  ) rethrows -> Trajectory {
    let size = particles / replicates
    let ensemble = ParticleEnsemble<Scalar>(
      origins: (0..<replicates).map { .init(sample: sample, first: $0 * size) },
      particles: size,
      features: settings.architecture.featureCount(
        inputDimension: settings.problem.inputDimension), workers: workers)
    let recorder = ReplicateRecorder(replicates: replicates, settings: settings)
    try ParticleSystems.train(
      ensemble, settings: settings, workers: workers, recorder: recorder, progress: progress,
      snapshot: snapshot)
    return recorder.trajectory
  }

  /// Runs the limit without handing out the measure.
  public func run<Scalar: ParticleScalar>(
    in precision: Scalar.Type, workers: Workers, progress: (Int) -> Void = { _ in }
  ) -> Trajectory {
    run(in: precision, workers: workers, progress: progress, snapshot: { _, _ in })
  }
}
