import Foundation
import InfiniteWidth

/// A job that is interrupted again and again, and continued each time from its checkpoint.
struct InterruptedRun {
  let folder: String
  let text: String
  let precision: Precision

  init(_ text: String, precision: Precision = .double) throws {
    self.text = text
    self.precision = precision
    folder = NSTemporaryDirectory() + "infwidth-resume-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// Runs a job from its configuration on, as another process would.
  typealias Job =
    @Sendable (
      _ experiment: Experiment, _ options: RunOptions, _ output: String,
      _ checkpoints: RunCheckpoints?, _ progress: @escaping (RunProgress) -> Void
    ) throws -> Void

  static let limit: Job = { experiment, options, output, checkpoints, progress in
    if experiment.deepScaling != nil {
      _ = try LayeredLimitJob(experiment, options: options).run(
        output: output, checkpoints: checkpoints, progress: progress)
      return
    }
    _ = try LimitJob(experiment, options: options).run(
      output: output, checkpoints: checkpoints, progress: progress)
  }

  static let train: Job = { experiment, options, output, checkpoints, progress in
    try NetworksJob(experiment, options: options).run(
      output: output, checkpoints: checkpoints, progress: progress)
  }

  private func options(threads: Int) -> RunOptions {
    RunOptions(workers: Workers(count: threads), precision: precision, commandLine: "test")
  }

  private func experiment() throws -> Experiment {
    try Experiment(
      LoadedConfiguration.parse(text: text, path: folder + "/run.yaml"), takesDeepNetworks: true,
      takesDeepScalings: true)
  }

  /// Without checkpoints.
  func undisturbed(_ job: Job, name: String = "whole.nc") throws -> FileContents {
    let path = "\(folder)/\(name)"
    try job(experiment(), options(threads: 2), path, nil, { _ in })
    return try FileContents(path)
  }

  /// One process's share of a run with checkpoints.
  func part(
    _ job: Job, _ path: String, _ checkpointing: CheckpointOptions, threads: Int = 1,
    progress: @escaping (RunProgress) -> Void
  ) throws {
    let checkpoints = try RunCheckpoints(output: path, checkpointing)
    var options = options(threads: threads)
    options.history = checkpoints.history ?? options.history
    try job(experiment(), options, path, checkpoints, progress)
  }

  /// - Parameters:
  ///   - interval: reports of progress from one interruption to the next.
  /// - Returns: what the file holds in the end, and how often the run was interrupted.
  func interrupted(
    _ job: Job, every interval: Int, name: String = "parts.nc"
  ) throws -> (contents: FileContents, interruptions: Int) {
    let path = "\(folder)/\(name)"
    var interruptions = 0
    while true {
      let stop = StopRequest()
      var reports = 0
      do {
        try part(
          job, path, CheckpointOptions(interval: nil, resumes: interruptions > 0, stop: stop),
          threads: 1 + interruptions % 3
        ) { _ in
          reports += 1
          if reports == interval { _ = stop.make(signal: SIGTERM) }
        }
        break
      } catch let diagnostic as Diagnostic where diagnostic.kind == .stoppedBySignal {
        interruptions += 1
      }
    }
    return (try FileContents(path), interruptions)
  }

  /// With a checkpoint at every boundary, and no interruption.
  func checkpointed(_ job: Job, name: String = "checked.nc") throws -> FileContents {
    let path = "\(folder)/\(name)"
    let checkpoints = try RunCheckpoints(output: path, CheckpointOptions(interval: 0))
    try job(experiment(), options(threads: 2), path, checkpoints, { _ in })
    return try FileContents(path)
  }

  func contents() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }
}
