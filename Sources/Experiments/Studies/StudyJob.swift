import DataIO
import Diagnostics
import Networks
import ParticleSystems

/// `infwidth study`: predictions of the kernels of several deep networks on the same points, and finite networks
/// beside them, from a configuration to STUDY.nc (as arXiv 2001.07301 sets parameterizations side by side).
public struct StudyJob: Sendable {
  /// The configuration and its file.
  public let loaded: LoadedConfiguration
  /// Seed, threads, precision.
  public let options: RunOptions
  /// Training and test points.
  public let problem: LearningProblem
  /// The networks that are set side by side.
  public let section: StudySection
  /// Of the first hidden layers of finite networks, increasing; empty where the configuration names none.
  public let widths: [Int]
  /// Finite networks of each width.
  public let seeds: Int
  let cases: [StudyCase]

  /// Checks the settings and loads the data, once for all networks.
  ///
  /// - Throws: `Diagnostic` with file, line and key.
  public init(_ loaded: LoadedConfiguration, options: RunOptions) throws {
    self.loaded = loaded
    self.options = options
    let configuration = loaded.configuration
    do {
      guard let section = configuration.study else {
        throw Diagnostic(
          .badInput, "missing; give a section study: with at least hidden_layers: [1, 2, 3]",
          key: "study")
      }
      guard configuration.network != nil else {
        throw Diagnostic(
          .badInput, "missing; give a section network: with at least activation: relu",
          key: "network")
      }
      self.section = section
      problem = try loadProblem(DatasetRequest(loaded, loss: .squared))
      cases = StudyCase.all(of: section, loaded, problem: problem)
      widths = (configuration.finite?.widths ?? []).sorted()
      seeds = configuration.finite?.seeds ?? FiniteSection().seeds
    } catch let diagnostic as Diagnostic {
      throw loaded.locate(diagnostic)
    }
    for entry in cases {
      _ = try entry.predictions(options)
      guard !widths.isEmpty else { continue }
      let experiment = try entry.experiment(learningRate: 1)
      do {
        try experiment.checkSeed(options, count: seeds)
        try experiment.checkDeepWidths(widths, options: options, key: "finite.widths")
        try experiment.deepSettings().checkRecord(members: seeds, of: "seeds")
      } catch let diagnostic as Diagnostic {
        throw loaded.locate(diagnostic)
      }
    }
  }

  /// Remarks on settings that have no effect.
  public var notes: [String] {
    var notes = problem.notes
    func note(_ key: String, _ reason: String) {
      if loaded.gives(key) { notes.append("\(key) has no effect: \(reason)") }
    }
    for key in ["hidden_layers", "layer_widths", "parameterization"] {
      note("network.\(key)", "a study takes what its section names")
    }
    note("network.width_scale", "networks have the base widths of the study")
    for key in ["input_weight_std", "output_weight_std"] {
      note("network.\(key)", "deep networks take network.weight_std")
    }
    note("network.reference_width", "it belongs to scaling:")
    note("training", "a study is of gradient descent on the squared loss, study.steps of them")
    note("scaling", "the parameterizations of the study take its place")
    note("record", "a study looks at networks after their last step")
    for key in ["times", "dynamics", "covariance"] {
      note("prediction.\(key)", "a study looks at study.steps and at the end of training")
    }
    return notes
  }

  /// All that the study depends on.
  var runSettings: [RunSetting] {
    get throws {
      try cases[0].experiment(learningRate: 1).runSettings(
        "study", sections: ["study", "finite", "prediction"], options, extra: [])
    }
  }

  /// Refuses to take a finished file for that of this run.
  ///
  /// - Throws: `Diagnostic(.badInput)` with the first setting that differs.
  package func checkFinished(_ output: String) throws {
    try Experiments.checkFinished(output, settings: runSettings) { loaded.locate($0) }
  }
}
