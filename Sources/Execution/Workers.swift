import Dispatch
import Foundation
public import MessagePassing
import Synchronization

/// Runs numbered pieces of work on a number of threads.
///
/// Which thread does which piece is left to chance, so pieces must write to places of their own;
/// sums over pieces are made afterwards, in the order of their numbers. Results then do not depend
/// on the number of threads.
///
/// The processes that a run is divided among come with them: see ``Ranks``.
public struct Workers: Sendable {
  /// Threads used at most.
  public let count: Int
  /// The processes that share the work, each with threads of its own.
  public let ranks: Ranks

  /// - Parameters:
  ///   - count: the number of threads; by default one for every processor, or for every one of this process's share
  ///     of them.
  ///   - ranks: by default none but this process.
  public init(count: Int? = nil, ranks: Ranks = .alone) {
    let count = count ?? max(1, Self.processorCount / ranks.countOnMachine)
    precondition(count >= 1, "at least one thread")
    self.count = count
    self.ranks = ranks
  }

  /// Processors this process may use.
  static var processorCount: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

  /// Calls `body(piece, worker)` once for every piece in `0 ..< pieces`; `worker` is below `count`
  /// and no two calls with one worker number run at once, so it can select scratch memory.
  public func forEach(_ pieces: Int, _ body: @Sendable (_ piece: Int, _ worker: Int) -> Void) {
    guard pieces > 0 else { return }
    let threads = min(count, pieces)
    if threads == 1 {
      for piece in 0..<pieces { body(piece, 0) }
      return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: threads) { worker in
      while true {
        let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if piece >= pieces { return }
        body(piece, worker)
      }
    }
  }
}
