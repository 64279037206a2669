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
    var gathered = GatheredMetrics(seeds: seeds, distances: laws?.newDistances ?? [:])
    var parts: [Trajectory] = []
    for range in experiment.deepChunks(width: width, seeds: seeds) {
      let units = units.part("seeds \(range.lowerBound + 1) to \(range.upperBound)")
      let gathering = projector.map { projector in
        LawGathering(
          laws: laws?.current ?? [:],
          collector: { LayerLawCollector(projector, neurons: (width, width), hasHalves: $0) },
          units: units, keepsLast: range.upperBound < seeds)
      }
      try gathering?.restore(into: &gathered)
      var trajectory = Trajectory(members: range.count, settings: settings, hasError: false)
      let isDone = try units.restore("training") {
        try trajectory.exchange($0.part("networks"))
        try gathered.exchange($0.part("gathered"))
      }
      if !isDone {
        let action = units.boundary("training")
        trajectory = try networks(settings, width, range).train(
          in: precision, workers: options.workers,
          progress: { update in
            let done =
              Double(range.lowerBound) + Double(range.count) * Double(update)
              / Double(max(settings.steps, 1))
            progress(
              RunProgress(
                fraction: done / Double(seeds), activity: "width \(width), step \(update)"))
          },
          atBoundary: { boundary, exchange in
            try action(boundary) { state in
              try exchange(state.part("networks"))
              try gathered.exchange(state.part("gathered"))
            }
          },
          atStep: { step, networks in
            guard let gathering, let projector else { return }
            try gathering.add(step: step, first: range.lowerBound, into: &gathered) { hasHalves in
              (0..<networks.systems).map {
                LayerLawCollector(projector, networks, system: $0, hasHalves: hasHalves)
              }
            }
          })
        try units.complete("training") {
          try trajectory.exchange($0.part("networks"))
          try gathered.exchange($0.part("gathered"))
        }
      }
      parts.append(trajectory)
    }
    var result = ComparedNetworks(width: width, networks: Trajectory(joining: parts))
    result.distances = gathered.distances.filter { $0.value.values.count == seeds }
    return result
  }

  private func networks(
    _ settings: TrainingSettings, _ width: Int, _ range: Range<Int>
  ) -> DeepNetworks {
    experiment.deepNetworks(
      width: width, first: range.lowerBound, count: range.count, settings: settings, options)
  }
}
