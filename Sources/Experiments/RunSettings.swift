import DataIO
import Diagnostics
import LinearAlgebra
import Yams

extension ExperimentConfiguration {
  /// All settings of some sections after defaults, key by key in alphabetical order, as one line each.
  func settings(of sections: [String]) throws -> [RunSetting] {
    guard let root = try Yams.compose(yaml: yaml()) else {
      preconditionFailure("a configuration is a YAML document")
    }
    var result: [RunSetting] = []
    func add(_ key: String, _ node: Node) {
      guard case .mapping(let mapping) = node else {
        result.append(RunSetting(key: key, value: Self.line(node)))
        return
      }
      for (name, value) in mapping { add("\(key).\(Self.line(name))", value) }
    }
    for section in sections {
      if let node = root[section] { add(section, node) }
    }
    return result
  }

  private static func line(_ node: Node) -> String {
    switch node {
    case .scalar(let scalar): scalar.string
    case .sequence(let sequence): "[\(sequence.map(line).joined(separator: ", "))]"
    case .mapping(let mapping):
      "{\(mapping.map { "\(line($0.key)): \(line($0.value))" }.joined(separator: ", "))}"
    case .alias: preconditionFailure("configurations have no aliases")
    }
  }
}

extension Experiment {
  /// All that the results of a command depend on: a run that was interrupted goes on where these are the
  /// same. The number of threads is none of them.
  ///
  /// - Parameter sections: of the configuration, beside the experiment itself.
  func runSettings(
    _ command: String, sections: [String], _ options: RunOptions, extra: [RunSetting]
  ) throws -> [RunSetting] {
    var result = [
      RunSetting(key: "program", value: ProgramIdentity.source),
      RunSetting(key: "command", value: command),
    ]
    result += try configuration.settings(
      of: ["data", "network", "training", "scaling"] + sections)
    result.append(RunSetting(key: "--seed", value: "\(seed(options))"))
    result.append(RunSetting(key: "--precision", value: options.precision.rawValue))
    result += extra
    if let fingerprint = trainingFingerprint {
      result.append(RunSetting(key: "training data", value: fingerprint))
    }
    if let fingerprint = testFingerprint {
      result.append(RunSetting(key: "test data", value: fingerprint))
    }
    result.append(
      RunSetting(key: "kernels of matrix products", value: OpenBLAS.coreName, isBinding: false))
    return result
  }

  /// Begins a run, or continues it; what differs is located in the configuration's file.
  func begin(
    _ checkpoints: RunCheckpoints?, _ settings: @autoclosure () throws -> [RunSetting],
    _ options: RunOptions
  ) throws {
    guard let checkpoints else { return }
    try checkpoints.begin(settings: settings(), history: options.history) {
      loaded.locate($0)
    }
  }
}
