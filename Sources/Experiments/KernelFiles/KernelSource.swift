import DataIO
import Diagnostics
import Dynamics
import LinearAlgebra
import Networks
import ParticleSystems
import Yams

/// The kernels that a limit takes from `limit.kernel_file` in place of its own:
///
///     f_{k+1}(x) = f_k(x) - eta sum_i Theta(x, x_i) g_i,    f_0 ~ N(0, K)
///
/// with the learning rate eta of `training` on every parameter, as gradient descent in the network's
/// parameterization has it (Sohl-Dickstein et al. 2020, arXiv 2001.07301).
struct KernelSource: DeepKernelSource {
  let record: KernelRecord

  /// Checks that the file is about the experiment's network and points.
  ///
  /// - Throws: `Diagnostic` with the first difference.
  init(_ experiment: Experiment, path: String) throws {
    record = try KernelRecord(path)
    try record.check(experiment.configuration, experiment.problem)
  }
}

extension KernelRecord {
  /// Checks that the file is about the network and the points of a configuration.
  ///
  /// - Throws: `Diagnostic` with the first difference.
  func check(_ configuration: ExperimentConfiguration, _ problem: LearningProblem) throws {
    let theirs = try storedConfiguration(of: path)
    func refusal(_ value: String, _ otherValue: String, key: String) -> Diagnostic {
      Diagnostic(
        .badInput,
        "received \(value) where \(path) has \(otherValue); accepted: the settings of the kernels, or"
          + " other kernels, which infwidth kernel makes of this configuration", key: key)
    }
    if let difference = try configuration.networkDifference(from: theirs) {
      throw refusal(difference.value, difference.otherValue, key: difference.key)
    }
    for (what, key, mine, number) in [
      ("training", "data.train", problem.trainingCount, trainingPoints),
      ("test", "data.test", problem.testCount, testPoints),
    ] where mine != number {
      throw refusal("\(mine) \(what) points", "\(number)", key: key)
    }
    let data = configuration.data
    for (what, mine, fingerprint) in [
      ("training", data.inputsFingerprint(problem.trainingInputs), trainingFingerprint),
      ("test", data.inputsFingerprint(problem.testInputs), testFingerprint),
    ] where mine != fingerprint {
      throw Diagnostic(
        .badInput,
        "its \(what) inputs are not those of the experiment; accepted: kernels of the same points",
        file: path)
    }
    // Synthetic points have no fingerprint: what they are made from says whether they are the same.
    if data.format == .synthetic,
      let difference = try configuration.dataDifference(from: theirs)
    {
      throw refusal(difference.value, difference.otherValue, key: difference.key)
    }
  }
}

extension KernelSource {
  var text: String { "from \(record.path)" }

  var attributes: [String: AttributeValue] {
    ["kernel": .text("file"), "kernel_file": .text(record.path)]
  }

  func runSettings() throws -> [RunSetting] {
    [
      RunSetting(
        key: "kernels",
        value: DataFingerprint.text(
          values: [
            try record.nngp(.trainTrain).elements, try record.tangent(.trainTrain).elements,
          ]))
    ]
  }

  /// The covariance of the initial function on the training points and then the test points.
  func covariance() throws -> Matrix<Double> {
    let training = try record.nngp(.trainTrain)
    let testTraining = try record.nngp(.testTrain)
    let test = try record.nngp(.testTest)
    let n = training.rows
    var elements: [Double] = []
    elements.reserveCapacity((n + test.rows) * (n + test.rows))
    let trainingTest = testTraining.transposed()
    for i in 0..<n { elements += training.row(i) + trainingTest.row(i) }
    for i in 0..<test.rows { elements += testTraining.row(i) + test.row(i) }
    return Matrix(rows: n + test.rows, columns: n + test.rows, elements: elements)
  }

  func tangent(learningRate: Double, _ settings: TrainingSettings) throws -> TangentKernelMatrices {
    let test = try record.tangent(.testTest)
    return TangentKernelMatrices(
      trainingTraining: try record.tangent(.trainTrain).map { learningRate * $0 },
      trainingTest: try record.tangent(.testTrain).transposed().map { learningRate * $0 },
      probeDiagonal: (0..<settings.probes).map { learningRate * test[$0, $0] },
      probePairs: settings.probePairs.dropFirst(settings.probes).map {
        learningRate * test[$0.first, $0.second]
      })
  }
}

extension ExperimentConfiguration {
  /// The first setting of the network that kernels depend on and in which two configurations differ.
  func networkDifference(from other: ExperimentConfiguration) throws -> ConfigurationDifference? {
    try difference(
      from: other, section: "network",
      keys: [
        .activation, .slope, .bias, .hiddenLayers, .layerWidths, .weightStandardDeviation,
        .biasStandardDeviation, .parameterization, .widthScale,
      ] as [NetworkSection.CodingKeys])
  }

  /// The same of the data.
  func dataDifference(from other: ExperimentConfiguration) throws -> ConfigurationDifference? {
    try difference(
      from: other, section: "data", keys: DataSection.CodingKeys.allCases)
  }

  private func difference(
    from other: ExperimentConfiguration, section: String, keys: [some CodingKey]
  ) throws -> ConfigurationDifference? {
    let (mine, theirs) = (try comparable(), try other.comparable())
    return Self.difference(mine, theirs, section: section, keys: keys.map(\.stringValue))
  }
}
