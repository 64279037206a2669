import Foundation
import InfiniteWidth

/// One small file of each kind that the program writes, made once, and what is needed to read them back.
final class ResultFiles: Sendable {
  let folder: String
  let experiment: Experiment
  /// Of two hidden layers.
  let layered: Experiment
  let options: RunOptions

  /// Files by name: run, random (a limit with a random initial function), nets, density, nets-density,
  /// comparison, ranking, kernel, prediction, study; of two hidden layers layered and layered-nets.
  static let names = [
    "run", "random", "nets", "density", "nets-density", "comparison", "ranking", "kernel",
    "prediction", "study", "layered", "layered-nets",
  ]

  static let shared = Result { try ResultFiles() }

  static let configuration = """
    data: {format: csv, train_path: points.csv, train: 8, test: 5}
    network: {activation: leaky_relu, slope: 0.1, reference_width: 8}
    training: {learning_rate: 0.2, steps: 3}
    limit: {particles: 64, replicates: 4, realizations: 2}
    finite: {widths: [4, 8], seeds: 2}
    record: {snapshots: [0, 3], probes: 2}

    """

  /// A limit with the kernels of a file.
  ///
  /// - Parameter kernels: the file's path.
  static func deepConfiguration(kernels: String) -> String {
    """
    data: {format: csv, train_path: points.csv, train: 8, test: 5}
    network: {activation: relu, hidden_layers: 2, weight_std: 1.4}
    training: {learning_rate: 0.2, steps: 3}
    scaling: ntk
    limit: {kernel_file: \(kernels), realizations: 2}
    record: {probes: 2, probe_kernels: true}

    """
  }

  static let layeredConfiguration = """
    data: {format: csv, train_path: points.csv, train: 8, test: 5}
    network: {activation: relu, hidden_layers: 2, reference_width: 8, initialization: gaussian}
    training: {learning_rate: 0.2, steps: 3}
    scaling: mean_field
    limit: {particles: 32, replicates: 4}
    finite: {widths: [4, 8], seeds: 2}
    record: {snapshots: [0, 3], probes: 2}

    """

  static let studyConfiguration = """
    data: {format: csv, train_path: points.csv, classes: [0, 1], train: 8, test: 5}
    network: {activation: relu}
    study: {hidden_layers: [1, 2], base_width: 4, width_ratios: [0.5, 1], steps: 3}
    finite: {widths: [4, 8], seeds: 2}

    """

  static let points = (0..<13).map { row in
    "\((row * 7 % 13) - 6).5,\(Double(row * 5 % 11) / 8),\(row % 2)"
  }.joined(separator: "\n")

  private init() throws {
    folder = NSTemporaryDirectory() + "infwidth-robustness-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Self.points.write(toFile: folder + "/points.csv", atomically: false, encoding: .utf8)
    let loaded = try LoadedConfiguration.parse(
      text: Self.configuration, path: folder + "/small.yaml")
    options = RunOptions(workers: Workers(count: 1), force: true, commandLine: "test")
    experiment = try Experiment(loaded)
    var other = loaded
    other.replaceScaling(ScalingSection(text: "ntk")!, option: "--scaling")
    let kernel = try Experiment(other)

    layered = try Experiment(
      LoadedConfiguration.parse(text: Self.layeredConfiguration, path: folder + "/layered.yaml"),
      takesDeepNetworks: true, takesDeepScalings: true)

    _ = try LimitJob(experiment, options: options).run(output: path("run"), progress: { _ in })
    _ = try LimitJob(kernel, options: options).run(output: path("random"), progress: { _ in })
    try NetworksJob(experiment, options: options).run(
      output: path("nets"), progress: { _ in }, finished: { _, _ in })
    var request = DensityRequest()
    request.projections = try ["a", "a, norm(w)"].map { try ProjectionExpression(parsing: $0) }
    request.gridPoints = 16
    request.netsPath = path("nets")
    for name in ["density", "nets-density"] {
      _ = try DensityJob(path("run"), request: request, options: options).run(output: path(name))
      request.netsPath = nil
      request.comparedPath = path("density")
      request.gridPoints = nil
    }
    _ = try ComparisonJob([experiment], request: ComparisonRequest(), options: options).run(
      output: path("comparison"))
    _ = try ComparisonJob([experiment, kernel], request: ComparisonRequest(), options: options).run(
      output: path("ranking"))
    let deep = try LoadedConfiguration.parse(
      text: Self.deepConfiguration(kernels: path("kernel")), path: folder + "/deep.yaml")
    _ = try KernelJob(KernelExperiment(deep), options: options).run(output: path("kernel"))
    let study = try LoadedConfiguration.parse(
      text: Self.studyConfiguration, path: folder + "/study.yaml")
    _ = try PredictionJob(KernelExperiment(study), options: options)
      .run(output: path("prediction"))
    _ = try StudyJob(study, options: options).run(output: path("study"))
    _ = try LayeredLimitJob(layered, options: options).run(output: path("layered"))
    try NetworksJob(layered, options: options).run(
      output: path("layered-nets"), progress: { _ in }, finished: { _, _ in })
  }

  func path(_ name: String) -> String { "\(folder)/\(name).nc" }

  deinit { try? FileManager.default.removeItem(atPath: folder) }
}
