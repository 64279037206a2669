import Measures

/// What a distance is between two samples of one and the same law, by chance alone: to put beside each
/// measured distance, which means nothing where it is not above this.
///
/// Values of different pairs share samples and are not independent: ``standardDeviation`` is the
/// spread of one of them, not an error of ``mean``.
public struct SamplingFloor: Sendable, Equatable {
  /// The mean distance over pairs, in the units of the distance.
  public let mean: Double
  /// `nil` with a single pair.
  public let standardDeviation: Double?
  /// Pairs (or splits) evaluated.
  public let count: Int

  init(_ values: [Double]) {
    let moments = sampleMoments(values)
    mean = moments.mean
    standardDeviation = moments.variance?.squareRoot()
    count = values.count
  }

  /// Between halves of the units, split at random: for distances of laws that need several seeds, such
  /// as divergences of fits. Halves have half the seeds, and so a floor that is higher than that between
  /// full samples: by a factor near sqrt(2) for distances, 2 for divergences and squared distances.
  /// `nil` with fewer than two units; of an odd number one is left out of each split.
  public static func betweenHalves(
    units: Int, splits: Int = 20, stream: RandomStream,
    distance: (_ first: [Int], _ second: [Int]) throws -> Double
  ) rethrows -> SamplingFloor? {
    precondition(splits >= 1, "at least one split")
    guard units >= 2 else { return nil }
    let half = units / 2
    return SamplingFloor(
      try (0..<splits).map { split in
        let order = stream.permutation(units, particle: split)
        return try distance(order[..<half].sorted(), order[half..<(2 * half)].sorted())
      })
  }
}
