import ArgumentParser
import InfiniteWidth

/// Options of the commands that run an experiment in one scaling.
struct CommonOptions: ParsableArguments {
  // Negative numbers begin like options: take what follows as it is.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Replaces the scaling of the configuration: \(ScalingSection.acceptedText).",
      valueName: "name|x,y"))
  var scaling: String?

  @OptionGroup var running: RunningOptions

  func validate() throws {
    if let scaling { try checkScaling(scaling) }
  }

  /// The configuration, with what the options replace in it.
  func load(_ path: String) throws -> LoadedConfiguration {
    var loaded = try LoadedConfiguration.load(path: path, scale: running.scale)
    if let section = scaling.flatMap(ScalingSection.init(text:)) {
      loaded.replaceScaling(section, option: "--scaling")
    }
    return loaded
  }
}

extension CommonOptions {
  var quiet: Bool { running.quiet }
  var force: Bool { running.force }
  var json: Bool { running.json }
  var precision: Precision { running.precision }
  var runOptions: RunOptions { running.runOptions }

  func checkOutputs(
    _ output: String, against loaded: LoadedConfiguration, and inputs: [String] = [],
    tables: [String]
  ) throws {
    try running.checkOutputs(output, against: loaded, and: inputs, tables: tables)
  }

  func show(_ notes: [String]) { running.show(notes) }

  func report(_ tables: [ResultTable], text: String, json: [String: JSONValue]) throws {
    try running.report(tables, text: text, json: json)
  }
}
