import Foundation

/// Importance sampling in the output weight of a Gaussian law.
///
/// A particle's share in the logits is a phi(w x), and the noise that its input weights leave in them
/// grows with its initial output weight until training has moved that by more than its deviation.
/// Particles of small |a| say little then: they are drawn less often, from the density
///
///     q(a) = p(a) (s + (1 - s) |a| / E|a|),      E|a| = sqrt(2 / pi),
///
/// with p standard normal and s the `plainShare`, and stand for the mass p/q. The part s keeps the
/// masses below 1/s (a defensive mixture: Hesterberg 1995, Technometrics 37, 185). Noise of the variance
/// v(a) needs E_p[v] / E_p[v p/q] times fewer particles: 1.44 times for v = a^2, where the best density,
/// |a| p(a), has pi/2, and 0.83 times for a constant v.
///
/// Masses need not be carried along. The step map of a positively homogeneous activation is positively
/// homogeneous in (a, w) jointly, so that (c a, c w) moves along c times the path of (a, w) and
/// contributes c^2 times as much: a particle of mass m is (sqrt(m) a, sqrt(m) w) with mass one.
public enum OutputImportance {
  /// s, by measurement (documentation, "Designs of the initial sample").
  static let plainShare = 0.4

  private static let meanMagnitude = (2 / Double.pi).squareRoot()

  /// p/q of an output weight in standard deviations.
  public static func mass(_ a: Double) -> Double {
    1 / (plainShare + (1 - plainShare) * abs(a) / meanMagnitude)
  }

  /// The quantile of q where a standard normal variable is `x`: monotone and odd, so that evenly
  /// spread points stay evenly spread.
  ///
  /// The result y >= 0 for x = z >= 0 solves s Q(y) + (1 - s) exp(-y^2 / 2) = Q(z), where
  /// Q(y) = erfc(y / sqrt(2)) is the mass of both normal tails. The logarithm of the left side is concave
  /// and decreasing (q is log-concave beyond zero), and z is left of the root (q has the heavier tails):
  /// Newton's first step overshoots and the others fall to the root monotonically.
  public static func quantile(_ x: Double) -> Double {
    let target = bothTails(abs(x))
    precondition(target > 0, "a standard normal quantile, not \(x)")
    var y = abs(x)
    var change = Double.infinity
    repeat {
      let gaussian = exp(-y * y / 2)
      let value = plainShare * bothTails(y) + (1 - plainShare) * gaussian
      let slope = gaussian * (plainShare * meanMagnitude + (1 - plainShare) * y)
      let next = max(0, y + log(value / target) * value / slope)
      // Falling no more, after the first step, is the end: rounding.
      if change < 0, next >= y { break }
      change = next - y
      y = next
    } while abs(change) > 1e-15 * y
    return x < 0 ? -y : y
  }

  private static func bothTails(_ y: Double) -> Double { erfc(y / 2.0.squareRoot()) }
}
