import LinearAlgebra

/// How far the laws are that logits of networks and of a limit have over seeds: the root mean square over
/// points and outputs of the Wasserstein-2 distance between Gaussian fits,
///
///     W2^2 = (m - m')^2 + (s - s')^2.
///
/// It compares laws, as the Kullback-Leibler divergence of the same fits does, and is finite also for a
/// limit that does not fluctuate (s' = 0), so that it tells such limits apart from random ones. In the unit
/// of the logits.
public enum GaussianLawDistance {
  /// - Parameters:
  ///   - networks: a row for every seed.
  ///   - limit: a row for every realization; one row is a law without variance.
  /// - Returns: `nil` with one seed.
  public static func rms(_ networks: Matrix<Double>, limit: Matrix<Double>) -> Double? {
    precondition(networks.columns == limit.columns, "as many points of limit and networks")
    let (a, b) = (SeedMoments(networks), SeedMoments(limit))
    guard let variances = a.variances else { return nil }
    let others = b.variances ?? Array(repeating: 0, count: limit.columns)
    var sum = 0.0
    for i in variances.indices {
      let mean = a.means[i] - b.means[i]
      let spread = variances[i].squareRoot() - others[i].squareRoot()
      sum += mean * mean + spread * spread
    }
    return (sum / Double(variances.count)).squareRoot()
  }
}
