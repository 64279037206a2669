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

  /// The densities of two of three axes, the third integrated out: what figures and tables need of it, no
  /// distances.
  ///
  /// - Parameter kept: places of axes, increasing.
  /// - Throws: as ``grid()``.
  public func marginal(of kept: [Int]) throws -> ProjectionDensity {
    let axes = kept.map { self.axes[$0] }
    var result = ProjectionDensity(
      identifier: "\(identifier)__of_\(axes.map(\.identifier).joined(separator: "__"))",
      expression: axes.map(\.label).joined(separator: ", "), axes: axes, steps: steps,
      density: try steps.indices.flatMap { try estimate(snapshot: $0).marginal(of: kept).values })
    (result.width, result.seeds) = (width, seeds)
    (result.estimator, result.bandwidthRule) = (estimator, bandwidthRule)
    (result.effectiveSampleSize, result.outsideCount) = (effectiveSampleSize, outsideCount)
    return result
  }
}
