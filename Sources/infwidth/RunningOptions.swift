import ArgumentParser
import InfiniteWidth

/// Options of the commands that run an experiment.
struct RunningOptions: ParsableArguments {
  @OptionGroup var scaled: ScaleOption

  @Option(
    parsing: .unconditional,
    help: "Seed of every random stream; replaces limit.seed of the configuration.")
  var seed: UInt64?

  @Option(help: "Precision of particles and networks: single or double.")
  var precision: Precision = .single

  @OptionGroup var results: ResultOptions

  @OptionGroup var checkpointing: CheckpointingOptions

  func validate() throws { try checkpointing.check(force: results.force) }

  var runOptions: RunOptions { results.runOptions(seed: seed, precision: precision) }

  /// The checkpoints of an output, found or refused before anything else is done.
  func checkpoints(of output: String) throws -> RunCheckpoints {
    try checkpointing.checkpoints(of: output, force: results.force, quiet: results.quiet)
  }

  /// As ``runOptions``, for a run with checkpoints.
  func runOptions(_ checkpoints: RunCheckpoints) -> RunOptions {
    runOptions.continuing(checkpoints)
  }

  /// The configuration, with the keys of a scale.
  func load(_ path: String) throws -> LoadedConfiguration { try scaled.load(path) }
}

/// The scale of a configuration.
struct ScaleOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Keys of the configuration's section scales.NAME replace the others, such as a quick scale's.",
      valueName: "name"))
  var scale: String?

  func load(_ path: String) throws -> LoadedConfiguration {
    try LoadedConfiguration.load(path: path, scale: scale)
  }
}

/// - Throws: `ValidationError` where a value of `--scaling` is none.
func checkScaling(_ scaling: String) throws {
  guard ScalingSection(text: scaling) == nil else { return }
  let received = scaling.isEmpty ? "an empty text" : scaling
  let nearest =
    nearestName(to: scaling, among: ScalingName.allCases.map(\.rawValue))
    .map { ", did you mean \($0)?" } ?? ";"
  throw ValidationError(
    "--scaling: received \(received)\(nearest) accepted: \(ScalingSection.acceptedText)")
}
