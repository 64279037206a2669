/// The place that the numbers of one process have in an array of all processes.
public struct StatePart: Sendable, Equatable {
  /// Where they begin.
  public let first: Int
  /// Numbers of the whole array.
  public let total: Int

  public init(first: Int, total: Int) {
    precondition(0...total ~= first)
    (self.first, self.total) = (first, total)
  }
}
