import Foundation

/// Distances between two densities on one grid, with the quadrature of
/// ``DensityEstimate/integral``. Values below zero count as zero.
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

  /// The integral of p log(p / q), p being this density: infinite where q vanishes and p does not.
  ///
  /// A Gaussian estimate never vanishes, but its values below its error are noise. There p counts as
  /// 0 and q as its error, so that far in the tails of q the result is a lower bound.
  public func kullbackLeiblerDivergence(from other: DensityEstimate) -> Double {
    let (floor, otherFloor) = (noise, other.noise)
    return integral(with: other) { p, q in
      p > floor ? p * log(p / max(q, otherFloor)) : 0
    }
  }

  /// Values that the error of a Gaussian estimate hides; 0 for others, whose zeros are exact.
  private var noise: Double {
    guard let provenance, provenance.kernel == .gaussian else { return 0 }
    return provenance.relativeError * (heights.max() ?? 0)
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
