import DataIO
import DeepKernels
import Diagnostics
import LinearAlgebra
import Networks

/// What kernels are made of: data and a network, which is all that the command asks for.
public struct KernelExperiment: Sendable {
  /// The configuration and its file.
  public let loaded: LoadedConfiguration
  /// Training and test points.
  public let problem: LearningProblem
  /// Those of the configured network.
  public let kernels: DeepKernels
  /// Of `training`; squared without it.
  public let loss: Loss

  /// That of ``loaded``.
  public var configuration: ExperimentConfiguration { loaded.configuration }
  /// That of ``kernels``.
  public var architecture: DeepArchitecture { kernels.architecture }

  /// Checks the settings and loads the data. Without `training` labels of a CSV file are numbers as they
  /// stand, unless it names classes.
  ///
  /// - Throws: `Diagnostic` with file, line and key.
  public init(_ loaded: LoadedConfiguration) throws {
    try self.init(loaded, problem: nil)
  }

  /// - Parameter problem: the data, where they are loaded already.
  init(_ loaded: LoadedConfiguration, problem known: LearningProblem?) throws {
    self.loaded = loaded
    let configuration = loaded.configuration
    do {
      guard let network = configuration.network else {
        throw Diagnostic(
          .badInput, "missing; give a section network: with at least activation: relu",
          key: "network")
      }
      let architecture = try DeepArchitecture(network)
      loss = configuration.training.map { Loss($0.loss) } ?? .squared
      if let known {
        problem = known
      } else {
        let data = try loadProblem(DatasetRequest(loaded, loss: loss))
        problem = loss == .softmax ? data.withAnOutputForEachClass() : data
      }
      guard
        let kernels = DeepKernels(architecture, inputDimension: problem.inputDimension)
      else { preconditionFailure("the activation was checked") }
      self.kernels = kernels
    } catch let diagnostic as Diagnostic {
      throw loaded.locate(diagnostic)
    }
  }

  /// Remarks on settings that have no effect on kernels.
  public var notes: [String] {
    var notes: [String] = []
    func note(_ key: String, _ reason: String) {
      if loaded.gives(key) { notes.append("\(key) has no effect: \(reason)") }
    }
    for key in ["input_weight_std", "output_weight_std"] {
      note("network.\(key)", "kernels of deep networks take network.weight_std")
    }
    note("network.reference_width", "it belongs to scaling:")
    // Where a limit takes the kernels, it needs the key.
    if configuration.limit.kernelFile == nil {
      note("scaling", "the parameterization takes its place")
    }
    switch architecture.parameterization {
    case .ntk:
      note("network.layer_widths", "the limit in the ntk parameterization does not know them")
      note("network.width_scale", "the limit in the ntk parameterization does not know it")
    case .standard: note("network.width_scale", "kernels are those of its limit")
    case .naiveStandard: break
    }
    return notes
  }

  func metadata(_ options: RunOptions) -> FileMetadata {
    var attributes: [String: AttributeValue] = [
      "parameterization": .text(architecture.parameterization.rawValue)
    ]
    for (name, inputs) in [
      (KernelRecord.trainingFingerprintAttribute, problem.trainingInputs),
      (KernelRecord.testFingerprintAttribute, problem.testInputs),
    ] {
      if let text = configuration.data.inputsFingerprint(inputs) { attributes[name] = .text(text) }
    }
    // Every file names the seed of its configuration; kernels have no random part.
    return loaded.metadata(
      options, problem, seed: Int(clamping: configuration.limit.seed), extra: attributes)
  }
}

extension DataSection {
  /// Tells inputs apart, whatever their labels; `nil` for synthetic points, which may differ by a rounding
  /// from one kind of processor to another.
  func inputsFingerprint(_ inputs: Matrix<Double>) -> String? {
    format == .synthetic ? nil : DataFingerprint.text(inputs: inputs, labels: [])
  }
}
