import Foundation

/// The normal law with the mean and the unbiased variance (divisor n - 1) of a sample: of the logits
/// of one point over seeds.
///
/// The unbiased variance, as samples of different sizes are compared: that of maximum likelihood is
/// smaller by (n - 1) / n and would call a limit of few realizations narrower than nets of many seeds.
public struct GaussianFit: Sendable, Equatable {
  /// The mean of the sample.
  public let mean: Double
  /// The unbiased variance of the sample, at least 0.
  public let variance: Double

  /// - Parameter variance: zero for a law that does not fluctuate.
  public init(mean: Double, variance: Double) {
    precondition(!(variance < 0), "a variance of \(variance)")
    self.mean = mean
    self.variance = variance
  }

  /// `nil` for one value: a single seed says nothing of a variance.
  public init?(_ values: some Collection<Double>) {
    let moments = sampleMoments(values)
    guard let variance = moments.variance else { return nil }
    self.init(mean: moments.mean, variance: variance)
  }

  /// The Kullback-Leibler divergence D(this || reference), in nats:
  ///
  ///     log(s' / s) + (s^2 + (m - m')^2) / (2 s'^2) - 1/2
  ///
  /// Nothing is regularized here: the divergence of a law that does not fluctuate from one that does,
  /// or the reverse, is infinite; two equal laws without variance are at divergence zero.
  public func divergence(from reference: GaussianFit) -> Double {
    let gap = mean - reference.mean
    if variance == 0 || reference.variance == 0 {
      if gap.isNaN || variance.isNaN || reference.variance.isNaN { return .nan }
      return gap == 0 && variance == reference.variance ? 0 : .infinity
    }
    // Of nearly equal variances log(v'/v) + v/v' - 1 is a small difference of numbers near 1.
    let excess = (variance - reference.variance) / reference.variance
    return excessOverLogarithm(excess) + gap * gap / (2 * reference.variance)
  }

  /// The divergence to expect between the fits of two samples of one normal law, of `count` and
  /// `referenceCount` values: the sampling floor, whatever the law. `nil` where there is no finite
  /// expectation (fewer than 2 values, or fewer than 4 of the reference).
  ///
  /// With nu = n - 1, nu' = n' - 1, E log s^2 = psi(nu/2) - log(nu/2), E 1/s'^2 = nu' / (nu' - 2), and
  /// E (m - m')^2 = 1/n + 1/n' (in units of the variance), as means and variances are independent:
  ///
  ///     2 E = [psi - log](nu'/2) - [psi - log](nu/2) + (1 + 1/n + 1/n') nu' / (nu' - 2) - 1
  public static func expectedDivergence(count: Int, referenceCount: Int) -> Double? {
    guard count >= 2, referenceCount >= 4 else { return nil }
    let degrees = Double(count - 1)
    let reference = Double(referenceCount - 1)
    let spread = 1 + 1 / Double(count) + 1 / Double(referenceCount)
    return
      (digammaMinusLogarithm(reference / 2) - digammaMinusLogarithm(degrees / 2)
      + spread * reference / (reference - 2) - 1) / 2
  }

  /// The same of two samples of `count` pairs whose values correlate: of networks of two widths that share
  /// their seeds, and with them their first neurons. `nil` with fewer than 4 pairs.
  ///
  /// The values y of one sample are rho x + sqrt(1 - rho^2) z of the other's x and independent z (in units of
  /// the deviation). Logarithms of the variances cancel; given x, with nu = n - 1, the sum of squares of y is on
  /// average rho^2 that of x + (1 - rho^2) nu, and the mean of y - x has the variance 2 (1 - rho) / n,
  /// independently of the squares of x, of which E 1/s'^2 = nu / (nu - 2):
  ///
  ///     E = (1 - rho^2) / (nu - 2) + (1 - rho) / n nu / (nu - 2)
  ///
  /// With rho = 0 it is ``expectedDivergence(count:referenceCount:)``, with 1 it is zero.
  public static func expectedDivergence(pairs count: Int, correlation: Double) -> Double? {
    precondition(!(abs(correlation) > 1), "a correlation of \(correlation)")
    guard count >= 4 else { return nil }
    let degrees = Double(count - 1)
    return (1 - correlation * correlation) / (degrees - 2)
      + (1 - correlation) / Double(count) * degrees / (degrees - 2)
  }
}

/// (u - log(1 + u)) / 2 for u > -1: half the divergence of t = 1 + u from 1 that the convex -log has.
/// Relative error of a few units in the last place, also for small u, where the terms cancel.
func excessOverLogarithm(_ u: Double) -> Double {
  if abs(u) > 0.05 { return (u - log1p(u)) / 2 }
  // u^2/2 - u^3/3 + ...: twelve terms reach 0.05^13 below the first.
  var sum = 0.0
  for k in stride(from: 14, through: 2, by: -1) { sum = 1 / Double(k) - u * sum }
  return u * u * sum / 2
}
