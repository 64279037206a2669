import Checkpoints
import Comparison
import DataIO
import Diagnostics
import Dynamics
import FiniteWidth
import Measures
import Networks
import ParticleSystems

/// Trains networks of one width and gathers, while they train, what needs their weights: distances
/// between laws, and distances from their twins in the limit.
struct NetworksBesideLimit {
  let experiment: Experiment
  let options: RunOptions
  let seeds: Int
  let projector: ParticleProjector
  /// Settings of the limit, where neurons have twins.
  let twinSettings: TrainingSettings?

  /// Parameters of the networks that are trained side by side, at most (or one network).
  private static let parametersAtOnce = 1 << 27

  func settings(width: Int) -> TrainingSettings {
    var settings = experiment.settings(
      step: .network(width: width, scaling: experiment.scaling, reference: experiment.reference),
      snapshots: [], decomposes: experiment.architecture.activation.negativeSlope != nil)
    settings.recordsLossGradient = false
    return settings
  }

  private func networks(_ settings: TrainingSettings, width: Int, first: Int, count: Int)
    -> FiniteNetworks
  {
    FiniteNetworks(
      width: width, firstSeed: experiment.seed(options) + UInt64(first), seeds: count,
      law: experiment.law, settings: settings,
      initializationCorrection: experiment.regime.isInitializationCorrected
        ? experiment.reference.width : nil)
  }

  /// The functions of the networks before training: trajectories of the one step 0.
  func initialFunctions(width: Int) -> Trajectory {
    var settings = settings(width: width)
    settings.steps = 0
    settings.probes = 0
    settings.decomposes = false
    let parts = chunks(width).map { range in
      let networks = networks(settings, width: width, first: range.lowerBound, count: range.count)
      return options.precision == .single
        ? networks.train(in: Float.self, workers: options.workers)
        : networks.train(in: Double.self, workers: options.workers)
    }
    return Trajectory(joining: parts)
  }

  private func chunks(_ width: Int) -> [Range<Int>] {
    let atOnce = max(1, min(seeds, Self.parametersAtOnce / (width * experiment.parameterCount)))
    return stride(from: 0, to: seeds, by: atOnce).map { $0..<min($0 + atOnce, seeds) }
  }

  /// - Parameters:
  ///   - fields: of the limit, one a seed; empty where neurons have no twins.
  ///   - laws: of the limit, by step.
  ///   - bandwidths: of smoothed laws, by step, one an axis.
  ///   - bins: in which laws are drawn.
  ///   - units: of the run's checkpoints.
  /// - Returns: networks as they are, not yet in the limit's units.
  func train(
    width: Int, fields: [DrivingField], laws: [Int: LimitLaws], bandwidths: [Int: [Double]],
    bins: WeightBins?, units: CheckpointUnits, progress: (RunProgress) -> Void
  ) throws -> ComparedNetworks {
    switch options.precision {
    case .single:
      try train(
        in: Float.self, width: width, fields: fields, laws: laws, bandwidths: bandwidths,
        bins: bins, units: units, progress: progress)
    case .double:
      try train(
        in: Double.self, width: width, fields: fields, laws: laws, bandwidths: bandwidths,
        bins: bins, units: units, progress: progress)
    }
  }

  private func train<Scalar: ParticleScalar>(
    in precision: Scalar.Type, width: Int, fields: [DrivingField], laws: [Int: LimitLaws],
    bandwidths: [Int: [Double]], bins: WeightBins?, units: CheckpointUnits,
    progress: (RunProgress) -> Void
  ) throws -> ComparedNetworks {
    let settings = settings(width: width)
    let recorded = Set(settings.recorded.list(upTo: settings.steps))
    let training = TrainingBesideLimit(
      settings: settings, seeds: seeds,
      gathered: GatheredMetrics(
        seeds: seeds,
        distances: bandwidths.mapValues {
          WeightLawDistances(
            bandwidths: $0, bins: bins, seed: experiment.seed(options), workers: options.workers)
        }), laws: laws, collector: { collector(width: width, hasHalves: $0) })
    let trajectory = try training.run(chunks: chunks(width), units: units, progress: progress) {
      part, report in
      let range = part.range
      let networks = networks(settings, width: width, first: range.lowerBound, count: range.count)
      let sources = networks.sources
      let twins = twinSettings.flatMap { twinSettings in
        fields.isEmpty
          ? nil
          : DrivenTwins<Scalar>(
            sources: sources, fields: Array(fields[range]), settings: twinSettings,
            workers: options.workers)
      }
      let initial =
        laws.isEmpty ? nil : ParticleEnsemble<Scalar>(sources: sources, workers: options.workers)
      return try networks.train(
        in: Scalar.self, workers: options.workers, progress: report,
        atBoundary: part.atBoundary { try twins?.exchange($0.part("twins")) },
        atStep: { step, neurons in
          if let twins, recorded.contains(step) {
            twins.advance(to: step)
            let squares = neurons.meanSquaredDistances(
              to: twins.ensemble, workers: options.workers)
            for seed in squares.indices {
              training.gathered.coupling[range.lowerBound + seed].append(squares[seed])
            }
          }
          if laws[step] != nil, let initial {
            training.gathered.increments[step, default: []] += neurons.meanSquaredDistances(
              to: initial, workers: options.workers
            ).map { $0.squareRoot() }
            try part.addLaws(step: step) { collectors(neurons, hasHalves: $0) }
          }
        })
    }
    let gathered = training.gathered
    var result = ComparedNetworks(width: width, networks: trajectory)
    // Networks that have all diverged stop early.
    let rows = result.networks.steps.count
    result.coupling =
      twinSettings == nil || fields.isEmpty
      ? [] : gathered.coupling.map { $0 + Array(repeating: .nan, count: rows - $0.count) }
    result.increments = gathered.increments.filter { $0.value.count == seeds }
    result.distances = gathered.distances.filter { $0.value.values.count == seeds }
    return result
  }

  private func collector(width: Int, hasHalves: Bool) -> WeightLawCollector {
    WeightLawCollector(projector, networkOfWidth: width, hasHalves: hasHalves)
  }

  /// One a network.
  private func collectors<Scalar: ParticleScalar>(
    _ neurons: ParticleEnsemble<Scalar>, hasHalves: Bool
  ) -> [WeightLawCollector] {
    let width = neurons.particles
    let collectors = (0..<neurons.systems).map { _ in
      collector(width: width, hasHalves: hasHalves)
    }
    neurons.forEachPart { first, a, w in
      collectors[first / width].add(
        first: first % width, outputWeights: a, inputWeights: w)
    }
    return collectors
  }
}

extension WeightLawCollector {
  /// Of a network's neurons, all of them in the cloud unless they are too many.
  convenience init(_ projector: ParticleProjector, networkOfWidth width: Int, hasHalves: Bool) {
    let keepsCloud = width * (projector.features + projector.outputs) <= WeightLaw.largestNumbers
    self.init(projector, count: width, half: hasHalves ? width / 2 : nil) { _ in keepsCloud }
  }
}
