import Synchronization

/// A request to stop a run at its next boundary, from another thread such as one that waits for signals.
public final class StopRequest: Sendable {
  private let signal = Atomic<Int32>(0)
  private let isHeeded = Atomic<Bool>(false)

  /// A request that has not been made.
  public init() {}

  /// The signal that asked for it; `nil` where none did.
  package var number: Int32? {
    let value = signal.load(ordering: .acquiring)
    return value == 0 ? nil : value
  }

  /// Asks the run to stop.
  ///
  /// - Returns: false where no run would heed it, or where one was asked before and has not stopped yet.
  public func make(signal number: Int32) -> Bool {
    guard isHeeded.load(ordering: .acquiring) else { return false }
    return signal.compareExchange(expected: 0, desired: number, ordering: .acquiringAndReleasing)
      .exchanged
  }

  /// Called where a run begins to look at requests, and where it ends.
  package func heed(_ heeds: Bool) { isHeeded.store(heeds, ordering: .releasing) }
}
