import Foundation

extension DensityEstimate {
  /// The Kullback-Leibler divergence of this density p from another one q, the integral of p log(p / q),
  /// with neither taken below `accuracy` times the peak of q in the logarithm; and the mass of p where q is
  /// not above that.
  ///
  /// Tails of kernel estimates below the accuracy of the sums are rounding errors, zero or not by chance,
  /// and so would be the divergence. With the floor it is a lower bound, close to the exact one where the
  /// mass beyond is small. With accuracy 0 it is infinite where q vanishes and p does not.
  ///
  /// - Parameter accuracy: of both densities, relative to the peak. By default what their provenance says
  ///   of sums in Fourier space; 0 for kernels with an end and for histograms, whose zeros are exact; and
  ///   1e-12 where there is no provenance, as in densities read from files.
  public func kullbackLeiblerDivergence(
    from other: DensityEstimate, accuracy: Double? = nil
  ) -> (divergence: Double, massBeyond: Double) {
    precondition(grid == other.grid, "distances need one grid")
    precondition(isHistogram == other.isHistogram, "a histogram compares with histograms")
    let (p, q, volumes) = (heights, other.heights, volumes)
    let floor = (accuracy ?? max(self.accuracy, other.accuracy)) * (q.max() ?? 0)
    var sum = 0.0
    var beyond = 0.0
    for i in p.indices where p[i] > 0 {
      sum += p[i] * log(max(p[i], floor) / max(q[i], floor)) * volumes[i]
      if q[i] <= floor { beyond += p[i] * volumes[i] }
    }
    return (sum, beyond)
  }

  /// Where values are lost in errors, relative to the peak.
  private var accuracy: Double {
    if isHistogram { return 0 }
    guard let provenance else { return 1e-12 }
    return provenance.kernel == .gaussian ? provenance.relativeError : 0
  }
}
