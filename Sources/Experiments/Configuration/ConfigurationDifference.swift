import Diagnostics
import Networks
import Yams

/// The first setting in which two configurations describe different experiments.
struct ConfigurationDifference: Sendable, Equatable {
  /// The dotted path, such as `training.learning_rate`.
  let key: String
  /// The setting in the one and in the other configuration, as YAML; `none` where it is left out and
  /// has no default.
  let value: String
  let otherValue: String
}

extension ExperimentConfiguration {
  /// Where the experiments differ: in data, network, training or scaling, after defaults, in the
  /// order of the configuration file; `nil` where they are the same experiment.
  ///
  /// How it is computed and recorded (`limit`, `finite`, `record`) is no part of the experiment.
  /// Paths are compared as written.
  func firstDifference(from other: ExperimentConfiguration) throws
    -> ConfigurationDifference?
  {
    let (mine, theirs) = (try comparable(), try other.comparable())
    let sections: [(name: String, keys: [String])] = [
      ("data", DataSection.CodingKeys.allCases.map(\.rawValue)),
      ("network", NetworkSection.CodingKeys.allCases.map(\.rawValue)),
      ("training", TrainingSection.CodingKeys.allCases.map(\.rawValue)),
    ]
    for (section, keys) in sections {
      if let found = Self.difference(mine, theirs, section: section, keys: keys) { return found }
    }
    // The optimizers are the same by now.
    let stepSize = training?.optimizer.stepSize ?? .proportional
    return Regime(scaling, stepSize) == Regime(other.scaling, stepSize)
      // A name may be written out as exponents.
      ? nil
      : ConfigurationDifference(
        key: "scaling", value: Self.text(mine["scaling"]), otherValue: Self.text(theirs["scaling"]))
  }

  /// The first of some keys of a section in which two trees differ.
  static func difference(
    _ mine: Node, _ theirs: Node, section: String, keys: [String]
  ) -> ConfigurationDifference? {
    for key in keys {
      let (value, otherValue) = (mine[section]?[key], theirs[section]?[key])
      guard value != otherValue else { continue }
      return ConfigurationDifference(
        key: "\(section).\(key)", value: text(value), otherValue: text(otherValue))
    }
    return nil
  }

  /// The settings as a tree, with the defaults that sections leave open until they are used.
  func comparable() throws -> Node {
    var full = self
    if full.network?.biasStandardDeviation == nil { full.network?.biasStandardDeviation = 0 }
    if data.format == .synthetic {
      full.data.separation = data.separation ?? DataSection.defaultSeparation
      full.data.seed = data.seed ?? DataSection.defaultSeed
    }
    guard let node = try Yams.compose(yaml: full.yaml()) else {
      preconditionFailure("a configuration is a YAML document")
    }
    return node
  }

  private static func text(_ node: Node?) -> String {
    switch node {
    case nil: return "none"
    case .scalar(let scalar)?: return ValueReader.shortened(scalar.string)
    case .sequence(let sequence)?: return "[\(sequence.map(text).joined(separator: ", "))]"
    case .mapping(let mapping)?:
      let entries = mapping.map { "\(text($0.key)): \(text($0.value))" }
      return "{\(entries.joined(separator: ", "))}"
    case .alias?: preconditionFailure("configurations have no aliases")
    }
  }
}

/// Checks that two result files come from one experiment, by the configurations stored in them.
///
/// A configuration that this version cannot read (another version wrote it) says nothing, and
/// passes.
///
/// - Parameters:
///   - second: the file that is refused, and its configuration's text.
///   - first: the file it is compared with.
///   - anyScaling: whether scalings may differ, as between limits that are compared.
/// - Throws: `Diagnostic(.badInput)` that names the first setting that differs.
package func checkSameExperiment(
  _ second: (path: String, configText: String), as first: (path: String, configText: String),
  anyScaling: Bool = false
) throws {
  guard
    let mine = try? LoadedConfiguration.parse(text: second.configText, path: second.path),
    var theirs = try? LoadedConfiguration.parse(text: first.configText, path: first.path)
  else { return }
  if anyScaling { theirs.configuration.scaling = mine.configuration.scaling }
  guard let difference = try mine.configuration.firstDifference(from: theirs.configuration) else {
    return
  }
  throw Diagnostic(
    .badInput,
    "received \(difference.value) where \(first.path) has \(difference.otherValue); "
      + "give files of one experiment", file: second.path, key: difference.key)
}
