import DataIO
import Foundation
import Networks
import ParticleSystems

extension Experiment {
  /// The seed of limits, and of the first finite network.
  func seed(_ options: RunOptions) -> UInt64 { options.seed ?? configuration.limit.seed }

  func metadata(
    _ options: RunOptions, extra: [String: AttributeValue]
  ) -> FileMetadata {
    let date = Date().formatted(.iso8601)
    var attributes = extra
    attributes["precision"] = .text(options.precision.rawValue)
    attributes["experiment"] = .text(
      ((loaded.path as NSString).lastPathComponent as NSString).deletingPathExtension)
    attributes["loss"] = .text(loss.rawValue)
    return FileMetadata(
      configText: loaded.text, history: "\(date) \(options.commandLine)", source: Program.source,
      seed: Int(truncatingIfNeeded: seed(options)), extra: attributes)
  }

  var limitDescription: LimitDescription {
    let regime = scaling.regime
    let name =
      switch configuration.scaling {
      case .named(let name): name.rawValue
      case .exponents, .layerwise: regime.limit?.rawValue ?? "exponents"
      }
    return LimitDescription(
      name: name, alpha: regime.alpha.value, beta: regime.beta.value, gamma: regime.gamma.value)
  }

  func recording(_ settings: TrainingSettings) -> RecordingDescription {
    RecordingDescription(
      steps: settings.recorded.list(upTo: settings.steps), updates: settings.steps, outputs: 1,
      probes: settings.probes, trainingLabels: problem.trainingLabels,
      testLabels: problem.testLabels)
  }

  var featureCount: Int {
    architecture.featureCount(inputDimension: problem.inputDimension)
  }
}
