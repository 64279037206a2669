import Comparison
import Diagnostics
import Execution
import Measures

/// Distances between the laws of networks' neurons and of a limit at one snapshot.
struct WeightLawDistances: Sendable {
  /// The metrics on every axis, by name.
  static let lineMetrics = ["wasserstein1", "wasserstein2", "kolmogorov_smirnov"]
  /// The metrics on (a, w) as a whole.
  static let cloudMetrics = ["sliced_wasserstein2", "energy_distance"]
  static let directions = 128

  /// (seed): by metric; of metrics on axes one number an axis.
  var values: [[String: [Double]]] = []
  /// (seed): densities in bins, by axis; empty where there are no bins.
  var densities: [[Double]] = []
  /// Means over pairs of networks.
  var floors: [String: [Double]] = [:]
  /// Standard error over directions of the sliced distance, root mean square over seeds.
  var directionError = Double.nan

  static func lines(_ a: [SortedSample], _ b: [SortedSample]) -> [String: [Double]] {
    let distances = zip(a, b).map { $0.distances(to: $1) }
    return [
      "wasserstein1": distances.map(\.wasserstein1),
      "wasserstein2": distances.map(\.wasserstein2),
      "kolmogorov_smirnov": distances.map(\.kolmogorovSmirnov),
    ]
  }

  /// Distances of several networks from one limit, and between pairs of the networks.
  ///
  /// - Parameter seed: of the directions.
  init(
    _ networks: [WeightLaw], limit: WeightLaw, limitMeanDistance: Double?, seed: UInt64,
    workers: Workers
  ) throws {
    values = networks.map { Self.lines($0.lines, limit.lines) }
    // Neighbouring pairs: each network is in two of them, and they cost what the distances themselves do.
    let count = networks.count
    let pairs = count < 2 ? [] : count == 2 ? [(0, 1)] : (0..<count).map { ($0, ($0 + 1) % count) }
    var between = pairs.map { Self.lines(networks[$0.0].lines, networks[$0.1].lines) }
    if let limitCloud = limit.cloud, networks.allSatisfy({ $0.cloud != nil }) {
      let clouds = networks.map { $0.cloud! }
      let stream = RandomStream(seed: seed, stream: .slicingDirections)
      let sliced = try SlicedWasserstein.between(
        clouds + [limitCloud],
        pairs: (0..<count).map { (first: $0, second: count) }
          + pairs.map { (first: $0.0, second: $0.1) },
        directions: Self.directions, stream: stream, workers: workers)
      let within = clouds.map { EnergyDistance.meanDistance(within: $0, workers: workers) }
      for seed in 0..<count {
        values[seed]["sliced_wasserstein2"] = [sliced[seed].value]
        values[seed]["energy_distance"] = [
          EnergyDistance(
            clouds[seed], limitCloud, withinFirst: within[seed],
            withinSecond: limitMeanDistance, workers: workers
          ).value
        ]
      }
      let errors = sliced[..<count].map { $0.standardError * $0.standardError }
      directionError = (errors.reduce(0, +) / Double(count)).squareRoot()
      for (number, pair) in pairs.enumerated() {
        between[number]["sliced_wasserstein2"] = [sliced[count + number].value]
        between[number]["energy_distance"] = [
          EnergyDistance(
            clouds[pair.0], clouds[pair.1], withinFirst: within[pair.0],
            withinSecond: within[pair.1], workers: workers
          ).value
        ]
      }
    }
    floors = Self.means(between)
  }

  /// Between both halves of a limit's particles; empty where there are none.
  static func halves(_ law: WeightLaw, seed: UInt64, workers: Workers) throws -> [String: [Double]]
  {
    guard let halves = law.halves else { return [:] }
    var result = lines(halves[0].lines, halves[1].lines)
    if let first = halves[0].cloud, let second = halves[1].cloud {
      result["sliced_wasserstein2"] = [
        try SlicedWasserstein(
          first, second, directions: directions,
          stream: RandomStream(seed: seed, stream: .slicingDirections), workers: workers
        ).value
      ]
      result["energy_distance"] = [EnergyDistance(first, second, workers: workers).value]
    }
    return result
  }

  private static func means(_ pairs: [[String: [Double]]]) -> [String: [Double]] {
    var result: [String: [Double]] = [:]
    for pair in pairs {
      for (metric, values) in pair {
        let before = result[metric] ?? values.map { _ in 0 }
        result[metric] = zip(before, values).map { $0 + $1 / Double(pairs.count) }
      }
    }
    return result
  }
}
