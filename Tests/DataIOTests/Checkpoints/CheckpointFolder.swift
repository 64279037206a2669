import Checkpoints
import Diagnostics
import Foundation

@testable import DataIO

/// A folder with an output that is to be, and what its run reports.
final class CheckpointFolder: Sendable {
  let path: String
  private let texts = Texts()

  /// The thread sanitizer sees this lock and does not see those of Mutex.
  private final class Texts: @unchecked Sendable {
    private let lock = NSLock()
    private var texts: [String] = []

    var all: [String] { lock.withLock { texts } }

    func append(_ text: String) { lock.withLock { texts.append(text) } }
  }

  init() throws {
    path = NSTemporaryDirectory() + "infwidth-checkpoints-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var output: String { path + "/run.nc" }
  var paths: CheckpointPaths { CheckpointPaths(output: output) }
  var reports: [String] { texts.all }

  /// - Parameter locks: whether with those of runs that are going on.
  func contents(locks: Bool = false) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? [])
      .filter { locks || !$0.hasSuffix(".lock") }
  }

  func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  /// - Parameter interval: nought for a checkpoint at every boundary.
  func open(
    resumes: Bool = false, force: Bool = false, interval: Double? = 0,
    stop: StopRequest = StopRequest()
  ) throws -> RunCheckpoints {
    try RunCheckpoints(
      output: output,
      CheckpointOptions(
        interval: interval, resumes: resumes, force: force, stop: stop,
        report: { [texts] text in texts.append(text) }))
  }

  static let settings = [
    RunSetting(key: "program", value: "InfiniteWidth 9"),
    RunSetting(key: "training.steps", value: "100"),
    RunSetting(key: "--seed", value: "1"),
  ]

  /// A run of one finished unit and another that is at a step, with its checkpoints.
  func interrupt(step: Int = 3, checkpoints: Int = 2) throws {
    let run = try open()
    try run.begin(settings: Self.settings, history: "then")
    let units = CheckpointUnits(run)
    var result = [1.5, -0.0, .nan]
    try units.put("piece 1") { try $0.exchange("numbers", &result) }
    try units.complete("first") { try $0.exchange("result", &result) }
    let boundary = units.boundary("second")
    for step in (step + 1 - checkpoints)...step {
      try boundary(.step(step)) { state in
        var (number, floats) = (step, [Float(0.25), 7])
        try state.exchange("number", &number)
        try state.exchange("floats", &floats)
      }
    }
  }
}

/// What a call is refused with.
func refusal<Result>(_ body: () throws -> Result) -> Diagnostic? {
  do {
    _ = try body()
    return nil
  } catch { return error as? Diagnostic }
}
