import DataIO
import DeepKernels
import Diagnostics
import KernelPredictions
import LinearAlgebra
import Networks

/// What a run of predictions gave.
public struct PredictionOutcome: Sendable {
  public let record: PredictionRecord
  /// Of the tangent kernel and of the covariance on the training points, as they are.
  public let spectra: [(kernel: String, spectrum: KernelSpectrum)]
  /// Directions left out, and the share of the targets' sum of squares in them.
  public let leftOut: [(kernel: String, directions: Int, targetShare: Double)]
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
    report(0, "kernels")
    let matrices = try kernels()
    let targets = Matrix(
      rows: problem.trainingCount, columns: outputs,
      elements: PredictionRecord.targets(problem.trainingLabels, outputs: outputs))
    let prior: PriorCovariance =
      section.covariance ? .full(matrices.testNNGP) : .variances(matrices.testVariances)
    let noise = section.noiseStandardDeviation
    report(1, "eigenvalues of the covariance")
    let nngp = try basis(matrices.trainNNGP, noise: noise * noise)
    let posterior = KernelPosterior(nngp, workers: options.workers)
    let below = posterior.prediction(
      across: matrices.acrossNNGP, prior: prior, targets: targets)
    let bayesian = law(posterior.trainingPrediction(targets: targets), below)
    try file.write(bayesian, covariance: below.covariance)
    report(2, "eigenvalues of the tangent kernel")
    let tangent = try basis(matrices.trainTangent, noise: 0)
    let stable = StableLearningRate(
      bound: tangent.largest, .eigenvalue, trainingPoints: problem.trainingCount, loss: .squared,
      training: experiment.configuration.training)
    try checkStability(stable)
    report(3, "trained networks")
    let ensemble = TrainedEnsemble(
      tangent, initialCovariance: matrices.trainNNGP, learningRate: learningRate ?? 1,
      training: training, workers: options.workers)
    let points = ensemble.points(
      tangent: matrices.acrossTangent, nngp: matrices.acrossNNGP, prior: prior)
    var ensembles: [PredictionRecord.FunctionLaw] = []
    for (index, time) in times.enumerated() {
      let atTest = ensemble.prediction(points, targets: targets, time: time)
      let trained = law(ensemble.trainingPrediction(targets: targets, time: time), atTest)
      try file.write(trained, covariance: atTest.covariance, time: index)
      ensembles.append(trained)
      report(4 + index, "trained networks")
    }
    let outcome = PredictionOutcome(
      record: PredictionRecord(
        path: output, outputs: outputs, trainingLabels: problem.trainingLabels,
        testLabels: problem.testLabels, noiseDeviation: noise, times: times, bayesian: bayesian,
        ensembles: ensembles),
      spectra: [("nngp", nngp, matrices.trainNNGP), ("ntk", tangent, matrices.trainTangent)]
        .compactMap { name, basis, matrix in
          KernelSpectrum(matrix, eigenvalues: basis.values).map { (name, $0) }
        },
      leftOut: [("nngp", nngp), ("ntk", tangent)].map {
        ($0, $1.leftOut, $1.shareLeftOut(of: targets))
      },
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
    let (problem, data) = (experiment.problem, experiment.configuration.data)
    // Synthetic points may differ by a rounding from one kind of processor to another.
    if data.format != .synthetic {
      for (name, inputs, labels) in [
        (DataFingerprint.trainingAttribute, problem.trainingInputs, problem.trainingLabels),
        (DataFingerprint.testAttribute, problem.testInputs, problem.testLabels),
      ] { metadata.extra[name] = .text(DataFingerprint.text(inputs: inputs, labels: labels)) }
    }
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
  private func law(
    _ training: GaussianPrediction, _ test: GaussianPrediction
  ) -> PredictionRecord.FunctionLaw {
    PredictionRecord.FunctionLaw(
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
