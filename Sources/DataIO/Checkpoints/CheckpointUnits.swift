import Checkpoints

/// The units of work of a run, or of a part of it, under names of their own; without checkpoints everything
/// here does nothing.
///
/// See ``RunCheckpoints`` for how a job uses them.
package struct CheckpointUnits {
  private let checkpoints: RunCheckpoints?
  private let prefix: String

  package init(_ checkpoints: RunCheckpoints?) { self.init(checkpoints, prefix: "") }

  private init(_ checkpoints: RunCheckpoints?, prefix: String) {
    self.checkpoints = checkpoints
    self.prefix = prefix
  }

  /// Units whose names begin with that of the part.
  package func part(_ name: String) -> CheckpointUnits {
    CheckpointUnits(checkpoints, prefix: "\(prefix)\(name)/")
  }

  /// What a solver calls at its boundaries while it works on a unit.
  ///
  /// The action throws `Diagnostic(.stoppedBySignal)` at a request to stop, and what the unit's exchange
  /// throws.
  package func boundary(_ unit: String) -> BoundaryAction {
    guard let checkpoints else { return { _, _ in } }
    return { [name = prefix + unit] in try checkpoints.boundary(name, $0, $1) }
  }

  /// Takes the result of a unit that was finished before the run was interrupted.
  ///
  /// - Returns: whether there is one; else nothing is exchanged.
  /// - Throws: `Diagnostic(.badInput)` where it does not fit.
  package func restore(_ unit: String, _ exchange: (RunState) throws -> Void) throws -> Bool {
    try checkpoints?.restore(prefix + unit, exchange) ?? false
  }

  /// As `restore(_:_:)`, of a piece: on the first of several processes alone, the others need not call it and have
  /// none.
  package func restorePiece(
    _ piece: String, _ exchange: (RunState) throws -> Void
  ) throws -> Bool {
    try checkpoints?.restorePiece(prefix + piece, exchange) ?? false
  }

  /// Puts the result of a unit. This is a boundary, too.
  ///
  /// - Throws: `Diagnostic(.stoppedBySignal)` at a request to stop.
  package func complete(_ unit: String, _ exchange: (RunState) throws -> Void) throws {
    try checkpoints?.complete(prefix + unit, exchange)
  }

  /// Puts a piece of a unit's result that its solver does not keep, such as a snapshot, before the
  /// boundary at which it is made; to be taken by `restorePiece(_:_:)`.
  package func put(_ piece: String, _ exchange: (RunState) throws -> Void) throws {
    try checkpoints?.put(prefix + piece, exchange)
  }
}
