import Foundation

/// Distances between two densities on one grid, with the quadrature of
/// ``DensityEstimate/integral``. Values below zero count as zero. (The Kullback-Leibler divergence has a file
/// of its own.)
extension DensityEstimate {
  /// The integral of |p - q|.
  public func l1Distance(to other: DensityEstimate) -> Double {
    integral(with: other) { abs($0 - $1) }
  }

  /// The square root of the integral of (p - q)^2.
  public func l2Distance(to other: DensityEstimate) -> Double {
    integral(with: other) { ($0 - $1) * ($0 - $1) }.squareRoot()
  }

  /// The square root of half the integral of (sqrt p - sqrt q)^2: between 0 and 1.
  public func hellingerDistance(to other: DensityEstimate) -> Double {
    let square = integral(with: other) { p, q in
      let difference = p.squareRoot() - q.squareRoot()
      return difference * difference
    }
    return (square / 2).squareRoot()
  }

  private func integral(with other: DensityEstimate, _ term: (Double, Double) -> Double)
    -> Double
  {
    precondition(grid == other.grid, "distances need one grid")
    precondition(isHistogram == other.isHistogram, "a histogram compares with histograms")
    let (p, q, volumes) = (heights, other.heights, volumes)
    return p.indices.reduce(0) { $0 + term(p[$1], q[$1]) * volumes[$1] }
  }
}
