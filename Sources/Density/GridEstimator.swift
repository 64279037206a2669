/// What turns a stream of weighted points into a density on a grid: ``DensityEstimator`` and
/// ``HistogramEstimator``.
public protocol GridEstimator<Scalar>: AnyObject {
  /// The precision of points, masses and values.
  associatedtype Scalar: DensityScalar
  /// Where the density is wanted.
  var grid: DensityGrid { get }
  /// Adds a block of points (row-major) with their masses, by default 1 each.
  ///
  /// - Throws: a ``Diagnostic`` where a coordinate or mass is not a finite number, a mass is
  ///   negative or a point lies beyond a boundary; nothing of the block counts then.
  func add(
    _ points: UnsafeBufferPointer<Scalar>, masses: UnsafeBufferPointer<Scalar>?) throws
  /// The density of all points so far.
  ///
  /// - Throws: a ``Diagnostic`` where there are none, or all of mass 0.
  func estimate() throws -> DensityEstimate<Scalar>
}

extension GridEstimator {
  /// Adds a sample in memory.
  public func add(_ sample: WeightedSample<Scalar>) throws {
    precondition(sample.dimensions == grid.dimensions)
    try sample.points.withUnsafeBufferPointer { points in
      if let masses = sample.masses {
        try masses.withUnsafeBufferPointer { try add(points, masses: $0) }
      } else {
        try add(points, masses: nil)
      }
    }
  }
}
