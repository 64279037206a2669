import Foundation
import InfiniteWidth

/// Progress on the standard error: a moving bar on a terminal, a line now and then elsewhere, with an
/// estimate of the remaining time from the fraction done.
final class ProgressDisplay {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let quiet: Bool
  private let start = ContinuousClock.now
  private var lastShown = ContinuousClock.now
  private var hasBar = false
  /// The first report: a run that continues another has done much by then.
  private var first: (fraction: Double, time: ContinuousClock.Instant)?

  /// A bar is drawn at most this often, a line elsewhere.
  private static let barInterval = Duration.milliseconds(100)
  private static let lineInterval = Duration.seconds(15)

  init(quiet: Bool) { self.quiet = quiet || !Processes.isSpeaking }

  func show(_ progress: RunProgress) {
    if quiet { return }
    let now = ContinuousClock.now
    let first = first ?? (progress.fraction, now)
    self.first = first
    if now - lastShown < (isTerminal ? Self.barInterval : Self.lineInterval) { return }
    lastShown = now
    let (done, since) =
      progress.fraction > first.fraction
      ? (progress.fraction - first.fraction, first.time) : (progress.fraction, start)
    let remaining = (now - since) / .seconds(1) * (1 - progress.fraction) / max(done, 1e-9)
    let percent = String(format: "%3.0f %%", 100 * progress.fraction)
    let status = "\(percent)  \(progress.activity)  \(duration(remaining)) left"
    if isTerminal {
      let filled = Int(progress.fraction * 24)
      let bar =
        String(repeating: "#", count: filled) + String(repeating: ".", count: 24 - filled)
      writeError("\r\u{1B}[K[\(bar)] \(status)")
      hasBar = true
    } else {
      printError(status)
    }
  }

  /// Clears the bar, so that what follows starts on a line of its own.
  func finish() {
    if hasBar { writeError("\r\u{1B}[K") }
    hasBar = false
  }

  /// Seconds since the start.
  var elapsed: String { duration((ContinuousClock.now - start) / .seconds(1)) }

  private func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<10: String(format: "%.1f s", seconds)
    case ..<120: String(format: "%.0f s", seconds)
    case ..<7200: String(format: "%.0f min", seconds / 60)
    default: String(format: "%.1f h", seconds / 3600)
    }
  }
}
