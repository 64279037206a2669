import Density
import LinearAlgebra
import TestSupport
import Testing

/// Fast sums against the sum over all points as it is written, over random weights, from narrow
/// bandwidths to the whole range.
struct DirectSumTests {
  @Test(arguments: [0.25, 0.5, 0.9, 1, 1.1, 1.5, 2, 4, 10, 40, 127])
  func oneDimension(spacings: Double) throws {
    let grid = try grid(0...1, 128)
    let sample = try randomSample(300, dimensions: 1)
    let bandwidth = try Bandwidth(spacings / 127)
    #expect(try differenceFromDirectSum(sample, grid: grid, bandwidth: bandwidth) < 1e-12)
    #expect(
      try differenceFromDirectSum(sample, grid: grid, bandwidth: bandwidth, accuracy: .fast) < 1e-6)
  }

  @Test(arguments: [0.25, 1, 1.5, 2, 5, 23]) func twoDimensions(spacings: Double) throws {
    let grid = try grid(0...1, 24, 17)
    let sample = try randomSample(60, dimensions: 2)
    // Twice as broad along the second axis in spacings.
    let bandwidth = try Bandwidth(deviations: [spacings / 23, spacings / 8])
    #expect(try differenceFromDirectSum(sample, grid: grid, bandwidth: bandwidth) < 1e-12)
    #expect(
      try differenceFromDirectSum(sample, grid: grid, bandwidth: bandwidth, accuracy: .fast) < 1e-6)
  }

  @Test(arguments: [0.25, 1, 2.5, 10]) func threeDimensions(spacings: Double) throws {
    let grid = try grid(0...1, 9, 12, 10)
    let sample = try randomSample(20, dimensions: 3)
    let bandwidth = try Bandwidth(deviations: [spacings / 8, spacings / 11, spacings / 9])
    #expect(try differenceFromDirectSum(sample, grid: grid, bandwidth: bandwidth) < 1e-12)
    #expect(
      try differenceFromDirectSum(sample, grid: grid, bandwidth: bandwidth, accuracy: .fast) < 1e-6)
  }

  /// A covariance matrix with correlations up to 0.9, narrow (summed on the grid) and broad.
  @Test(arguments: [0.25, 3.0]) func matrixBandwidths(spacings: Double) throws {
    let h = spacings / 20
    let plane = try Bandwidth(
      covariance: Matrix(
        rows: 2, columns: 2, elements: [h * h, 0.9 * h * h, 0.9 * h * h, h * h]))
    let sample = try randomSample(50, dimensions: 2)
    #expect(
      try differenceFromDirectSum(sample, grid: grid(0...1, 21, 18), bandwidth: plane) < 1e-12)
    let space = try Bandwidth(
      covariance: Matrix(
        rows: 3, columns: 3,
        elements: [1, 0.5, -0.3, 0.5, 2, 0.6, -0.3, 0.6, 1].map { $0 * 4 * h * h }))
    #expect(
      try differenceFromDirectSum(
        randomSample(15, dimensions: 3), grid: grid(0...1, 8, 9, 7), bandwidth: space) < 1e-12)
  }

  /// Points far outside the grid, and a grid far from 0.
  @Test func pointsOutsideTheGrid() throws {
    let sample = try WeightedSample<Double>(
      points: [-30, -0.2, -0.01, 0.1, 0.35, 0.5, 0.72, 1.001, 1.3, 55].map { $0 + 1000 })
    for h in [0.004, 0.03, 0.4, 5] {
      let bandwidth = try Bandwidth(h)
      #expect(
        try differenceFromDirectSum(
          sample, grid: grid(1000...1001, 65), bandwidth: bandwidth) < 1e-12)
    }
    let estimate = try DensityEstimator.estimate(
      sample, grid: grid(1000...1001, 65), bandwidth: Bandwidth(0.03))
    #expect(estimate.provenance?.outsideCount == 6)
    #expect(estimate.provenance?.outsideShare == 0.6)
  }

  /// Moments in cells keep their accuracy on the longest grids, where a distance in cells counted
  /// from the end of the grid would not.
  @Test func longGrid() throws {
    let sample = try randomSample(200, dimensions: 1)
    let count = 1 << 14
    let wide = try grid(-3...4, count)
    let bandwidth = try Bandwidth(2 * wide.axes[0].spacing)
    #expect(try differenceFromDirectSum(sample, grid: wide, bandwidth: bandwidth) < 1e-12)
  }

  @Test(arguments: SmoothingKernel.allCases) func kernels(kernel: SmoothingKernel) throws {
    for spacings in [0.3, 2.3, 30] {
      #expect(
        try differenceFromDirectSum(
          randomSample(100, dimensions: 1), grid: grid(0...1, 41),
          bandwidth: Bandwidth(spacings / 40), kernel: kernel) < 1e-13)
      #expect(
        try differenceFromDirectSum(
          randomSample(40, dimensions: 2), grid: grid(0...1, 13, 11),
          bandwidth: Bandwidth(deviations: [spacings / 12, spacings / 7]), kernel: kernel) < 1e-12)
      #expect(
        try differenceFromDirectSum(
          randomSample(15, dimensions: 3), grid: grid(0...1, 7, 9, 6),
          bandwidth: Bandwidth(spacings / 9, dimensions: 3), kernel: kernel) < 1e-12)
    }
  }

  @Test(arguments: SmoothingKernel.allCases) func kdepy(kernel: SmoothingKernel) throws {
    let fixture = try #require(Fixture.load().kernels.first { $0.kernel == kernel.rawValue })
    let estimate = try DensityEstimator.estimate(
      WeightedSample(points: fixture.points, masses: fixture.masses), grid: grid(-3...3, 61),
      bandwidth: Bandwidth(fixture.bandwidth), kernel: kernel)
    #expect(largestDifference(estimate.values, fixture.values) < 1e-12)
  }

  @Test func scipy() throws {
    for fixture in try Fixture.load().scipy {
      let sample = try WeightedSample(
        points: fixture.points, dimensions: fixture.dimensions, masses: fixture.masses)
      let d = fixture.dimensions
      let bandwidth = try Bandwidth(
        covariance: Matrix(rows: d, columns: d, elements: fixture.covariance))
      let estimate = try DensityEstimator.estimate(
        sample, grid: fixture.grid(), bandwidth: bandwidth)
      let peak = fixture.values.max()!
      #expect(largestDifference(estimate.values, fixture.values) < 1e-12 * peak)
    }
  }
}
