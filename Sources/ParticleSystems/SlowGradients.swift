import Checkpoints

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
  /// More than a run has.
  private static let largestStep = 1 << 40

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

  /// - Parameter lengths: of the gradients.
  mutating func exchange(_ state: RunState, lengths: [Int]) throws {
    try state.exchange("step", &step)
    try state.exchange("next_move", &nextMove)
    guard (0...Self.largestStep).contains(step), (step...(step + fast.slowSteps)).contains(nextMove)
    else { throw state.misfit("step", "the values \(step) and \(nextMove)") }
    // Nothing is there before the first step.
    var isEmpty = pending.isEmpty
    try state.exchange("empty", &isEmpty)
    try state.exchange("previous", &previous, lengths: isEmpty ? [] : lengths)
    try state.exchange("pending", &pending, lengths: isEmpty ? [] : lengths)
  }

  private mutating func add(_ gradients: [[Double]], _ factor: Double) {
    for system in gradients.indices {
      for (i, g) in gradients[system].enumerated() { pending[system][i] += factor * g }
    }
  }
}
