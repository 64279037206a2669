import Execution

/// A kernel density on a grid from points that arrive in blocks.
public struct DensityEstimator<Scalar: DensityScalar>: GridEstimator {
  public let grid: DensityGrid
  public let bandwidth: Bandwidth
  public let kernel: SmoothingKernel
  public let boundaries: [Boundary]
  private var counts = SampleCounts()
  private var points: [Scalar] = []
  private var masses: [Scalar] = []

  /// - Parameters:
  ///   - boundaries: one for each axis; `nil` for none.
  ///   - workers: threads; the result has the same bits for any number of them.
  public init(
    grid: DensityGrid, bandwidth: Bandwidth, kernel: SmoothingKernel = .gaussian,
    boundaries: [Boundary]? = nil, accuracy: SpreadingAccuracy = .spectral,
    workers: Workers = Workers()
  ) throws {
    precondition(bandwidth.dimensions == grid.dimensions)
    self.grid = grid
    self.bandwidth = bandwidth
    self.kernel = kernel
    self.boundaries = boundaries ?? Array(repeating: .none, count: grid.dimensions)
  }

  public mutating func add(
    _ points: UnsafeBufferPointer<Scalar>, masses: UnsafeBufferPointer<Scalar>?
  ) throws {
    try counts.add(points, masses: masses, grid: grid, boundaries: boundaries)
    self.points += points
    self.masses +=
      masses.map(Array.init) ?? Array(repeating: 1, count: points.count / grid.dimensions)
  }

  public func estimate() throws -> DensityEstimate<Scalar> {
    let provenance: DensityEstimate<Scalar>.Provenance = try counts.provenance(
      kernel: kernel, bandwidth: bandwidth, relativeError: 0)
    let direct = DirectDensity(
      try WeightedSample(points: points, dimensions: grid.dimensions, masses: masses),
      bandwidth: bandwidth, kernel: kernel, boundaries: boundaries)
    return DensityEstimate(
      grid: grid, values: direct.values(on: grid).map { Scalar($0) }, provenance: provenance)
  }
}
