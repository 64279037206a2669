import Density
import LinearAlgebra
import Measures
import TestSupport

/// A random sample in the unit cube, with weights of very different size.
func randomSample(
  _ count: Int, dimensions: Int, seed: UInt64 = 1
) throws -> WeightedSample<Double> {
  let stream = RandomStream(seed: seed, stream: .syntheticData)
  return try WeightedSample(
    points: stream.uniforms(count * dimensions, particle: 0), dimensions: dimensions,
    masses: stream.uniforms(count, particle: 1).map { $0 * $0 * $0 })
}

func normals(_ count: Int, seed: UInt64) -> [Double] {
  RandomStream(seed: seed, stream: .syntheticData).normals(count, particle: 0)
}

func grid(_ bounds: ClosedRange<Double>, _ counts: Int...) throws -> DensityGrid {
  DensityGrid(
    try counts.map { try .init(lower: bounds.lowerBound, upper: bounds.upperBound, count: $0) })
}

extension DensityEstimator {
  /// The density of one sample.
  static func estimate(
    _ sample: WeightedSample<Scalar>, grid: DensityGrid, bandwidth: Bandwidth,
    kernel: SmoothingKernel = .gaussian, boundaries: [Boundary]? = nil,
    accuracy: SpreadingAccuracy = .spectral
  ) throws -> DensityEstimate<Scalar> {
    let estimator = DensityEstimator(
      grid: grid, bandwidth: bandwidth, kernel: kernel, boundaries: boundaries, accuracy: accuracy)
    try estimator.add(sample)
    return try estimator.estimate()
  }
}

/// The largest difference from the direct sum, relative to the peak.
func differenceFromDirectSum(
  _ sample: WeightedSample<Double>, grid: DensityGrid, bandwidth: Bandwidth,
  kernel: SmoothingKernel = .gaussian, boundaries: [Boundary]? = nil,
  accuracy: SpreadingAccuracy = .spectral
) throws -> Double {
  let values = try DensityEstimator.estimate(
    sample, grid: grid, bandwidth: bandwidth, kernel: kernel, boundaries: boundaries,
    accuracy: accuracy
  ).values
  let direct = DirectDensity(
    sample, bandwidth: bandwidth, kernel: kernel, boundaries: boundaries
  ).values(on: grid)
  return largestDifference(values, direct) / direct.max()!
}
