import Checkpoints
import DataIO
import FiniteWidth
import Measures
import ParticleSystems

/// Deep networks of one width for a comparison, which needs their functions and tangent kernels, and beside a limit
/// whose weights move the laws of first and last layer.
struct DeepNetworksBesideLimit {
  let experiment: Experiment
  let options: RunOptions
  let seeds: Int
  /// Of the axes of laws of weights; `nil` beside limits of kernels, which have none.
  var projector: ParticleProjector?

  private func settings() -> TrainingSettings {
    var settings = experiment.deepSettings()
    settings.recordsLossGradient = false
    if experiment.deepScaling != nil {
      // Limits of several moving layers have no tangent kernel to compare with.
      settings.probes = 0
      settings.pairsProbes = false
    }
    return settings
  }

  /// The functions of the networks before training: trajectories of the one step 0.
  func initialFunctions(width: Int) -> Trajectory {
    var settings = settings()
    settings.steps = 0
    settings.probes = 0
    settings.pairsProbes = false
    return Trajectory(
      joining: experiment.deepChunks(width: width, seeds: seeds).map { range in
        let networks = networks(settings, width, range)
        return options.precision == .single
          ? networks.train(in: Float.self, workers: options.workers)
          : networks.train(in: Double.self, workers: options.workers)
      })
  }

  /// - Parameters:
  ///   - laws: of the limit; none of a limit of kernels.
  ///   - units: of the run's checkpoints.
  /// - Throws: what belongs to checkpoints.
  func train(
    width: Int, laws: LawsBesideNetworks? = nil, units: CheckpointUnits,
    progress: (RunProgress) -> Void
  ) throws -> ComparedNetworks {
    switch options.precision {
    case .single: try train(in: Float.self, width, laws, units, progress)
    case .double: try train(in: Double.self, width, laws, units, progress)
    }
  }

  private func train<Scalar: ParticleScalar>(
    in precision: Scalar.Type, _ width: Int, _ laws: LawsBesideNetworks?,
    _ units: CheckpointUnits, _ progress: (RunProgress) -> Void
  ) throws -> ComparedNetworks {
    let settings = settings()
    let training = TrainingBesideLimit(
      settings: settings, seeds: seeds,
      gathered: GatheredMetrics(seeds: seeds, distances: laws?.newDistances ?? [:]),
      laws: laws?.current ?? [:],
      collector: projector.map { projector in
        { LayerLawCollector(projector, network: (width, width), hasHalves: $0) }
      })
    let trajectory = try training.run(
      chunks: experiment.deepChunks(width: width, seeds: seeds), units: units, progress: progress
    ) { part, report in
      try networks(settings, width, part.range).train(
        in: precision, workers: options.workers, progress: report, atBoundary: part.atBoundary(),
        atStep: { step, networks in
          guard let projector else { return }
          try part.addLaws(step: step) { hasHalves in
            (0..<networks.systems).map {
              LayerLawCollector(projector, networks, system: $0, hasHalves: hasHalves)
            }
          }
        })
    }
    var result = ComparedNetworks(width: width, networks: trajectory)
    result.distances = training.gathered.distances.filter { $0.value.values.count == seeds }
    return result
  }

  private func networks(
    _ settings: TrainingSettings, _ width: Int, _ range: Range<Int>
  ) -> DeepNetworks {
    experiment.deepNetworks(
      width: width, first: range.lowerBound, count: range.count, settings: settings, options)
  }
}
