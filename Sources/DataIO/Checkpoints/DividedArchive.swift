import Checkpoints
import Diagnostics
import MessagePassing

/// A state on its way out of a file into one or several processes: the first reads what all have and gives it to the
/// others, and each reads its parts of what is divided among them.
final class DividedArchive: StateArchive {
  private let source: RestoringArchive?
  private let parts: CheckpointParts?
  private let ranks: Ranks

  /// - Parameters:
  ///   - source: on the first process.
  ///   - parts: `nil` where nothing is divided.
  init(_ source: RestoringArchive?, parts: CheckpointParts?, _ ranks: Ranks) {
    precondition((source != nil) == ranks.isFirst)
    self.source = source
    self.parts = parts
    self.ranks = ranks
  }

  var isRestoring: Bool { true }

  func save(_ name: String, _ element: StateElement, _ bytes: UnsafeRawBufferPointer) throws {
    preconditionFailure("the state is restored from here")
  }

  func count(of name: String, _ element: StateElement) throws -> Int {
    ranks.agreed(try source?.count(of: name, element) ?? 0)
  }

  func restore(
    _ name: String, _ element: StateElement, into bytes: UnsafeMutableRawBufferPointer
  ) throws {
    try source?.restore(name, element, into: bytes)
    ranks.broadcast(bytes.assumingMemoryBound(to: UInt8.self))
  }

  func restore(
    _ name: String, _ element: StateElement, into bytes: UnsafeMutableRawBufferPointer,
    part: StatePart
  ) throws {
    do {
      try parts!.restore(name, element, into: bytes, part: part)
    } catch let damage as Damage {
      throw Diagnostic(.badInput, "\(damage.reason); accepted: a checkpoint of this run")
    }
  }
}
