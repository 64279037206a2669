import ArgumentParser
import InfiniteWidth

/// Options of the commands that may run for hours.
struct CheckpointingOptions: ParsableArguments {
  @Flag(
    help: """
      Continue the run of this output that a signal, a crash or a reboot has interrupted, with the same \
      bits as without the interruption.
      """)
  var resume = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Seconds from one checkpoint to the next; 0 for none but at SIGINT, SIGTERM and SIGHUP, which end the \
      run with exit status 75.
      """, valueName: "seconds"))
  var checkpointEvery = String(Int(CheckpointOptions.defaultInterval))

  func validate() throws {
    guard let seconds = decimal(checkpointEvery), seconds >= 0 else {
      let received = checkpointEvery.isEmpty ? "an empty text" : checkpointEvery
      throw ValidationError(
        "--checkpoint-every: received \(received); accepted: seconds, or 0 for none")
    }
  }

  /// Seconds; `nil` for none.
  private var interval: Double? { decimal(checkpointEvery).flatMap { $0 > 0 ? $0 : nil } }

  /// - Throws: `ValidationError` where a run is both to be continued and to be replaced.
  func check(force: Bool) throws {
    if resume, force {
      throw ValidationError(
        "--resume continues a run and --force starts it anew; give one of them")
    }
  }

  /// The checkpoints of an output, found or refused before anything else is done.
  func checkpoints(of output: String, force: Bool, quiet: Bool) throws -> RunCheckpoints {
    try RunCheckpoints(
      output: output,
      CheckpointOptions(
        interval: interval, resumes: resume, force: force,
        stop: Interruption.stop, ranks: Processes.ranks,
        report: { text in
          if quiet, !text.hasPrefix("warning") { return }
          printError("infwidth: \(text.hasPrefix("warning") ? "" : "note: ")\(text)")
        }))
  }
}

extension RunOptions {
  /// Of a run that may continue an interrupted one.
  func continuing(_ checkpoints: RunCheckpoints) -> RunOptions {
    var options = self
    options.force = checkpoints.replacesOutput
    options.history = checkpoints.history ?? history
    return options
  }
}
