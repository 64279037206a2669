import Density
import Foundation

extension DensityEstimate where Scalar == Double {
  /// The Kullback-Leibler divergence of this density from `other`, integral of p log(p / q), with q not
  /// below its own accuracy, and the mass of p where it is.
  ///
  /// Tails of kernel estimates below the accuracy of the sums (1e-12 of the peak) are rounding errors,
  /// zero or not by chance, and so would be the divergence. With the floor it is a lower bound of the
  /// exact one, close where the mass beyond is small.
  ///
  /// - Parameter isExact: as the cells of histograms are: the divergence is infinite then where only
  ///   `other` is empty.
  func divergence(
    from other: DensityEstimate, isExact: Bool
  ) -> (value: Double, massBeyond: Double) {
    precondition(grid == other.grid)
    let floor = isExact ? 0 : 1e-12 * (other.values.max() ?? 0)
    var sum = 0.0
    var beyond = 0.0
    for (p, q) in zip(values, other.values) where p > 0 {
      sum += p * log(max(p, floor) / max(q, floor))
      if q <= floor { beyond += p }
    }
    return (sum * grid.cellVolume, beyond * grid.cellVolume)
  }
}
