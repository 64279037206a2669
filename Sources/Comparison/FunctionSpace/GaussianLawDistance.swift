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

  /// The distance to expect between two samples of one normal law, of `count` and `referenceCount` values: the
  /// root of the expected square. `nil` for a single value.
  ///
  /// With E s = c4(n) sigma (Kenney, Keeping, *Mathematics of Statistics* II, 1951, section 7.8), and means and
  /// deviations of both samples independent:
  ///
  ///     E W2^2 = sigma^2 (1/n + 1/n' + 2 - 2 c4(n) c4(n'))
  ///
  /// - Parameter deviation: sigma, root mean square over points.
  public static func expected(deviation: Double, count: Int, referenceCount: Int) -> Double? {
    guard count >= 2, referenceCount >= 2 else { return nil }
    let spread = 2 - 2 * shareOfDeviation(count) * shareOfDeviation(referenceCount)
    return deviation * (1 / Double(count) + 1 / Double(referenceCount) + spread).squareRoot()
  }

  /// c4(n) = sqrt(2 / (n - 1)) Gamma(n / 2) / Gamma((n - 1) / 2), by r(n + 1) = (n - 1) / (2 r(n)) of the
  /// quotients r(n) from r(2) = 1 / sqrt(pi).
  static func shareOfDeviation(_ count: Int) -> Double {
    precondition(count >= 2, "a deviation of \(count) values")
    var quotient = 1 / Double.pi.squareRoot()
    for n in 2..<max(count, 2) { quotient = Double(n - 1) / 2 / quotient }
    return (2 / Double(count - 1)).squareRoot() * quotient
  }
}
