/// Moments of a run at which its state is whole.
public enum RunBoundary: Sendable, Equatable {
  /// Before the first step: a run that was interrupted takes its state here.
  case start
  /// After so many steps.
  case step(Int)
}

/// What a solver calls at its boundaries, with the exchange of its state: checkpoints put in or take
/// out what they want, or nothing, and stop the run by throwing.
public typealias BoundaryAction = (
  _ boundary: RunBoundary, _ exchange: (RunState) throws -> Void
) throws -> Void
