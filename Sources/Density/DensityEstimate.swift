/// A density on a grid.
public struct DensityEstimate<Scalar: DensityScalar>: Sendable {
  /// How the values came about and how exact they are.
  public struct Provenance: Sendable {
    /// `nil` for a histogram.
    public var kernel: SmoothingKernel?
    /// `nil` for a histogram.
    public var bandwidth: Bandwidth?
    /// Points of the sample.
    public var count: Int
    /// Sum of their masses: the values are divided by it.
    public var mass: Double
    /// (sum m)^2 / sum m^2.
    public var effectiveSize: Double
    /// Points outside the grid's bounds.
    public var outsideCount: Int
    /// Their part of the mass.
    public var outsideShare: Double
    /// Bound on the difference from the direct sum over all points, relative to the height of one
    /// kernel (to the peak, in practice); rounding of the values to `Scalar` not included.
    public var relativeError: Double
  }

  public let grid: DensityGrid
  /// Values with the last axis fastest. Their integral over all space is 1; over the grid it is 1
  /// less what lies outside.
  public let values: [Scalar]
  public let provenance: Provenance?

  /// Wraps values on a grid, as read from a file for example.
  public init(grid: DensityGrid, values: [Scalar], provenance: Provenance? = nil) {
    precondition(values.count == grid.count, "\(values.count) values on \(grid.count) points")
    self.grid = grid
    self.values = values
    self.provenance = provenance
  }
}
