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

  /// Bins of about the width 3.49 s n^(-1/3) (Scott, *On optimal and data-based histograms*, Biometrika 66,
  /// 1979) that tile the range of the sample.
  ///
  /// - Returns: `nil` for fewer than five values, and where all are equal.
  init?(_ values: [Double]) {
    guard values.count >= 5, let low = values.min(), let high = values.max(),
      let fit = GaussianCurve(values)
    else { return nil }
    let width = 3.49 * fit.deviation * pow(Double(values.count), -1.0 / 3)
    let count = max(1, min(200, Int(((high - low) / width).rounded(.up))))
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
