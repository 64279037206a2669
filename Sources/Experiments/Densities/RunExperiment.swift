import DataIO
import Diagnostics
import Foundation
import Networks

/// The experiment that a run's file was made from, with its data: what the file says of it, in the
/// file's own configuration.
enum RunExperiment {
  /// - Parameters:
  ///   - path: RUN.nc.
  ///   - configPath: where the experiment's configuration lies now; relative paths of the data start
  ///     from its folder. By default where it was when the run was made.
  ///   - design: replaces `limit.design`.
  ///   - hasLayers: whether the networks have several hidden layers in a scaling.
  /// - Throws: `Diagnostic` where the configuration in the file or its data cannot be read, and where
  ///   the training data are not the run's.
  static func load(
    _ path: String, configPath: String?, design: String? = nil, hasLayers: Bool = false
  ) throws -> Experiment {
    let file = try NetCDFReader(path: path)
    if let configPath, !FileManager.default.fileExists(atPath: configPath) {
      throw Diagnostic(.inputMissing, "no such configuration file", file: configPath)
    }
    guard let text = try file.text("config") else {
      throw Diagnostic(.badInput, "the file has no attribute config", file: path)
    }
    let place = try configPath ?? file.text("config_path") ?? path
    guard var loaded = try? LoadedConfiguration.parse(text: text, path: place) else {
      throw Diagnostic(
        .badInput,
        "the configuration in the file (attribute config) cannot be read by this version",
        file: path)
    }
    // A run may have had its scaling from the command line.
    if let section = try file.text("scaling").flatMap(ScalingSection.init(text:)) {
      loaded.configuration.scaling = section
    }
    if let design { loaded.replaceDesign(design, option: "--design") }
    let experiment: Experiment
    do {
      experiment = try Experiment(
        loaded, takesDeepNetworks: hasLayers, takesDeepScalings: hasLayers)
    } catch let diagnostic as Diagnostic where diagnostic.kind == .inputMissing {
      throw Diagnostic(
        .inputMissing,
        "\(diagnostic.message); --config says where the experiment's configuration lies now",
        file: diagnostic.file, line: diagnostic.line, key: diagnostic.key)
    }
    try experiment.checkTrainingData(of: path)
    guard try file.read("train_label") == experiment.problem.trainingLabels else {
      throw Diagnostic(
        .badInput,
        "the labels of its training points are not those of the training data, which have changed since"
          + " the run", file: path)
    }
    return experiment
  }
}
