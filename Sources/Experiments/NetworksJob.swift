import Checkpoints
import DataIO
import Diagnostics
import Execution
import FiniteWidth
import MessagePassing
import Networks
import ParticleSystems

/// `infwidth train`: finite networks of all widths and seeds, from a configuration to NETS.nc.
public struct NetworksJob: Sendable {
  /// What is trained on, and how.
  public let experiment: Experiment
  /// Seed, threads, precision.
  public let options: RunOptions
  /// Increasing.
  public let widths: [Int]
  /// Networks of each width.
  public let seeds: Int

  /// Parameters of the networks that are trained side by side, at most (or one network): enough to
  /// keep the threads busy, little enough for any machine.
  private static let parametersAtOnce = 1 << 27

  /// - Parameter widths: replace `finite.widths` where not empty.
  /// - Throws: `Diagnostic` where a setting does not fit or is not available.
  public init(_ experiment: Experiment, options: RunOptions, widths: [Int] = []) throws {
    self.experiment = experiment
    self.options = options
    let configured = experiment.configuration.finite?.widths ?? []
    self.widths = (widths.isEmpty ? configured : widths).sorted()
    seeds = experiment.configuration.finite?.seeds ?? FiniteSection().seeds
    do {
      guard let largest = self.widths.last else {
        throw Diagnostic(
          .badInput, "missing; give the widths to train, such as [128, 512, 2048], or --width",
          key: "finite.widths")
      }
      try experiment.checkSeed(options, count: seeds)
      let key = widths.isEmpty ? "finite.widths" : "--width"
      if experiment.hasDeepNetworks {
        try experiment.checkDeepWidths(self.widths, options: options, key: key)
      } else {
        try checkMemory(
          bytes: experiment.particleBytes(largest, precision: options.precision)
            * options.workers.ranks.machineShare,
          what: "a network of width \(largest) with \(experiment.featureCount) features needs",
          key: key, advice: "train narrower networks")
      }
      try settings(width: largest).checkRecord(members: seeds, of: "seeds")
    } catch let diagnostic as Diagnostic {
      throw experiment.loaded.locate(diagnostic)
    }
  }

  /// Trains the networks and writes `output`, on the first of several processes.
  ///
  /// - Parameters:
  ///   - checkpoints: of this output; `nil` for none.
  ///   - finished: called with each width's trajectory (one member a seed) when it is done.
  /// - Throws: `Diagnostic` of kind `outputFailure` where the file cannot be written; nothing is left
  ///   behind then. Of kind `stoppedBySignal` where a run with checkpoints is asked to stop, of kind
  ///   `badInput` where the checkpoint is that of another run.
  public func run(
    output: String, checkpoints: RunCheckpoints? = nil, progress: (RunProgress) -> Void = { _ in },
    finished: (_ width: Int, Trajectory) -> Void = { _, _ in }
  ) throws {
    try checkDestination(output, force: options.force)
    let runSettings = try runSettings
    try experiment.begin(checkpoints, runSettings, options)
    let writer = options.workers.ranks.isFirst ? try writer(output, runSettings.attributes) : nil
    // The cost of a network grows with its width, but not below a block of neurons' worth.
    let total = widths.reduce(0.0) { $0 + cost($1) * Double(seeds) }
    var done = 0.0
    for (index, width) in widths.enumerated() {
      var parts: [Trajectory] = []
      for range in chunks(width) {
        let (first, count) = (range.lowerBound, range.count)
        let settings = settings(width: width)
        let report = { (update: Int) in
          let part = cost(width) * Double(count) * Double(update) / Double(settings.steps)
          progress(
            RunProgress(
              fraction: (done + part) / total, activity: "width \(width), step \(update)"))
        }
        let place = Place(
          writer: writer, width: index, firstSeed: first,
          units: CheckpointUnits(checkpoints).part(
            "width \(width), seeds \(first + 1) to \(first + count)"))
        let trajectory =
          switch options.precision {
          case .single: try train(width, range, in: Float.self, place, progress: report)
          case .double: try train(width, range, in: Double.self, place, progress: report)
          }
        try writer?.write(trajectory, widthIndex: index, firstSeed: first)
        parts.append(trajectory)
        done += cost(width) * Double(count)
      }
      finished(width, Trajectory(joining: parts))
    }
    try writer?.finish()
    checkpoints?.finish()
  }

  var runSettings: [RunSetting] {
    get throws {
      try experiment.runSettings(
        "train", sections: ["finite", "record"], options,
        extra: [RunSetting(key: "--width", value: "\(widths)")])
    }
  }

  /// Where networks that are trained side by side belong.
  struct Place {
    /// On the first of several processes.
    let writer: NetsFileWriter?
    let width: Int
    let firstSeed: Int
    let units: CheckpointUnits

    func write<Scalar: ParticleScalar & NetCDFElement>(
      _ place: [Int], _ outputWeights: UnsafeBufferPointer<Scalar>,
      _ inputWeights: UnsafeBufferPointer<Scalar>, outputs: Int
    ) throws {
      try writer?.writeSnapshotBlock(
        widthIndex: width, seedIndex: firstSeed + place[0], snapshotIndex: place[1],
        firstNeuron: place[2], outputWeights: outputWeights, inputWeights: inputWeights,
        rows: outputWeights.count / outputs)
    }
  }

  /// Seeds that are trained side by side.
  private func chunks(_ width: Int) -> [Range<Int>] {
    if experiment.hasDeepNetworks { return experiment.deepChunks(width: width, seeds: seeds) }
    let atOnce = max(
      1, min(seeds, Self.parametersAtOnce / (width * experiment.parameterCount)))
    return stride(from: 0, to: seeds, by: atOnce).map { $0..<min($0 + atOnce, seeds) }
  }

  private func train<Scalar: ParticleScalar & NetCDFElement>(
    _ width: Int, _ range: Range<Int>, in precision: Scalar.Type, _ place: Place,
    progress: (Int) -> Void
  ) throws -> Trajectory {
    let settings = settings(width: width)
    if experiment.hasDeepNetworks {
      return try trainDeep(width, range, settings, in: precision, place, progress: progress)
    }
    let networks = FiniteNetworks(
      width: width, firstSeed: experiment.seed(options) + UInt64(range.lowerBound),
      seeds: range.count, law: experiment.law, settings: settings,
      initializationCorrection: experiment.regime.isInitializationCorrected
        ? experiment.reference.width : nil)
    return try train(networks, in: precision, place, progress: progress)
  }

  private func train<Scalar: ParticleScalar & NetCDFElement>(
    _ networks: FiniteNetworks, in precision: Scalar.Type,
    _ place: Place, progress: (Int) -> Void
  ) throws -> Trajectory {
    let (width, snapshots) = (networks.width, networks.settings.snapshots)
    let outputs = experiment.problem.outputs
    let pieces = WeightPieces(place.units)
    let shape = WeightPieces.Shape(
      counts: [networks.seeds, snapshots.count, width], outputs: outputs,
      features: experiment.featureCount)
    try pieces.replay(in: Scalar.self, shape) {
      try place.write($0, $1, $2, outputs: outputs)
    }
    let empty = Trajectory(
      members: networks.seeds, settings: networks.settings, hasError: false)
    return try place.units.training(empty) { action in
      try networks.train(
        in: precision, workers: options.workers, progress: progress, atBoundary: action,
        snapshot: { step, neurons in
          try neurons.forEachPart { row, outputWeights, inputWeights in
            let part = [row / width, snapshots.firstIndex(of: step)!, row % width]
            try place.write(part, outputWeights, inputWeights, outputs: outputs)
            try pieces.put(place: part, outputWeights: outputWeights, inputWeights: inputWeights)
          }
        })
    }
  }

  private func cost(_ width: Int) -> Double {
    experiment.hasDeepNetworks
      ? Double(experiment.deepLayers(width: width).reduce(0) { $0 + $1.parameters })
      : Double(max(width, 64))
  }

  func settings(width: Int) -> TrainingSettings {
    if experiment.hasDeepNetworks { return experiment.deepSettings() }
    return experiment.settings(
      step: .network(width: width, scaling: experiment.scaling, reference: experiment.reference),
      snapshots: experiment.configuration.record.snapshots,
      decomposes: experiment.architecture.activation.negativeSlope != nil)
  }
}
