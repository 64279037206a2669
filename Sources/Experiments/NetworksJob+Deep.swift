import Checkpoints
import DataIO
import Execution
import FiniteWidth
import MessagePassing
import Networks
import ParticleSystems

/// Networks of several hidden layers.
extension NetworksJob {
  func trainDeep<Scalar: ParticleScalar & NetCDFElement>(
    _ width: Int, _ range: Range<Int>, _ settings: TrainingSettings, in precision: Scalar.Type,
    _ place: Place, progress: (Int) -> Void
  ) throws -> Trajectory {
    let networks = experiment.deepNetworks(
      width: width, first: range.lowerBound, count: range.count, settings: settings, options)
    guard experiment.hasMirrorImages else {
      return try train(networks, in: precision, place, progress: progress)
    }
    // Each of the two is half of the work.
    var trajectory = try train(
      networks, in: precision, place, progress: { progress($0 / 2) })
    var mirrorSettings = settings
    (mirrorSettings.decomposes, mirrorSettings.incrementLayers) = (false, 0)
    mirrorSettings.probes = 0
    mirrorSettings.pairsProbes = false
    let images = try train(
      DeepNetworks(
        layers: networks.layers, firstSeed: networks.firstSeed, seeds: networks.seeds,
        settings: mirrorSettings
      ).mirrored, in: precision, place.units.part("mirror images"),
      progress: { progress((settings.steps + $0) / 2) }, atStep: { _, _ in })
    trajectory.mirrorTestLogits = zip(trajectory.testLogits, images.testLogits)
      .map { ($0 + $1) / 2 }
    return trajectory
  }

  private func train<Scalar: ParticleScalar & NetCDFElement>(
    _ networks: DeepNetworks, in precision: Scalar.Type, _ place: Place, progress: (Int) -> Void
  ) throws -> Trajectory {
    let file = layers.map {
      NetsLayersFile<Scalar>(
        writer: place.writer, width: place.width, neurons: widths[place.width],
        firstSeed: place.firstSeed, description: $0, units: place.units,
        ranks: options.workers.ranks)
    }
    try file?.replay(seeds: networks.seeds)
    return try train(
      networks, in: precision, place.units, progress: progress,
      atStep: { try file?.write($0, networks, $1) })
  }

  private func train<Scalar: ParticleScalar>(
    _ networks: DeepNetworks, in precision: Scalar.Type, _ units: CheckpointUnits,
    progress: (Int) -> Void, atStep: (Int, DeepEnsemble<Scalar>) throws -> Void
  ) throws -> Trajectory {
    let empty = Trajectory(
      members: networks.seeds, settings: networks.settings, hasError: false)
    return try units.training(empty) { action in
      try networks.train(
        in: precision, workers: options.workers, progress: progress, atBoundary: action,
        atStep: atStep)
    }
  }

  /// What is kept of the hidden layers of deep networks in a scaling, whose weights have units at every width.
  var layers: NetsLayersDescription? {
    let snapshots = experiment.configuration.record.snapshots
    guard let scaling = experiment.deepScaling, !snapshots.isEmpty else { return nil }
    return NetsLayersDescription(
      LayerPopulationsDescription(
        snapshotSteps: snapshots, features: experiment.problem.inputDimension,
        outputs: experiment.problem.outputs, probes: experiment.layeredProbes,
        isSinglePrecision: options.precision == .single), hiddenLayers: scaling.hiddenLayers)
  }
}
