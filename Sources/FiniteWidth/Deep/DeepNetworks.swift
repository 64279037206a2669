import Checkpoints
import Execution
import Networks
import ParticleSystems

/// Finite networks of several hidden layers and consecutive seeds, trained by (mini-batch) gradient descent.
///
/// Each layer says how it is drawn and trained (``DenseLayer``); ``DeepArchitecture/layers(hiddenWidths:inputDimension:outputs:learningRate:optimizer:)``
/// makes the layers of a parameterization. Bits do not depend on the number of threads.
public struct DeepNetworks: Sendable {
  /// From the data on; the last one makes the logits.
  public let layers: [DenseLayer]
  /// The seed of the first network; the others follow by one.
  public let firstSeed: UInt64
  /// Networks.
  public let seeds: Int
  /// Data, loss, steps and what is recorded.
  public let settings: TrainingSettings

  /// - Parameters:
  ///   - settings: of the activation, the data, the loss and the schedule; steps are those of the layers. Where the
  ///     increments of the layers are recorded, so may be the terms of the logits.
  public init(
    layers: [DenseLayer], firstSeed: UInt64, seeds: Int, settings: TrainingSettings
  ) {
    precondition(seeds >= 1)
    precondition([0, layers.count].contains(settings.incrementLayers))
    precondition(
      !settings.decomposes
        || settings.incrementLayers > 0
          && settings.terms == LogitTerms(hiddenLayers: layers.count - 1)
    )
    self.layers = layers
    self.firstSeed = firstSeed
    self.seeds = seeds
    self.settings = settings
  }

  /// The same networks with the opposite output weights at step 0, so that their initial functions are the opposite
  /// ones, and the means with these zero.
  public var mirrored: DeepNetworks {
    DeepNetworks(
      layers: layers.dropLast() + [layers.last!.mirrored], firstSeed: firstSeed, seeds: seeds,
      settings: settings)
  }

  /// Trains all seeds side by side.
  ///
  /// Cost: 6 operations for each weight and point of a batch, 2 for each weight and point that is evaluated at a
  /// recorded step, and for probes 2 a weight and output.
  ///
  /// - Parameters:
  ///   - progress: called with the updates made so far, of `settings.steps`.
  ///   - atBoundary: called where the run could be interrupted and continued.
  ///   - atStep: called at every step with the parameters.
  /// - Returns: one member a seed, with the empirical tangent kernels at the probes, learning rates included.
  ///   Networks that diverge end with NaN and say at which step.
  /// - Throws: what `atBoundary` and `atStep` throw.
  public func train<Scalar: ParticleScalar>(
    in precision: Scalar.Type, workers: Workers, progress: (Int) -> Void = { _ in },
    atBoundary: BoundaryAction? = nil,
    atStep: (_ step: Int, _ networks: DeepEnsemble<Scalar>) throws -> Void
  ) rethrows -> Trajectory {
    let ensemble = DeepEnsemble<Scalar>(
      layers: layers, firstSeed: firstSeed, systems: seeds, workers: workers)
    let recorder = SeedRecorder(seeds: seeds, settings: settings)
    let initial =
      settings.incrementLayers == 0
      ? nil
      : DeepEnsemble<Scalar>(
        layers: layers.map { $0.trained(by: .gradientDescent) }, firstSeed: firstSeed,
        systems: seeds, workers: workers)
    let own = DeepTransport(ensemble, initial: initial, settings: settings, workers: workers)
    try runTraining(
      DividedTransport(own, of: seeds, among: workers.ranks),
      settings: settings,
      recorder: recorder, progress: progress, atBoundary: atBoundary,
      atStep: { try atStep($0, ensemble) })
    return recorder.trajectory
  }

  /// Trains all seeds without handing out their parameters.
  public func train<Scalar: ParticleScalar>(
    in precision: Scalar.Type, workers: Workers, progress: (Int) -> Void = { _ in }
  ) -> Trajectory {
    train(in: precision, workers: workers, progress: progress, atStep: { _, _ in })
  }

  /// Numbers that a network takes in memory while it trains: parameters, what the optimizer remembers of them, and what
  /// a batch keeps; with increments the initial parameters, too.
  package static func numbers(
    layers: [DenseLayer], batch: Int, recordsIncrements: Bool = false
  ) -> Int {
    layers.reduce(0) {
      let copies = ($1.optimizer == .gradientDescent ? 1 : 2) + (recordsIncrements ? 1 : 0)
      return $0 + $1.parameters * copies + 2 * batch * $1.outputs
    }
  }
}
