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

  var results: ResultOptions { running.results }

  /// The configuration, with what the options replace in it.
  func load(_ path: String) throws -> LoadedConfiguration {
    try Processes.checkReadable(path)
    var loaded = try running.load(path)
    try Processes.checkSame(loaded.text, of: path)
    if let section = scaling.flatMap(ScalingSection.init(text:)) {
      loaded.replaceScaling(section, option: "--scaling")
    }
    return loaded
  }
}
