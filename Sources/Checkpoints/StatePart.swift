/// The place that the numbers of one process have in an array of all processes.
package struct StatePart: Sendable, Equatable {
  /// Where they begin.
  package let first: Int
  /// Numbers of the whole array.
  package let total: Int

  package init(first: Int, total: Int) {
    precondition(0...total ~= first)
    (self.first, self.total) = (first, total)
  }
}
