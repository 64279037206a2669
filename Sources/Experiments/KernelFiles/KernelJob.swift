import DataIO
import DeepKernels
import Diagnostics
import LinearAlgebra
import Networks

/// `infwidth kernel`: both kernels of the configured network on training and test points, from a
/// configuration to KERNEL.nc.
public struct KernelJob: Sendable {
  /// Network and points.
  public let experiment: KernelExperiment
  /// Threads, precision of the matrices, whether a file is replaced.
  public let options: RunOptions
  /// Whether eigenvalues are computed, for which a copy of the training points' kernels is kept.
  public let givesSpectrum: Bool

  /// - Parameter spectrum: computes eigenvalues for any number of points; by default up to
  ///   `KernelSpectrum/automaticPoints`.
  /// - Throws: `Diagnostic` where the eigenvalues' matrices do not fit the memory.
  public init(_ experiment: KernelExperiment, options: RunOptions, spectrum: Bool = false) throws {
    self.experiment = experiment
    self.options = options
    let points = experiment.problem.trainingCount
    givesSpectrum = spectrum || points <= KernelSpectrum.automaticPoints
    if spectrum {
      // Two kernels, and LAPACK's copy and workspace of one.
      try checkMemory(
        bytes: 8 * Double(points) * Double(points) * 6,
        what: "eigenvalues of kernels of \(points) points need", key: "--spectrum",
        advice: "leave the option out, or lower data.train")
    }
    guard !spectrum || points <= SymmetricEigen<Double>.largestOrder else {
      throw Diagnostic(
        .badInput,
        "received \(points) training points; accepted: up to"
          + " \(SymmetricEigen<Double>.largestOrder)", key: "--spectrum")
    }
  }

  /// Computes the kernels and writes `output`, in memory of a few tiles beside the inputs.
  ///
  /// - Throws: `Diagnostic` of kind `outputFailure` where the file cannot be written, of kind `badInput`
  ///   where a kernel is not finite; nothing is left behind then.
  public func run(
    output: String, progress: (RunProgress) -> Void = { _ in }
  ) throws -> KernelOutcome {
    switch options.precision {
    case .single: try run(in: Float.self, output, progress)
    case .double: try run(in: Double.self, output, progress)
    }
  }

  private func run<Scalar: DeepKernelScalar & NetCDFElement>(
    in precision: Scalar.Type, _ output: String, _ progress: (RunProgress) -> Void
  ) throws -> KernelOutcome {
    let problem = experiment.problem
    let kernels = experiment.kernels
    let file = try KernelFileWriter(
      path: output, force: options.force,
      KernelFileDescription(
        metadata: experiment.metadata(options),
        trainingLabels: problem.trainingLabels, testLabels: problem.testLabels,
        isSinglePrecision: options.precision == .single,
        tileSide: KernelTile<Scalar>.side))
    let training = DeepKernelPoints<Scalar>(
      problem.trainingInputs, kernels, workers: options.workers)
    let test = DeepKernelPoints<Scalar>(problem.testInputs, kernels, workers: options.workers)
    var summary = KernelSummary(
      training: problem.trainingCount, test: problem.testCount, keepsMatrices: givesSpectrum)
    func write(_ tile: KernelTile<Scalar>, _ block: KernelBlock) throws {
      guard tile.isFinite else {
        throw experiment.loaded.locate(
          Diagnostic(
            .badInput,
            "a kernel is not finite in \(options.precision.rawValue) precision; lower"
              + " network.weight_std or the inputs", key: "network"))
      }
      try file.write(
        block, firstRow: tile.firstRow, firstColumn: tile.firstColumn, rows: tile.rows,
        columns: tile.columns, nngp: tile.nngp, tangent: tile.tangent)
      summary.add(tile, block)
      progress(RunProgress(fraction: summary.fraction, activity: "kernel \(block.rawValue)"))
    }
    for (points, block) in [(training, KernelBlock.trainTrain), (test, .testTest)] {
      try kernels.forEachTile(points, workers: options.workers) { tile in
        try write(tile, block)
        if tile.firstRow != tile.firstColumn { try write(tile.mirrored, block) }
      }
    }
    try kernels.forEachTile(test, training, workers: options.workers) {
      try write($0, .testTrain)
    }
    let outcome = summary.outcome(
      loss: experiment.loss, training: experiment.configuration.training)
    for (name, value) in outcome.stableLearningRate?.attributes ?? [:] {
      try file.setAttribute(name, value)
    }
    for (kernel, statistics) in outcome.kernels {
      for (name, value) in statistics.spectrum?.attributes(kernel) ?? [:] {
        try file.setAttribute(name, value)
      }
    }
    try file.finish()
    return outcome
  }
}
