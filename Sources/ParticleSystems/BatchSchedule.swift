import Measures

/// Which training points each update uses; the same for the limit and for every finite network.
public enum BatchSchedule: Sendable, Equatable {
  /// Every point at every step.
  case full
  /// `size` points a step, running through the training set in order, epoch after epoch; the last
  /// batch of an epoch is smaller where `size` does not divide the number of points. With a
  /// shuffle seed each epoch has a random order of its own (stream `batchOrder`, particle = epoch).
  case batches(size: Int, shuffleSeed: UInt64?)

  /// Updates in one epoch.
  func updatesPerEpoch(points: Int) -> Int {
    switch self {
    case .full: 1
    case .batches(let size, _): (points + size - 1) / size
    }
  }

  /// Points of the largest batch.
  package func largestBatch(points: Int) -> Int {
    switch self {
    case .full: points
    case .batches(let size, _): min(size, points)
    }
  }

  /// The points of update number `update`, or `nil` for all of them in their own order.
  package func indices(update: Int, points: Int) -> [Int]? {
    guard case .batches(let size, let shuffleSeed) = self else { return nil }
    let (epoch, position) = update.quotientAndRemainder(
      dividingBy: updatesPerEpoch(points: points))
    let range = (position * size)..<min((position + 1) * size, points)
    guard let shuffleSeed else { return Array(range) }
    let order = RandomStream(seed: shuffleSeed, stream: .batchOrder)
      .permutation(points, particle: epoch)
    return Array(order[range])
  }
}
