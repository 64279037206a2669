import DataIO
import Networks
import ParticleSystems

extension NetworksJob {
  /// NETS.nc while the networks train.
  func writer(
    _ output: String, _ weights: NetsWeightsDescription?, _ attributes: [String: AttributeValue]
  ) throws -> NetsFileWriter {
    try NetsFileWriter(
      path: output, force: options.force,
      NetsFileDescription(
        metadata: experiment.metadata(
          options,
          extra: experiment.deepAttributes(widths: widths).merging(attributes) { $1 }),
        limit: experiment.limitDescription,
        widths: widths,
        seeds: (0..<seeds).map { Int(experiment.seed(options)) + $0 },
        recording: experiment.recording(settings(width: widths[0])), weights: weights))
  }

  /// What is kept of the networks' weights, where the configuration asks for them.
  var weights: NetsWeightsDescription? {
    let snapshots = experiment.configuration.record.snapshots
    return snapshots.isEmpty || experiment.hasDeepNetworks
      ? nil
      : NetsWeightsDescription(
        snapshotSteps: snapshots, features: experiment.featureCount,
        outputs: experiment.problem.outputs, isSinglePrecision: options.precision == .single)
  }
}
