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
        // Blocked on this thread, and perhaps on every other, if the parent had it blocked.
        var only = sigset_t()
        sigemptyset(&only)
        sigaddset(&only, number)
        pthread_sigmask(SIG_UNBLOCK, &only, nil)
        signal(number, SIG_DFL)
        raise(number)
      }
      source.resume()
      sources.append(source)
    }
  }
}
