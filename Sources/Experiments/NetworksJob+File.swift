import DataIO
import Networks
import ParticleSystems

extension NetworksJob {
  /// NETS.nc while the networks train.
  ///
  /// - Throws: `Diagnostic` where the disk has no room for the weights that are kept, or the file cannot be made.
  func writer(
    _ output: String, _ attributes: [String: AttributeValue]
  ) throws -> NetsFileWriter {
    let (weights, layers) = (weights, layers)
    if let bytes = weights?.bytes(widths: widths, seeds: seeds)
      ?? layers?.bytes(widths: widths, seeds: seeds)
    {
      let count = experiment.configuration.record.snapshots.count
      try checkSpace(
        bytes: bytes, for: output,
        what: "the weights of \(seeds) network\(seeds == 1 ? "" : "s") of each width at"
          + " \(count) snapshot\(count == 1 ? "" : "s") need",
        advice: "lower the number of record.snapshots, finite.widths or finite.seeds")
    }
    return try NetsFileWriter(
      path: output, force: options.force,
      NetsFileDescription(
        metadata: experiment.metadata(
          options,
          extra: experiment.deepAttributes(widths: widths).merging(attributes) { $1 }),
        limit: experiment.limitDescription,
        widths: widths,
        seeds: (0..<seeds).map { Int(experiment.seed(options)) + $0 },
        recording: experiment.recording(settings(width: widths[0])), weights: weights,
        layers: layers))
  }

  /// What is kept of the networks' weights, where the configuration asks for them.
  private var weights: NetsWeightsDescription? {
    let snapshots = experiment.configuration.record.snapshots
    return snapshots.isEmpty || experiment.hasDeepNetworks
      ? nil
      : NetsWeightsDescription(
        snapshotSteps: snapshots, features: experiment.featureCount,
        outputs: experiment.problem.outputs, isSinglePrecision: options.precision == .single)
  }
}
