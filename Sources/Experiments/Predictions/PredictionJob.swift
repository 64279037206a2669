import DataIO
import DeepKernels
import Diagnostics
import KernelPredictions
import LinearAlgebra
import Networks

/// `infwidth predict`: what infinitely wide networks of the configured kernels predict, as Bayesian networks
/// and trained on the squared loss, from a configuration to PREDICTION.nc.
public struct PredictionJob: Sendable {
  /// Network and points.
  public let experiment: KernelExperiment
  /// Threads, precision of the kernels, whether a file is replaced.
  public let options: RunOptions
  /// What is predicted.
  public let section: PredictionSection
  /// In training steps, increasing.
  public let times: [Double]
  /// Kernels made before; `nil` where they are computed.
  let record: KernelRecord?

  /// - Parameter kernels: a file of `infwidth kernel` to take the kernels from.
  /// - Throws: `Diagnostic` where a setting does not fit, where the file is about other points or another
  ///   network, or where matrices do not fit the memory.
  public init(
    _ experiment: KernelExperiment, options: RunOptions, kernels: String? = nil
  ) throws {
    self.experiment = experiment
    self.options = options
    let configuration = experiment.configuration
    section = configuration.prediction ?? PredictionSection()
    do {
      let settings = PredictionSettings(section, configuration.training)
      try settings.check(experiment.problem)
      times = try settings.times()
      record = try kernels.map { try KernelRecord($0) }
      try record?.check(configuration, experiment.problem)
      try Self.checkSize(experiment.problem, times: times.count, section)
    } catch let diagnostic as Diagnostic {
      throw experiment.loaded.locate(diagnostic)
    }
  }

  private static func checkSize(
    _ problem: LearningProblem, times: Int, _ section: PredictionSection
  ) throws {
    let largest = SymmetricEigen<Double>.largestOrder
    guard problem.trainingCount <= largest else {
      throw Diagnostic(
        .badInput,
        "received \(problem.trainingCount) training points; accepted by predictions: up to"
          + " \(largest)", key: "data.train")
    }
    let (n, t) = (Double(problem.trainingCount), Double(problem.testCount))
    // Both kernels, two bases, the spread in one of them, and products or LAPACK's workspace; across sets
    // the kernels, their coordinates and weights.
    let square = 8 * n * n
    let across = 7 * n * t
    let covariance = section.covariance ? 5 * t * t : 0
    let means = 2 * Double(times + 1) * (n + t) * Double(problem.outputs)
    try checkMemory(
      bytes: 8 * (square + across + covariance + means),
      what: "predictions from \(problem.trainingCount) training points at \(problem.testCount) test"
        + " points need", key: "data.train",
      advice: section.covariance
        ? "lower data.train or data.test, or leave prediction.covariance out"
        : "lower data.train or data.test")
  }

  /// How trained networks are trained.
  var training: SquaredLossTraining {
    switch section.dynamics {
    case .flow: .flow
    case .discrete: .descent(momentum: experiment.configuration.training?.momentum ?? 0)
    }
  }

  /// Of the kernels' elements.
  var roundingUnit: Double {
    let isSingle = record?.isSinglePrecision ?? (options.precision == .single)
    return isSingle ? Double(Float.ulpOfOne) : .ulpOfOne
  }

  /// Remarks on settings that have no effect.
  public var notes: [String] {
    var notes = experiment.notes + experiment.problem.notes
    if record != nil, options.precision == .single {
      notes.append("--precision has no effect: the kernels come from a file")
    }
    return notes
  }
}
