import Foundation

/// The best of several runs.
struct Timing: Codable {
  var accuracy: String
  var threads: Int
  /// Seconds.
  var wall: Double
  /// Processor seconds of the same run, all threads together.
  var processor: Double

  static func best(
    of runs: Int, accuracy: String, threads: Int, _ body: () throws -> Void
  ) rethrows -> Timing {
    var best = Timing(accuracy: accuracy, threads: threads, wall: .infinity, processor: .infinity)
    for _ in 0..<runs {
      let processor = processorSeconds()
      let start = ContinuousClock.now
      try body()
      let wall = (ContinuousClock.now - start) / .seconds(1)
      if wall < best.wall { (best.wall, best.processor) = (wall, processorSeconds() - processor) }
    }
    return best
  }

  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
