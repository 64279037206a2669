import Comparison
import Execution

/// The laws of the weights of a limit that networks are compared with, width after width.
struct LawsBesideNetworks {
  /// Of the width that is compared, by step.
  private(set) var current: [Int: LimitLaws]
  /// Whether each network has a law of its own.
  private(set) var areOwn = false
  /// Of smoothed laws, by step, one an axis: the same at all widths.
  private(set) var bandwidths: [Int: [Double]] = [:]
  /// In which laws are drawn, the same at all widths; `nil` where there are no laws.
  private(set) var bins: WeightBins?
  private let narrowestWidth: Int
  private let seed: UInt64
  private let workers: Workers
  /// Of laws that all widths share.
  private var sharedFloors: [Int: WeightLawDistances.Values]?

  /// - Parameters:
  ///   - shared: laws that all networks are compared with; none where each network has its own.
  ///   - narrowestWidth: for whose networks smoothed laws have the best bandwidth.
  init(shared: [Int: WeightLaw], narrowestWidth: Int, seed: UInt64, workers: Workers) {
    self.narrowestWidth = narrowestWidth
    self.seed = seed
    self.workers = workers
    current = shared.mapValues { LimitLaws(shared: $0, workers: workers) }
    chooseBandwidths()
  }

  /// Snapshots.
  var steps: [Int] { bandwidths.keys.sorted() }

  /// Replaces the laws by those that the networks of the next width have, one each.
  mutating func take(own laws: [Int: [WeightLaw]]) {
    areOwn = true
    current = laws.mapValues { LimitLaws(own: $0, workers: workers) }
    chooseBandwidths()
  }

  private mutating func chooseBandwidths() {
    for (step, law) in current where bandwidths[step] == nil {
      bandwidths[step] = law.bandwidths(points: narrowestWidth)
    }
    bins = bins ?? WeightBins(current.values.flatMap { $0.laws.map(\.all.lines) })
  }

  /// Distances between two halves of the limit's particles, by step.
  mutating func limitFloors() throws -> [Int: WeightLawDistances.Values] {
    if let sharedFloors { return sharedFloors }
    var result: [Int: WeightLawDistances.Values] = [:]
    for (step, law) in current { result[step] = try distances(step).halves(law) }
    if !areOwn { sharedFloors = result }
    return result
  }

  /// None yet, by step.
  var newDistances: [Int: WeightLawDistances] {
    Dictionary(uniqueKeysWithValues: steps.map { ($0, distances($0)) })
  }

  private func distances(_ step: Int) -> WeightLawDistances {
    WeightLawDistances(bandwidths: bandwidths[step]!, bins: bins, seed: seed, workers: workers)
  }

  /// The limit's densities in the bins, by step: where each network has a law of its own, the mean of those
  /// of the last width.
  var densities: [Int: [Double]] {
    guard let bins else { return [:] }
    return current.mapValues { limit in
      let all = limit.laws.map { bins.densities($0.all.lines) }
      return all[0].indices.map { i in all.reduce(0) { $0 + $1[i] } / Double(all.count) }
    }
  }

  /// Puts the distances of networks from a file into the results of their width.
  ///
  /// - Parameter networks: their laws by step, one a network.
  mutating func compare(
    _ networks: [Int: [WeightLaw]], into result: inout ComparedNetworks
  ) throws {
    for (step, law) in current {
      guard let own = networks[step] else { continue }
      var all = distances(step)
      try all.add(own, law, first: 0)
      result.distances[step] = all
    }
    result.limitFloors = try limitFloors()
  }
}
