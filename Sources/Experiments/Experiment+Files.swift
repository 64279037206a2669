import DataIO
import Diagnostics
import Foundation
import LinearAlgebra
import Networks
import ParticleSystems

extension Experiment {
  /// The seed of limits, and of the first finite network.
  func seed(_ options: RunOptions) -> UInt64 { options.seed ?? configuration.limit.seed }

  /// Seeds are stored as whole numbers that every reader of the files holds exactly.
  func checkSeed(_ options: RunOptions, count: Int = 1) throws {
    let largest: UInt64 = 1 << 53
    let seed = seed(options)
    guard seed <= largest, UInt64(count) <= largest - seed else {
      throw Diagnostic(
        .badInput,
        "received \(seed)\(count > 1 ? " for the first of \(count) networks" : ""); accepted: seeds"
          + " from 0 to \(largest)", key: options.seed == nil ? "limit.seed" : "--seed")
    }
  }

  func metadata(
    _ options: RunOptions, extra: [String: AttributeValue]
  ) -> FileMetadata {
    var attributes = extra
    attributes["reference_width"] = .int(reference.width)
    attributes["scaling"] = .text(configuration.scaling.text)
    attributes["loss"] = .text(loss.rawValue)
    attributes["optimizer"] = .text(training.optimizer.rawValue)
    attributes.merge(DataFingerprint.attributes(problem, configuration.data)) { $1 }
    return loaded.metadata(options, problem, seed: Int(seed(options)), extra: attributes)
  }

  var limitDescription: LimitDescription {
    if let deepScaling { return LimitDescription(deepScaling) }
    return LimitDescription(
      name: regime.isInitializationCorrected
        ? ScalingName.initialCorrectedMeanField.rawValue : regime.limit?.rawValue ?? "none",
      alpha: regime.alpha.value, beta: regime.beta.value, gamma: regime.gamma.value)
  }

  func recording(_ settings: TrainingSettings) -> RecordingDescription {
    RecordingDescription(
      steps: settings.recorded.list(upTo: settings.steps), updates: settings.steps,
      outputs: problem.outputs,
      probes: settings.probes, trainingLabels: problem.trainingLabels,
      testLabels: problem.testLabels)
  }

  var featureCount: Int {
    architecture.featureCount(inputDimension: problem.inputDimension)
  }
}

extension LoadedConfiguration {
  /// What every file says of itself.
  ///
  /// - Parameter extra: of the kind of file.
  func metadata(
    _ options: RunOptions, _ problem: LearningProblem, seed: Int, extra: [String: AttributeValue]
  ) -> FileMetadata {
    var attributes = extra
    // Bits depend on the kernels that the matrix products run on.
    attributes["blas_kernels"] = .text(OpenBLAS.coreName)
    attributes["precision"] = .text(options.precision.rawValue)
    attributes["experiment"] = .text(
      ((path as NSString).lastPathComponent as NSString).deletingPathExtension)
    // Where relative paths of the data start, for what is computed from the file later.
    attributes["config_path"] = .text(URL(fileURLWithPath: path).standardizedFileURL.path)
    if let scale { attributes["scale"] = .text(scale) }
    if case .multiclass(let names) = problem.task {
      // Which class each output stands for, in order; the labels of a class have commas.
      attributes["classes"] = .text(names.joined(separator: "; "))
    }
    return FileMetadata(
      configText: text, history: options.history, source: ProgramIdentity.source, seed: seed,
      extra: attributes)
  }
}
