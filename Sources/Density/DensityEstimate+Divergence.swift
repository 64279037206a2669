import Foundation

extension DensityEstimate {
  /// The Kullback-Leibler divergence of this density from `other`, the integral of p log(p / q), with
  /// neither taken below `accuracy` times the peak of q in the logarithm; and the mass of p where q is
  /// not above that.
  ///
  /// Tails of kernel estimates below the accuracy of the sums are rounding errors, zero or not by
  /// chance, and so would be the divergence. With the floor it is a lower bound, close to the exact one
  /// where the mass beyond is small; as ``kullbackLeiblerDivergence(from:)``, but also for densities read
  /// back from files. With accuracy 0, right for histograms, it is infinite where q vanishes and p does not.
  public func boundedDivergence(
    from other: DensityEstimate, accuracy: Double = 1e-12
  ) -> (divergence: Double, massBeyond: Double) {
    precondition(grid == other.grid, "distances need one grid")
    precondition(isHistogram == other.isHistogram, "a histogram compares with histograms")
    let (p, q, volumes) = (heights, other.heights, volumes)
    let floor = accuracy * (q.max() ?? 0)
    var sum = 0.0
    var beyond = 0.0
    for i in p.indices where p[i] > 0 {
      sum += p[i] * log(max(p[i], floor) / max(q[i], floor)) * volumes[i]
      if q[i] <= floor { beyond += p[i] * volumes[i] }
    }
    return (sum, beyond)
  }
}
