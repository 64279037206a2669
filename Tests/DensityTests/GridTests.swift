import Density
import LinearAlgebra
import TestSupport
import Testing

struct GridTests {
  /// One grid over two snapshots: the widest of both with margins, cut at the boundaries.
  @Test func coveringSeveralSamples() throws {
    let samples = [
      try WeightedSample<Double>(points: [0, 1, 4, 2], dimensions: 2),
      try WeightedSample<Double>(points: [-1, 3, 3, 0.5], dimensions: 2),
    ]
    let bandwidths = [
      try Bandwidth(0.1, dimensions: 2), try Bandwidth(deviations: [0.2, 0.3]),
    ]
    let covering = try DensityGrid.covering(
      samples.map { SampleStatistics($0) }, bandwidths: bandwidths, counts: [11, 21],
      boundaries: [.none, Boundary(lower: 0)])
    let (x, y) = (covering.axes[0], covering.axes[1])
    #expect(largestDifference([x.lower, x.upper], [-1.8, 4.4]) < 1e-15)
    #expect(largestDifference([y.lower, y.upper], [0, 4.2]) < 1e-15)
    #expect(covering.shape == [11, 21])
    #expect(covering.count == 231)
    #expect(covering.position(22) == [x.coordinate(1), y.coordinate(1)])
  }

  /// Statistics do not depend on how a sample is cut into blocks, and do not cancel far from 0.
  @Test func statisticsOfBlocks() throws {
    let sample = try randomSample(1000, dimensions: 3)
    let moved = sample.points.map { $0 + 1e6 }
    var blocks = SampleStatistics(dimensions: 3)
    moved.withUnsafeBufferPointer { points in
      sample.masses!.withUnsafeBufferPointer { masses in
        for part in [0..<1, 1..<400, 400..<400, 400..<1000] {
          blocks.add(
            .init(rebasing: points[(3 * part.lowerBound)..<(3 * part.upperBound)]),
            masses: .init(rebasing: masses[part]))
        }
      }
    }
    let total = sample.masses!.reduce(0, +)
    let means = (0..<3).map { j in
      (0..<1000).reduce(0) { $0 + sample.masses![$1] * sample.points[3 * $1 + j] } / total
    }
    #expect(largestDifference(blocks.means.map { $0 - 1e6 }, means) < 1e-9)
    let size = total * total / sample.masses!.reduce(0) { $0 + $1 * $1 }
    #expect(abs(blocks.effectiveSize - size) < 1e-9)
    var covariance: [Double] = []
    for j in 0..<3 {
      for k in 0..<3 {
        let sum = (0..<1000).reduce(0.0) { sum, i in
          let (x, y) = (sample.points[3 * i + j] - means[j], sample.points[3 * i + k] - means[k])
          return sum + sample.masses![i] * x * y
        }
        covariance.append(sum / total * size / (size - 1))
      }
    }
    #expect(largestDifference(try blocks.covariance().elements, covariance) < 1e-9)
  }

  @Test func histograms() throws {
    let target = try grid(0...4, 5)
    let histogram = HistogramEstimator<Double>(grid: target)
    // Cells around 0, 1, 2, 3, 4; a point on a border belongs to the upper cell.
    try histogram.add(
      WeightedSample(
        points: [-0.6, -0.5, 0.49, 0.5, 1.2, 3.9, 4.49, 4.5, 9],
        masses: [8, 1, 2, 4, 1, 0.5, 0.125, 0.125, 8]))
    let estimate = try histogram.estimate()
    let mass = 8 + 1 + 2 + 4 + 1 + 0.5 + 0.25 + 8
    #expect(largestDifference(estimate.values, [3, 5, 0, 0, 0.75].map { $0 / mass }) < 1e-15)
    #expect(estimate.isHistogram)
    #expect(abs(estimate.integral - 8.75 / mass) < 1e-15)
    #expect(estimate.provenance?.outsideCount == 2)
    #expect(estimate.provenance?.outsideShare == 16 / mass)
    #expect(estimate.value(at: [0.4]) == 3 / mass)
    #expect(estimate.value(at: [-0.6]) == 0)
    // At the centres of the cells: half of the own mass.
    #expect(
      largestDifference(
        estimate.cumulative(), [1.5, 5.5, 8, 8, 8.375].map { $0 / mass }) < 1e-15)
    // 4.375 of 8.75 lie below 0.5 + 1.375 / 5.
    #expect(abs(estimate.quantiles([0.5])[0] - (0.5 + 1.375 / 5)) < 1e-12)
  }

  /// Mass in cells and mass outside make the whole, wherever the ends are rounded to.
  @Test(arguments: [(0.0, 0.3), (-2, 2), (0, .pi), (1e6, 1e6 + 0.7), (-0.1, 0.2)])
  func endsOfHistograms(lower: Double, upper: Double) throws {
    for count in [2, 7, 9, 100] {
      let half = (upper - lower) / Double(2 * count)
      let histogram = HistogramEstimator<Double>(
        grid: DensityGrid([
          try DensityGrid.Axis(lower: lower + half, upper: upper - half, count: count)
        ]))
      let beyond = 1e-6 * (upper - lower)
      try histogram.add(
        WeightedSample(points: [
          lower - beyond, lower, (lower + upper) / 2, upper, upper + beyond, upper + half,
        ]))
      let estimate = try histogram.estimate()
      #expect(estimate.provenance?.outsideCount == 3)
      #expect(abs(estimate.integral - 0.5) < 1e-12)
      #expect(abs(estimate.quantiles([0])[0] - lower) < 4 * half * 1e-6)
    }
  }

  @Test func histogramsOfPlanes() throws {
    let histogram = HistogramEstimator<Float>(grid: try grid(0...1, 2, 3))
    try histogram.add(WeightedSample(points: [0, 0, 0.1, 0.9, 1, 0.4, 0.9, 0.5], dimensions: 2))
    let estimate = try histogram.estimate()
    // Cells of 1 x 1/2, mass 4.
    #expect(estimate.values == [0.5, 0, 0.5, 0, 1, 0])
    #expect(estimate.marginal(of: [1]).values == [0.5, 1, 0.5])
  }
}
