import Dispatch
import Foundation
import InfiniteWidth

/// What signals that end programs do: a run that makes checkpoints is asked to stop at its next
/// boundary; else, and at the second signal, files that are not complete are removed, and the signal does what
/// it does.
enum Interruption {
  private static let signals = [SIGINT, SIGTERM, SIGHUP]
  nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

  /// Heeded by runs that make checkpoints.
  static let stop = StopRequest()

  /// Called once, before anything is written.
  static func handle() {
    let queue = DispatchQueue(label: "signals")
    for number in signals {
      // The default action would end the process before the source sees the signal.
      let inherited = signal(number, SIG_IGN)
      // `nohup` lets runs live on when their terminal closes.
      if number == SIGHUP, isIgnored(inherited) { continue }
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { act(on: number) }
      source.resume()
      sources.append(source)
    }
  }

  /// When a run was asked to stop. Handlers run one after another.
  nonisolated(unsafe) private static var asked: ContinuousClock.Instant?
  /// Some senders signal a process and then its group, such as coreutils' `timeout`: one request that
  /// comes twice.
  private static let together = Duration.seconds(1)

  private static func act(on number: Int32) {
    if let asked, .now - asked < together { return }
    if stop.make(signal: number) {
      asked = .now
      // Of several processes each may get the signal, also from the launcher when it ends them.
      guard Processes.ranks.isAlone else { return }
      clearBar()
      printError(
        "infwidth: stopping with a checkpoint after the present step; a second signal, a second or more later,"
          + " stops at once"
      )
      return
    }
    PendingFile.discardAll()
    // Blocked on this thread, and perhaps on every other, if the parent had it blocked.
    var only = sigset_t()
    sigemptyset(&only)
    sigaddset(&only, number)
    pthread_sigmask(SIG_UNBLOCK, &only, nil)
    signal(number, SIG_DFL)
    raise(number)
  }

  private static func isIgnored(_ handler: sighandler_t?) -> Bool {
    unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN as sighandler_t?, to: Int.self)
  }
}
