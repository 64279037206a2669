import Comparison
import Diagnostics
import Execution
import Measures

/// Distances between the laws of networks' neurons and of a limit at one snapshot.
struct WeightLawDistances: Sendable {
  /// The metrics on every axis, by name.
  static let lineMetrics =
    ["wasserstein1", "wasserstein2", "kolmogorov_smirnov"] + SmoothedLines.metrics
  /// The metrics on (a, w) as a whole.
  static let cloudMetrics = ["sliced_wasserstein2", "energy_distance"]
  static let directions = 128

  /// By metric; of metrics on axes one number an axis.
  typealias Values = [String: [Double]]

  /// (seed)
  var values: [Values] = []
  /// (seed): distances between samples of one law, of which floors are means: of each network and the next
  /// one, or of both halves of each network, divided by the square root of two. Empty where there are none.
  var floors: [Values] = []
  /// (seed): densities in bins, axis by axis; empty where there are no bins.
  var densities: [[Double]] = []

  /// The last network that was added.
  private var previous: Item?
  private let bandwidths: [Double]
  private let bins: WeightBins?
  private let seed: UInt64
  private let workers: Workers

  /// - Parameters:
  ///   - bandwidths: of smoothed laws, one an axis.
  ///   - bins: of densities that are drawn.
  ///   - seed: of the directions.
  init(
    bandwidths: [Double], bins: WeightBins? = nil, seed: UInt64, workers: Workers
  ) {
    self.bandwidths = bandwidths
    self.bins = bins
    self.seed = seed
    self.workers = workers
  }

  /// Adds networks and their distances from the limit.
  ///
  /// Two networks of independent seeds are samples of one law where they have one limit. Where each has a
  /// limit of its own, two halves of one network are: each half has half the neurons, and for all of these
  /// distances the floor falls like the square root of the number of neurons.
  mutating func add(_ networks: [WeightLaw], _ limit: LimitLaws, first: Int) throws {
    let count = networks.count
    let limits = limit.areOwn ? Array(limit.laws[first..<(first + count)]) : limit.laws
    let means =
      limit.areOwn
      ? Array(limit.meanDistances[first..<(first + count)]) : limit.meanDistances
    var samples = networks.map { Item(sample: $0.all) }
    samples += zip(limits, means).map { Item(sample: $0.all, meanDistance: $1) }
    var pairs = (0..<count).map { ($0, limit.areOwn ? count + $0 : count) }
    var scale = 1.0
    if limit.areOwn {
      for network in networks {
        guard let halves = network.halves else { continue }
        pairs.append((samples.count, samples.count + 1))
        samples += halves.map { Item(sample: $0) }
      }
      scale = 0.5.squareRoot()
    } else if count > 1 {
      // Neighbouring pairs: each network is in two of them, and they cost what the distances themselves do.
      pairs += count == 2 ? [(0, 1)] : (0..<count).map { ($0, ($0 + 1) % count) }
    }
    if let previous, !limit.areOwn {
      pairs.append((samples.count, 0))
      samples.append(previous)
    }
    let all = try distances(&samples, pairs)
    previous = samples[count - 1]
    values += all.prefix(count)
    if let bins { densities += networks.map { bins.densities($0.all.lines) } }
    floors += all.dropFirst(count).map { $0.mapValues { $0.map { scale * $0 } } }
  }

  /// Between both halves of a limit's particles, the mean over its realizations; empty where there are none.
  func halves(_ limit: LimitLaws) throws -> Values {
    Self.mean(
      try limit.laws.compactMap { law in
        guard let halves = law.halves else { return nil }
        var samples = halves.map { Item(sample: $0) }
        return try distances(&samples, [(0, 1)])[0]
      })
  }

  /// Means of numbers that all of them have; empty of none.
  static func mean(_ all: [Values]) -> Values {
    guard let first = all.first else { return [:] }
    return first.mapValues { $0.map { $0 / Double(all.count) } }
      .merging(
        all.dropFirst().flatMap { values in
          values.map { ($0.key, $0.value.map { $0 / Double(all.count) }) }
        }
      ) { zip($0, $1).map { $0 + $1 } }
  }

  /// Takes the last network that was added from a run that was interrupted.
  mutating func take(previous law: WeightLaw) { previous = Item(sample: law.all) }

  private struct Item {
    let sample: WeightLaw.Sample
    /// E|X - X'| of the cloud, once known.
    var meanDistance: Double?
  }

  private func distances(_ items: inout [Item], _ pairs: [(Int, Int)]) throws -> [Values] {
    var result = pairs.map { lines(items[$0.0].sample.lines, items[$0.1].sample.lines) }
    for axis in bandwidths.indices {
      let smoothed = SmoothedLines(
        items.map { $0.sample.lines[axis] }, bandwidth: bandwidths[axis], workers: workers)
      for (number, pair) in pairs.enumerated() {
        for (metric, value) in smoothed.distances(pair.0, pair.1) {
          result[number][metric, default: []].append(value)
        }
      }
    }
    let clouds = items.compactMap(\.sample.cloud)
    guard clouds.count == items.count else { return result }
    let sliced = try SlicedWasserstein.between(
      clouds, pairs: pairs.map { (first: $0.0, second: $0.1) }, directions: Self.directions,
      stream: RandomStream(seed: seed, stream: .slicingDirections), workers: workers)
    for (number, pair) in pairs.enumerated() {
      for item in [pair.0, pair.1] where items[item].meanDistance == nil {
        items[item].meanDistance = EnergyDistance.meanDistance(
          within: clouds[item], workers: workers)
      }
      result[number]["sliced_wasserstein2"] = [sliced[number].value]
      result[number]["energy_distance"] = [
        EnergyDistance(
          clouds[pair.0], clouds[pair.1], withinFirst: items[pair.0].meanDistance,
          withinSecond: items[pair.1].meanDistance, workers: workers
        ).value
      ]
    }
    return result
  }

  private func lines(_ a: [SortedSample], _ b: [SortedSample]) -> Values {
    let distances = zip(a, b).map { $0.distances(to: $1) }
    return [
      "wasserstein1": distances.map(\.wasserstein1),
      "wasserstein2": distances.map(\.wasserstein2),
      "kolmogorov_smirnov": distances.map(\.kolmogorovSmirnov),
    ]
  }
}
