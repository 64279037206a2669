import Foundation
import InfiniteWidth

/// One density to compute: points of a mixture of two Gaussian laws on a grid that holds them all.
struct Setting: Codable {
  var name: String
  var count: Int
  /// Grid points on each axis.
  var shape: [Int]
  var bandwidth: Double
  var lower: [Double]
  var upper: [Double]

  var dimensions: Int { shape.count }

  /// The cases in which estimators are compared.
  static let cases: [(count: Int, shape: [Int])] = [
    (1_000_000, [1 << 10]), (1_000_000, [1 << 14]), (10_000_000, [1 << 10]),
    (10_000_000, [1 << 14]), (1_000_000, [256, 256]),
  ]

  /// The setting for points, with the bandwidth n^(-1 / (d + 4)) of Scott's rule for unit variance
  /// and a margin of four bandwidths.
  init(points: [Double], shape: [Int]) throws {
    let sample = try WeightedSample(points: points, dimensions: shape.count)
    let statistics = SampleStatistics(sample)
    let d = shape.count
    let h = pow(Double(sample.count), -1 / Double(d + 4))
    name = "\(sample.count) points, grid " + shape.map(String.init).joined(separator: " x ")
    count = sample.count
    self.shape = shape
    bandwidth = h
    lower = statistics.minima.map { $0 - 4 * h }
    upper = statistics.maxima.map { $0 + 4 * h }
  }

  func grid() throws -> DensityGrid {
    DensityGrid(
      try shape.indices.map {
        try .init(lower: lower[$0], upper: upper[$0], count: shape[$0])
      })
  }

  func estimator(accuracy: SpreadingAccuracy, threads: Int) throws -> DensityEstimator<Double> {
    DensityEstimator(
      grid: try grid(), bandwidth: try Bandwidth(bandwidth, dimensions: dimensions),
      accuracy: accuracy, workers: Workers(count: threads))
  }

  /// Coordinates of points `range`: N(0, 1), and N(3, 1/4) for every third point.
  static func points(_ range: Range<Int>, dimensions: Int) -> [Double] {
    let stream = RandomStream(seed: 1, stream: .syntheticData)
    var points: [Double] = []
    points.reserveCapacity(range.count * dimensions)
    // A thousand points for each counter of the generator.
    for block in (range.lowerBound / 1000)..<((range.upperBound + 999) / 1000) {
      let normals = stream.normals(1000 * dimensions, particle: block)
      for i in 0..<1000 where range.contains(1000 * block + i) {
        for z in normals[(i * dimensions)..<((i + 1) * dimensions)] {
          points.append((1000 * block + i) % 3 == 0 ? 3 + z / 2 : z)
        }
      }
    }
    return points
  }
}
