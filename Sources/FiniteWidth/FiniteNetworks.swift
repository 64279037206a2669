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
  public let width: Int
  public let firstSeed: UInt64
  public let seeds: Int
  public let law: InitialLaw
  public let settings: TrainingSettings

  /// - Parameter settings: with the ``ParticleStep/network(width:scaling:reference:)`` of this width.
  public init(
    width: Int, firstSeed: UInt64, seeds: Int, law: InitialLaw, settings: TrainingSettings
  ) {
    precondition(width >= 1 && seeds >= 1)
    self.width = width
    self.firstSeed = firstSeed
    self.seeds = seeds
    self.law = law
    self.settings = settings
  }

  /// Trains all seeds side by side in one pass over their neurons a step.
  ///
  /// - Parameter progress: called with the updates made so far, of `settings.steps`.
  /// - Returns: one member a seed. Networks that diverge end with NaN and say at which step.
  public func train<Scalar: ParticleScalar>(
    in precision: Scalar.Type, workers: Workers, progress: (Int) -> Void = { _ in }
  ) -> Trajectory {
    let features = settings.architecture.featureCount(
      inputDimension: settings.problem.inputDimension)
    let ensemble = ParticleEnsemble<Scalar>(
      origins: (0..<seeds).map { index in
        let sample = InitialSample(
          law: law, design: .independent, seed: firstSeed &+ UInt64(index), use: .network)
        return .init(sample: sample, first: 0)
      }, particles: width, features: features, workers: workers)
    let recorder = SeedRecorder(seeds: seeds, settings: settings)
    ParticleSystems.train(
      ensemble, settings: settings, workers: workers, recorder: recorder,
      progress: progress,
      snapshot: { _, _ in })
    return recorder.trajectory
  }
}
