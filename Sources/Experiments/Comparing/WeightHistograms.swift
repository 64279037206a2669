import Comparison
import DataIO

/// Bins on each axis, common to limit, networks and snapshots, in which laws of the weights are drawn.
///
/// Histograms with common bins, not kernel estimates: what differs between laws is then the laws, and not
/// how far each was smoothed.
struct WeightBins: Sendable {
  static let count = 40
  /// By axis.
  let edges: [[Double]]

  /// The range of each axis holds all but 1/2,000 of a limit's law at either end, at all snapshots, with some
  /// room.
  ///
  /// - Returns: `nil` without a law, and where the limit's weights are all one point.
  init?(_ laws: [WeightLaw]) {
    guard let axes = laws.first?.all.lines.count, axes > 0 else { return nil }
    var edges: [[Double]] = []
    for axis in 0..<axes {
      let lines = laws.map { $0.all.lines[axis] }
      let low = lines.map { $0.quantile(1.0 / 2000) }.min()!
      let high = lines.map { $0.quantile(1 - 1.0 / 2000) }.max()!
      guard high > low else { return nil }
      let margin = 0.05 * (high - low)
      let width = (high - low + 2 * margin) / Double(Self.count)
      edges.append((0...Self.count).map { low - margin + width * Double($0) })
    }
    self.edges = edges
  }

  /// (axis, bin): the share of the mass in a bin, divided by its width. What lies beyond the bins is in none.
  func densities(_ law: WeightLaw) -> [Double] {
    zip(law.all.lines, edges).flatMap { line, edges in
      let shares = edges.map(line.shareBelow)
      return zip(zip(shares, shares.dropFirst()), zip(edges, edges.dropFirst())).map {
        ($0.1 - $0.0) / ($1.1 - $1.0)
      }
    }
  }
}

extension SortedSample {
  /// The least point with at least this share of the mass up to it.
  fileprivate func quantile(_ share: Double) -> Double {
    values[min(firstIndex(in: cumulative) { $0 >= share }, values.count - 1)]
  }

  /// The share of the mass at points less than this.
  fileprivate func shareBelow(_ x: Double) -> Double {
    let index = firstIndex(in: values) { $0 >= x }
    return index == 0 ? 0 : cumulative[index - 1]
  }

  /// By bisection; the count where there is none.
  private func firstIndex(in sorted: [Double], where isBeyond: (Double) -> Bool) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if isBeyond(sorted[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// The histograms as arrays of the file.
struct WeightHistograms {
  let results: [ComparedNetworks]
  let laws: [Int: WeightLaw]
  let snapshots: [Int]
  let bins: WeightBins

  var arrays: [ComparisonArray] {
    let what = "density of the law of the weights along each axis, in bins"
    let size = bins.edges.count * WeightBins.count
    let blank = [Double](repeating: .nan, count: size)
    let moments = results.flatMap { result in
      snapshots.map { snapshot -> (mean: [Double], error: [Double]) in
        guard let all = result.distances[snapshot]?.densities, !all.isEmpty else {
          return (blank, blank)
        }
        return Self.meanAndError(all)
      }
    }
    return [
      ComparisonArray(
        "weight_edge", [.projection, .edge], longName: "edges of the bins of each axis",
        values: bins.edges.flatMap(\.self)),
      ComparisonArray(
        "weight_density", [.width, .snapshot, .projection, .bin],
        longName: "\(what): the networks, mean over seeds", values: moments.flatMap(\.mean)),
      ComparisonArray(
        "weight_density_stderr", [.width, .snapshot, .projection, .bin],
        longName: "standard error over seeds of the \(what): the networks",
        values: moments.flatMap(\.error)),
      ComparisonArray(
        "limit_weight_density", [.snapshot, .projection, .bin],
        longName: "\(what): the limit's particles",
        values: snapshots.flatMap { laws[$0].map(bins.densities) ?? blank }),
    ]
  }

  /// Of each entry over networks; the error is NaN of one.
  private static func meanAndError(_ all: [[Double]]) -> (mean: [Double], error: [Double]) {
    let count = Double(all.count)
    let means = all[0].indices.map { i in all.reduce(0) { $0 + $1[i] } / count }
    let errors = means.indices.map { i in
      let squares = all.reduce(0) { $0 + ($1[i] - means[i]) * ($1[i] - means[i]) }
      return (squares / (count * (count - 1))).squareRoot()
    }
    return (means, errors)
  }
}
