import Execution

/// A kernel density on a grid from points that arrive in blocks: 10^7 of them pass through memory
/// for the grid and one block.
///
/// Gaussian kernels are summed in Fourier space (`FourierDensity`), where they are applied without
/// truncation; zero padding keeps them from reaching around the period. The result is the direct
/// sum's to the accuracy asked for, relative to the peak. Gaussians narrower than about a grid
/// spacing, and kernels that are not smooth, are summed over the grid points that they touch, exact
/// to rounding.
///
/// Cost in one dimension: a few nanoseconds a point; in two and three 12^d multiplications a point;
/// then a transform of about (4 extent / bandwidth)^d numbers. Memory: a few copies of those.
public final class DensityEstimator<Scalar: DensityScalar>: GridEstimator {
  /// Where the density is wanted.
  public let grid: DensityGrid
  /// The covariance of the kernel.
  public let bandwidth: Bandwidth
  /// The shape of the kernel.
  public let kernel: SmoothingKernel
  /// One an axis, ``Boundary/none`` where there are none.
  public let boundaries: [Boundary]
  /// How closely the direct sum is followed.
  public let accuracy: SpreadingAccuracy
  private let workers: Workers
  private let method: Method
  private var counts = SampleCounts()

  private enum Method {
    case line(LineSums<Scalar>)
    case window(WindowSums<Scalar>)
    case local(LocalSums<Scalar>)

    var sums: any KernelSums<Scalar> {
      switch self {
      case .line(let sums): sums
      case .window(let sums): sums
      case .local(let sums): sums
      }
    }
  }

  /// - Parameters:
  ///   - kernel: with a bandwidth that is not diagonal, the Gaussian.
  ///   - boundaries: one for each axis; `nil` for none.
  ///   - workers: threads; the result has the same bits for any number of them.
  public init(
    grid: DensityGrid, bandwidth: Bandwidth, kernel: SmoothingKernel = .gaussian,
    boundaries: [Boundary]? = nil, accuracy: SpreadingAccuracy = .spectral,
    workers: Workers = Workers()
  ) {
    precondition(bandwidth.dimensions == grid.dimensions)
    precondition(boundaries == nil || boundaries!.count == grid.dimensions)
    precondition(kernel == .gaussian || bandwidth.isDiagonal, "\(kernel) kernels are products")
    self.grid = grid
    self.bandwidth = bandwidth
    self.kernel = kernel
    self.accuracy = accuracy
    self.workers = workers
    let boundaries = boundaries ?? Array(repeating: .none, count: grid.dimensions)
    self.boundaries = boundaries
    method = Self.method(
      grid: grid, bandwidth: bandwidth, kernel: kernel, boundaries: boundaries, accuracy: accuracy)
  }

  /// Sums that a Fourier method may use in all: 2^24, which are 128 MiB.
  private static var largestDomain: Double { 0x1p24 }

  private static func method(
    grid: DensityGrid, bandwidth: Bandwidth, kernel: SmoothingKernel, boundaries: [Boundary],
    accuracy: SpreadingAccuracy
  ) -> Method {
    let local = LocalSum(
      grid: grid, bandwidth: bandwidth, kernel: kernel, boundaries: boundaries)
    guard kernel == .gaussian else { return .local(LocalSums(grid: grid, sum: local)) }
    let domain = FourierDomain(
      grid: grid, bandwidth: bandwidth, boundaries: boundaries, accuracy: accuracy)
    // A window touches width^d cells and leaves a transform to do; in one dimension moments are an
    // order cheaper than either.
    let width = domain.window.width
    let touched = (0..<grid.dimensions).reduce(1) { product, _ in product * width }
    let sums = domain.cells * (grid.dimensions == 1 ? LineSums<Scalar>.sumsPerCell(accuracy) : 1)
    if sums > largestDomain || local.stencil <= touched + touched / 2 {
      return .local(LocalSums(grid: grid, sum: local))
    }
    return grid.dimensions == 1
      ? .line(LineSums(domain: domain, bandwidth: bandwidth, accuracy: accuracy))
      : .window(WindowSums(domain: domain, bandwidth: bandwidth))
  }

  /// Bound on the difference from the direct sum, relative to the peak: 1e-12 or 1e-6 for sums in
  /// Fourier space, 1e-14 for local sums; and the rounding of transforms in single precision.
  public var relativeError: Double {
    let rounding = 32 * Double(Scalar.ulpOfOne)
    if case .local = method { return max(1e-14, rounding) }
    return max(accuracy == .spectral ? 1e-12 : 1e-6, rounding)
  }

  /// Adds a block of points, row-major; masses may have any sum, `nil` stands for equal ones.
  public func add(
    _ points: UnsafeBufferPointer<Scalar>, masses: UnsafeBufferPointer<Scalar>?
  ) throws {
    guard let block = PointBlock(points, masses: masses, dimensions: grid.dimensions) else {
      return
    }
    try counts.add(
      block, limits: PointLimits(grid: grid, boundaries: boundaries), boundaries: boundaries,
      workers: workers)
    method.sums.add(block, workers: workers)
  }

  /// The density of all points so far, which may be followed by more.
  public func estimate() throws -> DensityEstimate<Scalar> {
    let provenance: DensityEstimate<Scalar>.Provenance = try counts.provenance(
      kernel: kernel, bandwidth: bandwidth, relativeError: relativeError)
    let values = method.sums.values(mass: counts.mass, workers: workers)
    return DensityEstimate(grid: grid, values: values, provenance: provenance)
  }

  /// The density as a function that can be read anywhere between grid points; `nil` where it was summed
  /// on the grid points alone.
  ///
  /// - Throws: a ``Diagnostic`` where there are no points, or all of mass 0.
  package func function() throws -> FourierDensity<Scalar>? {
    guard counts.count > 0 else { throw SampleFault.empty }
    guard counts.mass > 0 else { throw SampleFault.massless }
    switch method {
    case .line(let sums): return sums.density(mass: counts.mass, workers: workers)
    case .window(let sums): return sums.density(mass: counts.mass, workers: workers)
    case .local: return nil
    }
  }
}
