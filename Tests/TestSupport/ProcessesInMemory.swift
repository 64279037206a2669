import Foundation
public import MessagePassing

/// Processes that are threads of this one, for tests of what is divided among processes.
public enum ProcessesInMemory {
  /// What `body` makes on each of so many processes, which run at once.
  public static func run<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Ranks) -> Result
  ) -> [Result] {
    let office = PostOffice(count)
    let results = Results<Result>(count)
    let threads = (0..<count).map { rank in
      Thread {
        results.set(rank, body(Ranks(Mailbox(office, rank: rank))))
      }
    }
    for thread in threads {
      thread.stackSize = 1 << 23
      thread.start()
    }
    return results.wait()
  }

  private final class Results<Result: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private var items: [Result?]

    init(_ count: Int) { items = Array(repeating: nil, count: count) }

    func set(_ rank: Int, _ result: Result) {
      condition.withLock {
        items[rank] = result
        condition.broadcast()
      }
    }

    func wait() -> [Result] {
      condition.withLock {
        while items.contains(where: { $0 == nil }) { condition.wait() }
        return items.map { $0! }
      }
    }
  }

  /// Messages on their way, in order from each process to each.
  private final class PostOffice: @unchecked Sendable {
    let count: Int
    private let condition = NSCondition()
    private var messages: [[[UInt8]]]

    init(_ count: Int) {
      self.count = count
      messages = Array(repeating: [], count: count * count)
    }

    func put(_ bytes: [UInt8], from: Int, to: Int) {
      condition.withLock {
        messages[from * count + to].append(bytes)
        condition.broadcast()
      }
    }

    func take(from: Int, to: Int) -> [UInt8] {
      condition.withLock {
        while messages[from * count + to].isEmpty { condition.wait() }
        return messages[from * count + to].removeFirst()
      }
    }
  }

  private final class Mailbox: Communicator {
    private let office: PostOffice
    let rank: Int
    var count: Int { office.count }
    var countOnMachine: Int { office.count }

    init(_ office: PostOffice, rank: Int) {
      self.office = office
      self.rank = rank
    }

    func send(_ bytes: UnsafeRawBufferPointer, to rank: Int) {
      office.put(Array(bytes), from: self.rank, to: rank)
    }

    func receive(_ bytes: UnsafeMutableRawBufferPointer, from rank: Int) {
      let message = office.take(from: rank, to: self.rank)
      precondition(message.count == bytes.count, "a message of the length that is expected")
      bytes.copyBytes(from: message)
    }

    func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from source: Int) {
      guard rank == source else { return receive(bytes, from: source) }
      for other in 0..<count where other != rank { send(.init(bytes), to: other) }
    }

    func gather(_ bytes: UnsafeMutableRawBufferPointer, starts: [Int]) {
      for source in 0..<count {
        broadcast(.init(rebasing: bytes[starts[source]..<starts[source + 1]]), from: source)
      }
    }
  }
}
