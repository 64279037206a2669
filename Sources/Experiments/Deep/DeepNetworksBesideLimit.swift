import DataIO
import FiniteWidth
import ParticleSystems

/// Deep networks of one width for a comparison, which needs their functions and tangent kernels alone.
struct DeepNetworksBesideLimit {
  let experiment: Experiment
  let options: RunOptions
  let seeds: Int

  /// The functions of the networks before training: trajectories of the one step 0.
  func initialFunctions(width: Int) -> Trajectory {
    var settings = experiment.deepSettings()
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

  /// - Parameter units: of the run's checkpoints.
  /// - Throws: what belongs to checkpoints.
  func train(
    width: Int, units: CheckpointUnits, progress: (RunProgress) -> Void
  ) throws -> ComparedNetworks {
    switch options.precision {
    case .single: try train(in: Float.self, width, units, progress)
    case .double: try train(in: Double.self, width, units, progress)
    }
  }

  private func train<Scalar: ParticleScalar>(
    in precision: Scalar.Type, _ width: Int, _ units: CheckpointUnits,
    _ progress: (RunProgress) -> Void
  ) throws -> ComparedNetworks {
    let settings = experiment.deepSettings()
    let parts = try experiment.deepChunks(width: width, seeds: seeds).map { range in
      let networks = networks(settings, width, range)
      let units = units.part("seeds \(range.lowerBound + 1) to \(range.upperBound)")
      return try units.training(
        Trajectory(members: range.count, settings: settings, hasError: false)
      ) { action in
        try networks.train(
          in: precision, workers: options.workers,
          progress: { update in
            let done =
              Double(range.lowerBound) + Double(range.count) * Double(update)
              / Double(max(settings.steps, 1))
            progress(
              RunProgress(
                fraction: done / Double(seeds), activity: "width \(width), step \(update)"))
          }, atBoundary: action, atStep: { _, _ in })
      }
    }
    return ComparedNetworks(width: width, networks: Trajectory(joining: parts))
  }

  private func networks(
    _ settings: TrainingSettings, _ width: Int, _ range: Range<Int>
  ) -> DeepNetworks {
    experiment.deepNetworks(
      width: width, first: range.lowerBound, count: range.count, settings: settings, options)
  }
}
