import Foundation
import LinearAlgebra

/// Modes: local maxima that stand out.
extension DensityEstimate {
  /// A local maximum of the density that stands out.
  public struct Mode: Sendable, Equatable {
    /// One coordinate an axis, between grid points.
    public var position: [Double]
    /// The density there.
    public var value: Double
    /// Its height above the highest pass that leads to a higher mode; above 0 for the highest of all, and
    /// where there is no way but through zeros.
    public var prominence: Double
  }

  /// The modes by height, the highest first.
  ///
  /// A local maximum counts where its prominence, its persistence in the filtration by superlevel sets
  /// (Edelsbrunner and Harer, *Computational Topology*, 2010, section VII.1), is more than
  ///
  /// - `floor` times the peak: less is not seen in a figure; and
  /// - what sampling makes by chance. The variance of a kernel estimate is f R / (n sqrt|H|), R the integral
  ///   of the squared kernel of unit bandwidth (Silverman, *Density Estimation*, 1986, section 3.3) and n
  ///   the effective size. A band of q standard errors holds the density at every one of m independent places
  ///   with probability 1 - m exp(-q^2 / 2); m is the volume where the density is above the floor over that
  ///   of a kernel, sqrt|H| / R, plus one. Where summit and pass are farther apart than their bands are
  ///   wide, the law itself has a maximum, but for a chance of `risk` (a confidence set of the persistence
  ///   diagram: Fasy and others, *Annals of Statistics* 42, 2014, with bands that are local). Bandwidths
  ///   narrow enough to follow every point so report none of them. Samples placed more evenly than
  ///   independent draws have less noise than that. Without provenance, as in densities read from files, the
  ///   floor alone decides. The highest maximum always counts.
  ///
  /// A maximum is a grid point, moved along each axis to the top of the parabola through it and its two
  /// neighbours: second order in the spacing. Grid points on the edge count without being moved.
  ///
  /// Cost: a sort of the grid points, and 3^d comparisons for each.
  public func modes(floor: Double = 0.01, risk: Double = 0.05) -> [Mode] {
    precondition(floor >= 0 && risk > 0 && risk < 1)
    let heights = heights
    guard let peak = heights.max(), peak > 0 else { return [] }
    let noise = noise(heights, above: floor * peak, risk: risk)
    let highest = heights.firstIndex(of: peak)
    let neighbourhood = GridNeighbourhood(shape: grid.shape)
    return summits(of: heights, neighbourhood).compactMap { summit in
      let top = heights[summit.index]
      let band = noise * (top.squareRoot() + summit.pass.squareRoot())
      // A density has a mode, however few the points.
      guard summit.index == highest || top - summit.pass > max(floor * peak, band) else {
        return nil
      }
      return mode(at: summit, heights, neighbourhood)
    }.sorted { $0.value > $1.value }
  }

  /// q sqrt(R / (n sqrt|H|)): the half-width of the band where the density is 1; it grows like the root of
  /// the density.
  private func noise(_ heights: [Double], above level: Double, risk: Double) -> Double {
    guard let provenance else { return 0 }
    // 1 over the volume that a value is a mean over.
    let inverseVolume: Double
    if let kernel = provenance.kernel, let bandwidth = provenance.bandwidth {
      inverseVolume =
        kernel.roughness(dimensions: grid.dimensions) / bandwidth.determinant.squareRoot()
    } else {
      inverseVolume = 1 / grid.cellVolume
    }
    let cells = heights.reduce(0) { $0 + ($1 > level ? 1 : 0) }
    let places = 1 + Double(cells) * grid.cellVolume * inverseVolume
    return (2 * log(places / risk) * inverseVolume / provenance.effectiveSize).squareRoot()
  }

  private func mode(
    at summit: Summit, _ heights: [Double], _ neighbourhood: GridNeighbourhood
  ) -> Mode {
    let places = neighbourhood.places(summit.index)
    let height = heights[summit.index]
    var value = height
    let position = grid.axes.indices.map { axis in
      let x = grid.axes[axis].coordinate(places[axis])
      guard places[axis] > 0, places[axis] < grid.axes[axis].count - 1 else { return x }
      let left = heights[summit.index - neighbourhood.strides[axis]]
      let right = heights[summit.index + neighbourhood.strides[axis]]
      let curvature = left - 2 * height + right
      guard curvature < 0 else { return x }
      value -= (left - right) * (left - right) / (8 * curvature)
      return x + (left - right) / (2 * curvature) * grid.axes[axis].spacing
    }
    return Mode(position: position, value: value, prominence: value - summit.pass)
  }
}

extension SmoothingKernel {
  /// The integral over space of the square of the kernel of unit bandwidth.
  func roughness(dimensions: Int) -> Double {
    let line =
      switch self {
      case .gaussian: 1 / (2 * Double.pi.squareRoot())
      case .epanechnikov: 3 / (5 * support)
      case .triangular: 2 / (3 * support)
      case .biweight: 5 / (7 * support)
      case .box: 1 / (2 * support)
      }
    return pow(line, Double(dimensions))
  }
}

extension Bandwidth {
  /// Of the covariance matrix.
  var determinant: Double {
    guard case .factorized(let root) = Cholesky.factorize(covariance) else {
      preconditionFailure("bandwidths are positive definite")
    }
    return (0..<dimensions).reduce(1) { $0 * root.factor[$1, $1] * root.factor[$1, $1] }
  }
}
