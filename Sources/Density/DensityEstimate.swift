import Foundation

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
    /// Bound on the difference from the direct sum over all points, relative to the peak of the
    /// density (which a grid away from the sample misses).
    public var relativeError: Double
  }

  /// Where the values are.
  public let grid: DensityGrid
  /// Values with the last axis fastest. Their integral over all space is 1; over the grid it is 1
  /// less what lies outside. Where a smooth density is far below its peak, values may be negative
  /// by as much as its error.
  public let values: [Scalar]
  /// `nil` of densities read from files.
  public let provenance: Provenance?
  /// Whether values are means over the cells around grid points rather than values there.
  public let isHistogram: Bool

  /// Wraps values on a grid, as read from a file for example.
  package init(
    grid: DensityGrid, values: [Scalar], isHistogram: Bool = false, provenance: Provenance? = nil
  ) {
    precondition(values.count == grid.count, "\(values.count) values on \(grid.count) points")
    self.grid = grid
    self.values = values
    self.isHistogram = isHistogram
    self.provenance = provenance
  }

  /// The values in double precision, negative ones as 0.
  var heights: [Double] {
    let wide = [Double](unsafeUninitializedCapacity: values.count) { buffer, count in
      Scalar.widen(values, count: values.count, to: buffer.baseAddress!)
      count = values.count
    }
    return wide.map { max(0, $0) }
  }

  /// The volume that each grid point stands for in integrals (see ``DensityGrid/Axis``).
  var volumes: [Double] {
    var volumes = [1.0]
    for axis in grid.axes {
      let lengths = isHistogram ? axis.cellLengths : axis.quadratureWeights
      volumes = volumes.flatMap { volume in lengths.map { volume * $0 } }
    }
    return volumes
  }

  /// The integral over the grid: 1 where nothing lies outside. Fourth order in the spacing for
  /// densities cut off by the ends of the grid, spectrally accurate for those that vanish there.
  public var integral: Double {
    zip(heights, volumes).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The differential entropy, minus the integral of p log p over the grid, in nats.
  public var entropy: Double {
    zip(heights, volumes).reduce(0) { sum, term in
      term.0 > 0 ? sum - term.0 * log(term.0) * term.1 : sum
    }
  }

  /// The density of some of the coordinates, in ascending order: the integral over the others.
  public func marginal(of axes: [Int]) -> DensityEstimate {
    precondition(!axes.isEmpty && axes == axes.sorted() && Set(axes).count == axes.count)
    precondition(axes.allSatisfy { (0..<grid.dimensions).contains($0) })
    let kept = DensityGrid(axes.map { grid.axes[$0] })
    let lengths = grid.axes.enumerated().map { index, axis in
      axes.contains(index)
        ? Array(repeating: 1, count: axis.count)
        : isHistogram ? axis.cellLengths : axis.quadratureWeights
    }
    var sums = [Double](repeating: 0, count: kept.count)
    for (index, height) in heights.enumerated() {
      var rest = index
      var target = 0
      var stride = 1
      var term = height
      for axis in (0..<grid.dimensions).reversed() {
        let place = rest % grid.axes[axis].count
        rest /= grid.axes[axis].count
        term *= lengths[axis][place]
        if axes.contains(axis) {
          target += place * stride
          stride *= grid.axes[axis].count
        }
      }
      sums[target] += term
    }
    return DensityEstimate(
      grid: kept, values: sums.map { Scalar($0) }, isHistogram: isHistogram)
  }
}

extension DensityGrid.Axis {
  var cellLengths: [Double] { Array(repeating: spacing, count: count) }

  /// Weights of Gregory's rule of fourth order: the trapezoidal rule, which is spectrally accurate
  /// for what vanishes at both ends, with end weights 3/8, 7/6, 23/24; the trapezoidal rule itself
  /// for fewer than six points.
  var quadratureWeights: [Double] {
    var weights = cellLengths
    let ends: [Double] = count < 6 ? [0.5] : [0.375, 7.0 / 6, 23.0 / 24]
    for (place, weight) in ends.enumerated() {
      weights[place] = weight * spacing
      weights[count - 1 - place] = weight * spacing
    }
    return weights
  }
}
