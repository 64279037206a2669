import Foundation
import InfiniteWidth
import Testing

@testable import DataIO

/// What an interrupted run has left beside its output, to be damaged and continued.
struct InterruptedFiles {
  let run: InterruptedRun
  private let job: InterruptedRun.Job
  let whole: FileContents
  /// The latest checkpoint, the one before, and the journal.
  let files: [[UInt8]]
  private let paths: CheckpointPaths
  private let output: String

  /// - Parameter reports: of progress before the run is stopped; a checkpoint is made at every boundary.
  init(
    _ text: String, _ job: @escaping InterruptedRun.Job, stopAfter reports: Int,
    precision: Precision = .single, prepare: (InterruptedRun) throws -> Void = { _ in }
  ) throws {
    run = try InterruptedRun(text, precision: precision)
    self.job = job
    try prepare(run)
    whole = try run.undisturbed(job, name: "undisturbed.nc")
    output = run.folder + "/parts.nc"
    paths = CheckpointPaths(output: output)
    let stop = StopRequest()
    var count = 0
    do {
      try run.part(job, output, CheckpointOptions(interval: 0, stop: stop)) { _ in
        count += 1
        if count == reports { _ = stop.make(signal: SIGTERM) }
      }
      Issue.record("the run was not interrupted: \(count) reports")
    } catch let diagnostic as Diagnostic where diagnostic.kind == .stoppedBySignal {}
    files = try (paths.generations + [paths.journal]).map {
      Array(try Data(contentsOf: URL(fileURLWithPath: $0)))
    }
  }

  /// Puts files in the place of those that the run left; empty ones are missing.
  func place(_ files: [[UInt8]]) throws {
    for (path, bytes) in zip(paths.generations + [paths.journal], files) {
      unlink(path)
      if !bytes.isEmpty { try Data(bytes).write(to: URL(fileURLWithPath: path)) }
    }
    unlink(output)
  }

  /// Continues the run from the files that are in place.
  func resumed() throws -> FileContents {
    try run.part(job, output, CheckpointOptions(interval: nil, resumes: true)) { _ in }
    return try FileContents(output)
  }
}
