import Execution

/// A way to sum the kernels of many points on a grid.
protocol KernelSums<Scalar>: AnyObject {
  associatedtype Scalar: DensityScalar
  /// Adds checked points.
  func add(_ block: PointBlock<Scalar>, workers: Workers)
  /// Sums of masses times kernels at all grid points, the kernels with their norms, divided by
  /// `mass`.
  func values(mass: Double, workers: Workers) -> [Scalar]
}
