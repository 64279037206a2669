/// Leading coordinates of the input weights that move at every training step, while the others move once in
/// several steps.
///
/// The tangent kernel's part from w has the training inputs' second moments: along their leading principal
/// components the input weights move fast, along the many others slowly, and it is these that cost.
public struct FastCoordinates: Sendable, Equatable {
  public let count: Int
  /// Training steps for which one move of the slow coordinates stands, at most.
  public let slowSteps: Int

  /// What particles do early is amplified later, and early the gradients change most: a move stands for
  /// no more than this part of the steps so far.
  private static let share = 0.25

  public init(count: Int, slowSteps: Int) {
    precondition(count >= 1 && slowSteps >= 1)
    self.count = count
    self.slowSteps = slowSteps
  }

  /// The steps from one move of the slow coordinates, at a given step, to the next.
  public func interval(at step: Int) -> Int {
    min(max(Int(Self.share * Double(step)), 1), slowSteps)
  }

  /// Moves of the slow coordinates in a run.
  public func moves(inSteps steps: Int) -> Int {
    var (count, step) = (0, 0)
    while step < steps {
      count += 1
      step += interval(at: step)
    }
    return count
  }
}

/// Summed gradients by which the slow coordinates move.
///
/// A move at step k stands for the steps from the middle of the interval before to the middle of the one after,
/// the midpoint rule in time: with an interval of B steps to come the gradients of (B - 1) / 2 of these are
/// taken to be the mean of the last two, in which what turns its sign from step to step at the edge of stability
/// cancels, and what they turn out to be is made good at the next move. So no error
/// adds up: in the middle of an interval what is left is of second order in B (before and after, the slow
/// coordinates are up to half an interval behind and ahead). What they do to their own moves is
/// of first order, since these are made where the coordinates are half an interval behind, but of second order in
/// the slow coordinates' part of the kernel.
struct SlowGradients {
  private let fast: FastCoordinates
  private var step = 0
  private var nextMove = 0
  private var previous: [[Double]] = []
  /// Gradients since, system by system, less what the last move has anticipated.
  private var pending: [[Double]] = []

  init(_ fast: FastCoordinates) { self.fast = fast }

  /// The gradients of the move that is due at this step, or `nil`.
  mutating func move(with gradients: [[Double]]) -> [[Double]]? {
    defer { step += 1 }
    defer { previous = gradients }
    if pending.isEmpty {
      pending = gradients.map { $0.map { _ in 0 } }
      previous = gradients
    }
    add(gradients, 1)
    guard step == nextMove else { return nil }
    let interval = fast.interval(at: step)
    nextMove += interval
    let ahead = Double(interval - 1) / 2
    let kept = pending
    add(gradients, ahead / 2)
    add(previous, ahead / 2)
    let total = pending
    pending = zip(kept, total).map { zip($0, $1).map { $0 - $1 } }
    return total
  }

  private mutating func add(_ gradients: [[Double]], _ factor: Double) {
    for system in gradients.indices {
      for (i, g) in gradients[system].enumerated() { pending[system][i] += factor * g }
    }
  }
}
