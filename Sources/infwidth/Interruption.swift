import Dispatch
import Foundation
import InfiniteWidth

/// Removes files that are not complete when a signal ends the program, and then lets the signal do
/// what it does.
enum Interruption {
  private static let signals = [SIGINT, SIGTERM, SIGHUP]
  nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

  /// Called once, before anything is written.
  static func clean() {
    let queue = DispatchQueue(label: "signals")
    for number in signals {
      // The default action would end the process before the source sees the signal.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        PendingFile.discardAll()
        signal(number, SIG_DFL)
        // To the process: this thread has signals blocked.
        kill(getpid(), number)
      }
      source.resume()
      sources.append(source)
    }
  }
}
