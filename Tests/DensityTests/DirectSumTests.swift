import Density
import Execution
import LinearAlgebra
import Measures
import TestSupport
import Testing

/// A random sample in the unit cube, with weights of very different size.
func randomSample(
  _ count: Int, dimensions: Int, seed: UInt64, weighted: Bool = true
) throws -> WeightedSample<Double> {
  let stream = RandomStream(seed: seed, stream: .syntheticData)
  let points = stream.uniforms(count * dimensions, particle: 0)
  let masses = stream.uniforms(count, particle: 1).map { $0 * $0 * $0 }
  return try WeightedSample(
    points: points, dimensions: dimensions, masses: weighted ? masses : nil)
}

func unitGrid(_ counts: [Int]) throws -> DensityGrid {
  DensityGrid(try counts.map { try .init(lower: 0, upper: 1, count: $0) })
}

/// The largest difference from the direct sum, relative to the peak.
func differenceFromDirectSum(
  _ sample: WeightedSample<Double>, grid: DensityGrid, bandwidth: Bandwidth,
  kernel: SmoothingKernel = .gaussian, boundaries: [Boundary]? = nil,
  accuracy: SpreadingAccuracy = .spectral
) throws -> Double {
  let estimator = DensityEstimator<Double>(
    grid: grid, bandwidth: bandwidth, kernel: kernel, boundaries: boundaries, accuracy: accuracy)
  try estimator.add(sample)
  let values = try estimator.estimate().values
  let direct = DirectDensity(
    sample, bandwidth: bandwidth, kernel: kernel, boundaries: boundaries
  ).values(on: grid)
  return largestDifference(values, direct) / direct.max()!
}

struct DirectSumTests {
  @Test(arguments: [0.25, 0.5, 1, 1.5, 2, 4, 10, 40, 127])
  func oneDimension(spacings: Double) throws {
    let grid = try unitGrid([128])
    let sample = try randomSample(300, dimensions: 1, seed: 1)
    let bandwidth = try Bandwidth(spacings / 127)
    #expect(try differenceFromDirectSum(sample, grid: grid, bandwidth: bandwidth) < 1e-12)
    #expect(
      try differenceFromDirectSum(sample, grid: grid, bandwidth: bandwidth, accuracy: .fast) < 1e-6)
  }

  @Test(arguments: [0.25, 1, 2, 5, 23])
  func twoDimensions(spacings: Double) throws {
    let grid = try unitGrid([24, 17])
    let sample = try randomSample(60, dimensions: 2, seed: 2)
    let bandwidth = try Bandwidth(deviations: [spacings / 23, spacings / 12])
    #expect(try differenceFromDirectSum(sample, grid: grid, bandwidth: bandwidth) < 1e-12)
    #expect(
      try differenceFromDirectSum(sample, grid: grid, bandwidth: bandwidth, accuracy: .fast) < 1e-6)
  }
}
