import DataIO
import DeepKernels
import Diagnostics
import KernelPredictions
import LinearAlgebra
import Networks

/// What a run of predictions gave.
public struct PredictionOutcome: Sendable {
  /// What the file holds.
  public let record: PredictionRecord
  /// Of the tangent kernel and of the covariance on the training points, as they are.
  public let spectra: [(kernel: String, spectrum: KernelSpectrum)]
  /// Directions left out, and the share of the targets' sum of squares in them.
  public let leftOut: [(kernel: String, directions: Int, targetShare: Double)]
  /// Of gradient descent on the tangent kernel; `nil` with RMSProp.
  public let stableLearningRate: StableLearningRate?
  /// eta; `nil` without a section `training`.
  public let learningRate: Double?
}

extension PredictionJob {
  /// Computes the predictions and writes `output`.
  ///
  /// Cost: 18 n^3 operations for the eigenvectors, on one thread; at each time 2 n^2 (n + t).
  ///
  /// - Throws: `Diagnostic` of kind `outputFailure` where the file cannot be written, of kind `badInput`
  ///   where a kernel is not finite or where descent is unstable; nothing is left behind then.
  public func run(
    output: String, progress: (RunProgress) -> Void = { _ in }
  ) throws -> PredictionOutcome {
    let problem = experiment.problem
    let outputs = problem.outputs
    let file = try PredictionFileWriter(
      path: output, force: options.force,
      PredictionFileWriter.Description(
        metadata: metadata(), outputs: outputs, trainingLabels: problem.trainingLabels,
        testLabels: problem.testLabels, noiseDeviation: section.noiseStandardDeviation,
        times: times, givesCovariance: section.covariance))
    func report(_ done: Int, _ activity: String) {
      progress(
        RunProgress(fraction: Double(done) / Double(times.count + 4), activity: activity))
    }
    var done = 0
    let predictor = try KernelPredictor(self) { activity in
      report(done, activity)
      done += 1
    }
    let below = predictor.bayesian()
    let bayesian = law(below)
    try file.write(bayesian, covariance: below.test.covariance)
    let stable = StableLearningRate(
      bound: predictor.tangent.largest, .eigenvalue, trainingPoints: problem.trainingCount,
      loss: .squared, training: experiment.configuration.training)
    try checkStability(stable)
    report(3, "trained networks")
    var ensembles: [PredictionRecord.FunctionLaw] = []
    for prediction in predictor.trained(training, learningRate: learningRate ?? 1, times: times) {
      let trained = law(prediction)
      try file.write(trained, covariance: prediction.test.covariance, time: ensembles.count)
      ensembles.append(trained)
      report(3 + ensembles.count, "trained networks")
    }
    let matrices = predictor.matrices
    let outcome = PredictionOutcome(
      record: PredictionRecord(
        path: output, outputs: outputs, trainingLabels: problem.trainingLabels,
        testLabels: problem.testLabels, noiseDeviation: section.noiseStandardDeviation,
        times: times,
        bayesian: bayesian,
        ensembles: ensembles),
      spectra: [
        ("nngp", predictor.nngp, matrices.trainNNGP),
        ("ntk", predictor.tangent, matrices.trainTangent),
      ].compactMap { name, basis, matrix in
        KernelSpectrum(matrix, eigenvalues: basis.values).map { (name, $0) }
      },
      leftOut: predictor.leftOut,
      stableLearningRate: stable, learningRate: learningRate)
    for (name, value) in outcome.attributes { try file.setAttribute(name, value) }
    try file.finish()
    return outcome
  }

  /// eta; `nil` without a section `training`.
  var learningRate: Double? { experiment.configuration.training?.learningRate }

  private func metadata() -> FileMetadata {
    var metadata = experiment.metadata(options)
    metadata.extra["dynamics"] = .text(section.dynamics.rawValue)
    metadata.extra["loss"] = .text(Loss.squared.rawValue)
    metadata.extra.merge(
      DataFingerprint.attributes(experiment.problem, experiment.configuration.data)
    ) { _, new in new }
    if let learningRate { metadata.extra["learning_rate"] = .double(learningRate) }
    if let record { metadata.extra["kernel_file"] = .text(record.path) }
    return metadata
  }

  func basis(_ kernel: Matrix<Double>, noise: Double) throws -> KernelEigenbasis {
    guard
      let basis = KernelEigenbasis(
        kernel, roundingUnit: roundingUnit, addingToDiagonal: noise)
    else {
      throw experiment.loaded.locate(
        Diagnostic(
          .badInput, "a kernel is not finite; lower network.weight_std or the inputs",
          key: "network"))
    }
    return basis
  }

  private func checkStability(_ stable: StableLearningRate?) throws {
    guard section.dynamics == .discrete, let stable, let learningRate,
      learningRate >= stable.value, times.contains(where: { $0 > 0 })
    else { return }
    throw experiment.loaded.locate(
      Diagnostic(
        .badInput,
        "received \(learningRate), with which gradient descent diverges; accepted with"
          + " prediction.dynamics discrete: below \(ResultTable.text(stable.value)), which is"
          + " 2 (1 + momentum) n / (largest eigenvalue)", key: "training.learning_rate"))
  }

  /// Means and deviations with their scores.
  private func law(_ prediction: KernelPredictor.Prediction) -> PredictionRecord.FunctionLaw {
    let (training, test) = prediction
    return PredictionRecord.FunctionLaw(
      trainingMean: training.mean.elements, testMean: test.mean.elements,
      trainingDeviation: training.variances.map { $0.squareRoot() },
      testDeviation: test.variances.map { $0.squareRoot() },
      scores: PredictionScores(
        experiment.problem, training, test, noise: section.noiseStandardDeviation))
  }
}

extension PredictionOutcome {
  var attributes: [String: AttributeValue] {
    var result: [String: AttributeValue] = stableLearningRate?.attributes ?? [:]
    for (kernel, spectrum) in spectra {
      result.merge(spectrum.attributes(kernel)) { _, new in new }
    }
    for (kernel, directions, share) in leftOut {
      result["\(kernel)_directions_left_out"] = .int(directions)
      result["\(kernel)_target_share_left_out"] = .double(share)
    }
    return result
  }
}
