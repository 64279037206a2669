import Synchronization

/// The place of this process among those that share a run: `alone`, or one of several.
///
/// What a run divides among processes are numbered pieces (blocks of particles, networks); everything that is small
/// (logits, loss gradients, records) every process has, and makes by the same operations from the same numbers, so
/// that all take the same decisions.
public struct Ranks: Sendable {
  /// No other processes.
  public static let alone = Ranks()

  /// The number of this process, from 0 on.
  public let rank: Int
  /// Processes.
  public let count: Int
  /// Processes on the machine of this one.
  package let countOnMachine: Int
  private let communicator: (any Communicator)?
  private let traffic = Traffic()

  private init() {
    (rank, count, countOnMachine) = (0, 1, 1)
    communicator = nil
  }

  package init(_ communicator: any Communicator) {
    rank = communicator.rank
    count = communicator.count
    countOnMachine = communicator.countOnMachine
    self.communicator = communicator
  }

  /// Whether there is one process.
  public var isAlone: Bool { count == 1 }
  /// The process that writes files and speaks to people.
  public var isFirst: Bool { rank == 0 }
  /// The part of what all processes have together that is on this machine.
  package var machineShare: Double { Double(countOnMachine) / Double(count) }

  /// Bytes that this process has received so far.
  package var receivedBytes: Int { traffic.received.load(ordering: .relaxed) }

  /// Consecutive pieces of so many that a process works on: those of rank 0 first, as evenly as can be.
  package func share(of pieces: Int, rank: Int) -> Range<Int> {
    (rank * pieces / count)..<((rank + 1) * pieces / count)
  }

  /// Those of this process.
  package func share(of pieces: Int) -> Range<Int> { share(of: pieces, rank: rank) }

  /// The process that works on a piece.
  package func rank(of piece: Int, of pieces: Int) -> Int {
    precondition((0..<pieces).contains(piece))
    // The last one whose share begins at the piece or before it.
    return ((piece + 1) * count - 1) / pieces
  }

  /// Sends numbers to another process.
  package func send<Number: BitwiseCopyable>(
    _ numbers: UnsafeBufferPointer<Number>, to rank: Int
  ) {
    communicator!.send(UnsafeRawBufferPointer(numbers), to: rank)
  }

  /// Receives as many numbers as another process sends.
  package func receive<Number: BitwiseCopyable>(
    _ numbers: UnsafeMutableBufferPointer<Number>, from rank: Int
  ) {
    let bytes = UnsafeMutableRawBufferPointer(numbers)
    communicator!.receive(bytes, from: rank)
    traffic.received.wrappingAdd(bytes.count, ordering: .relaxed)
  }

  /// Gives all processes the numbers of one.
  package func broadcast<Number: BitwiseCopyable>(
    _ numbers: UnsafeMutableBufferPointer<Number>, from source: Int = 0
  ) {
    guard let communicator else { return }
    let bytes = UnsafeMutableRawBufferPointer(numbers)
    if bytes.isEmpty { return }
    communicator.broadcast(bytes, from: source)
    if rank != source { traffic.received.wrappingAdd(bytes.count, ordering: .relaxed) }
  }

  /// Gives all processes the whole of which each has consecutive numbers, those of rank 0 first.
  ///
  /// - Parameter parts: the numbers of every rank, one range after another, from zero to the end.
  package func gather<Number: BitwiseCopyable>(
    _ numbers: UnsafeMutableBufferPointer<Number>, parts: (_ rank: Int) -> Range<Int>
  ) {
    guard let communicator else { return }
    let size = MemoryLayout<Number>.stride
    let starts = (0..<count).map { parts($0).lowerBound * size } + [numbers.count * size]
    precondition(parts(count - 1).upperBound == numbers.count && starts[0] == 0)
    let bytes = UnsafeMutableRawBufferPointer(numbers)
    if bytes.isEmpty { return }
    communicator.gather(bytes, starts: starts)
    traffic.received.wrappingAdd(
      bytes.count - starts[rank + 1] + starts[rank], ordering: .relaxed)
  }

  private final class Traffic: Sendable {
    let received = Atomic<Int>(0)
  }
}

extension Ranks: Equatable {
  public static func == (a: Ranks, b: Ranks) -> Bool {
    a.rank == b.rank && a.count == b.count && a.communicator === b.communicator
  }
}
