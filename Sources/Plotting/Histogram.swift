import Foundation

/// Equal bins over a sample, as a density.
struct Histogram: Equatable {
  /// One more than densities, increasing.
  var edges: [Double]
  var densities: [Double]

  init(edges: [Double], densities: [Double]) {
    precondition(edges.count == densities.count + 1)
    self.edges = edges
    self.densities = densities
  }

  /// Values that a histogram needs: fewer are drawn one by one.
  static let fewest = 10

  /// Bins of about the width 2 IQR n^(-1/3) (Freedman, Diaconis, *On the histogram as a density estimator*, Z.
  /// Wahrscheinlichkeitstheorie verw. Gebiete 57, 1981) that tile the range of the sample, but not fewer than 1 +
  /// log2 n (Sturges, *The choice of a class interval*, J. Am. Stat. Assoc. 21, 1926): the width for densities of
  /// large samples leaves two or three bins to a handful of values.
  ///
  /// - Returns: `nil` for fewer than ``fewest`` values, and where all are equal.
  init?(_ values: [Double]) {
    guard values.count >= Self.fewest, let low = values.min(), let high = values.max(),
      GaussianCurve(values) != nil
    else { return nil }
    let sorted = values.sorted()
    func quantile(_ level: Double) -> Double {
      let place = level * Double(sorted.count - 1)
      let below = Int(place)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
    let width =
      2 * (quantile(0.75) - quantile(0.25)) * pow(Double(values.count), -1.0 / 3)
    let least = 1 + log2(Double(values.count))
    // Where most values are equal the quartiles may be too: then the fewest bins.
    let wanted = width > 0 ? max((high - low) / width, least) : least
    let count = Int(min(200, wanted.rounded(.up)))
    edges = (0...count).map { low + (high - low) * Double($0) / Double(count) }
    var counts = [Int](repeating: 0, count: count)
    for value in values {
      counts[min(count - 1, Int((value - low) / (high - low) * Double(count)))] += 1
    }
    let share = Double(count) / ((high - low) * Double(values.count))
    densities = counts.map { Double($0) * share }
  }

  /// The line around the bins.
  var outline: (x: [Double], y: [Double]) {
    Self.outline(edges, densities, foot: 0)
  }

  /// Steps of the values between the edges, from the foot and back to it.
  static func outline(
    _ edges: [Double], _ values: [Double], foot: Double
  ) -> (x: [Double], y: [Double]) {
    (
      edges.flatMap { [$0, $0] },
      [foot] + values.flatMap { [$0, $0] } + [foot]
    )
  }
}

/// The normal law with the mean and the variance (divisor n - 1) of a sample.
struct GaussianCurve: Equatable {
  let mean: Double
  let deviation: Double

  /// - Returns: `nil` for fewer than two values, and where all are equal.
  init?(_ values: [Double]) {
    guard values.count >= 2 else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / Double(values.count - 1)).squareRoot()
    guard deviation > 1e-14 * abs(mean), deviation.isFinite else { return nil }
    self.mean = mean
    self.deviation = deviation
  }

  func density(at x: Double) -> Double {
    let z = (x - mean) / deviation
    return exp(-z * z / 2) / (deviation * (2 * Double.pi).squareRoot())
  }

  /// Within four standard deviations.
  var line: (x: [Double], y: [Double]) {
    let x = (-60...60).map { mean + deviation * Double($0) / 15 }
    return (x, x.map(density))
  }
}
