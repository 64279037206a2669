/// Processes that work on one run, each under a number of its own, the rank, from 0 on.
///
/// Every process calls the collective functions (`broadcast(_:from:)`, ``gather(_:starts:)``) in the same order.
/// Messages from one process to another arrive in the order in which they were sent.
package protocol Communicator: AnyObject, Sendable {
  var rank: Int { get }
  var count: Int { get }
  /// Processes on the machine of this one.
  var countOnMachine: Int { get }

  /// Sends a copy of the bytes, without waiting for the receiver as long as little is under way.
  func send(_ bytes: UnsafeRawBufferPointer, to rank: Int)

  /// Waits for a message of exactly so many bytes.
  func receive(_ bytes: UnsafeMutableRawBufferPointer, from rank: Int)

  /// Gives the bytes of one process to all.
  func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from rank: Int)

  /// Gives every process the whole, of which each has the bytes `starts[rank] ..< starts[rank + 1]`.
  func gather(_ bytes: UnsafeMutableRawBufferPointer, starts: [Int])
}
