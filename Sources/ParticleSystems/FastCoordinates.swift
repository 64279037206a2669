/// Leading coordinates of the input weights that move at every training step, while the others move once in
/// several steps.
///
/// The tangent kernel's part from w has the training inputs' second moments: along their leading principal
/// components the input weights move fast, along the many others slowly, and it is these that cost.
public struct FastCoordinates: Sendable, Equatable {
  /// Coordinates that move at every step.
  public let count: Int
  /// Training steps for which one move of the slow coordinates stands, at most.
  public let slowSteps: Int

  /// What particles do early is amplified later, and early the gradients change most: a move stands for
  /// no more than this part of the steps so far.
  private static let share = 0.25

  /// The others move once in at most `slowSteps` steps; both numbers are at least 1.
  public init(count: Int, slowSteps: Int) {
    precondition(count >= 1 && slowSteps >= 1)
    self.count = count
    self.slowSteps = slowSteps
  }

  /// The steps from one move of the slow coordinates, at a given step, to the next.
  func interval(at step: Int) -> Int {
    min(max(Int(Self.share * Double(step)), 1), slowSteps)
  }

  /// Moves of the slow coordinates in a run.
  package func moves(inSteps steps: Int) -> Int {
    var (count, step) = (0, 0)
    while step < steps {
      count += 1
      step += interval(at: step)
    }
    return count
  }
}
