public import Density

extension ProjectionDensity {
  /// The grid of the densities.
  ///
  /// - Throws: `Diagnostic` where the axes are no regular grid.
  public func grid() throws -> DensityGrid {
    DensityGrid(
      try axes.map {
        try DensityGrid.Axis(
          lower: $0.points.first!, upper: $0.points.last!, count: $0.points.count)
      })
  }

  /// The density of one snapshot, to evaluate anywhere, to integrate and to compare.
  ///
  /// - Throws: as ``grid()``.
  public func estimate(snapshot: Int) throws -> DensityEstimate<Double> {
    DensityEstimate(
      grid: try grid(), values: density(snapshot: snapshot), isHistogram: isHistogram)
  }
}
