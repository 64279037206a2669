import Foundation

/// The Beta law with the mean and the variance of a sample of probabilities: of the class probability
/// of one point over seeds.
///
/// By moments, with the divisor n: as v = mean(p^2) - mean(p)^2, the sum of the parameters is
///
///     a + b = mean(p) (1 - mean(p)) / v - 1 = mean(p (1 - p)) / v,
///
/// which is positive for any sample and free of cancellation. The divisor n - 1 would give negative
/// parameters for some samples (0.01 and 0.99).
public struct BetaFit: Sendable, Equatable {
  /// Mean probability of the class.
  public let mean: Double
  /// Mean of one minus the probability, kept apart as it may be far below the rounding of ``mean``.
  public let complement: Double
  /// a + b: infinite for a sample without variance, zero for one of zeros and ones alone.
  public let concentration: Double

  /// The parameter a of the density x^(a - 1) (1 - x)^(b - 1) / B(a, b).
  public var a: Double { mean * concentration }
  /// The parameter b of the same density.
  public var b: Double { complement * concentration }

  /// The law with parameters `a` and `b`, both positive.
  public init(a: Double, b: Double) {
    precondition(a > 0 && b > 0, "parameters \(a) and \(b)")
    mean = a / (a + b)
    complement = b / (a + b)
    concentration = a + b
  }

  /// From logits f, where p = 1 / (1 + exp(-f)) and 1 - p keep their digits however large |f| is.
  /// `nil` for one value: a single seed says nothing of a variance.
  public init?(logits: some Collection<Double>) {
    guard logits.count > 1 else { return nil }
    let count = Double(logits.count)
    let p = logits.map { 1 / (1 + exp(-$0)) }
    let q = logits.map { 1 / (1 + exp($0)) }
    mean = p.reduce(0, +) / count
    complement = q.reduce(0, +) / count
    // Both have the same variance; the smaller of the two has more digits to tell it by.
    let (sample, center) = mean < complement ? (p, mean) : (q, complement)
    var variance = 0.0
    for value in sample { variance += (value - center) * (value - center) / count }
    var product = 0.0
    for (p, q) in zip(p, q) { product += p * q / count }
    // Equal logits have a mean that rounding may move away from them.
    let first = logits.first
    concentration = logits.allSatisfy { $0 == first } ? .infinity : product / variance
  }

  /// The Kullback-Leibler divergence D(this || reference), in nats:
  ///
  ///     log B(a', b') - log B(a, b) + (a - a') psi(a) + (b - b') psi(b) - (s - s') psi(s),  s = a + b
  ///
  /// Nothing is regularized: it is infinite where one of the laws is without variance and the other is
  /// not the same. Evaluated as G(a', a) + G(b', b) - G(s', s) with the divergence G(y, x) = log
  /// Gamma(y) - log Gamma(x) - (y - x) psi(x) of the convex log Gamma, in which the large terms of
  /// Stirling's formula are combined by hand (to s' times the divergence of two coins): narrow laws have
  /// parameters of 1e8 and more, where the formula as written loses all digits.
  public func divergence(from reference: BetaFit) -> Double {
    let parameters = [a, b, reference.a, reference.b]
    if parameters.contains(where: \.isNaN) { return self == reference ? 0 : .nan }
    guard parameters.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      return self == reference ? 0 : .infinity
    }
    let shift = Int(stirlingBound)
    return Self.coins(from: self, reference, shift: stirlingBound)
      + Self.smallTerms(reference.a, a, shift: shift)
      + Self.smallTerms(reference.b, b, shift: shift)
      - Self.smallTerms(
        reference.concentration, concentration, shift: 2 * shift)
  }

  /// s' D(p' || p) of coins with p = a / s, after adding `shift` to every parameter: what the terms
  /// x log x - x of log Gamma add up to.
  private static func coins(from law: BetaFit, _ reference: BetaFit, shift: Double) -> Double {
    let (a, b) = (law.a + shift, law.b + shift)
    let (a1, b1) = (reference.a + shift, reference.b + shift)
    let s1 = a1 + b1
    // p' - p = (a' b - a b') / (s s'), without the rounding of two quotients.
    let difference = (a1 * b - a * b1) / (a + b)
    // Sum of s' p phi(p'/p), phi(t) = t log t - t + 1.
    return a * s1 / (a + b) * relativeEntropy(difference / (a * s1 / (a + b)))
      + b * s1 / (a + b) * relativeEntropy(-difference / (b * s1 / (a + b)))
  }

  /// (1 + u) log(1 + u) - u without cancellation: (1 + u) times what -log(1/t) has in excess.
  private static func relativeEntropy(_ u: Double) -> Double {
    // With t = 1 + u: t log t - t + 1 = t (1/t - 1 - log(1/t)).
    2 * (1 + u) * excessOverLogarithm(-u / (1 + u))
  }

  /// G(y, x) but for its terms x log x - x, of y and x raised by `shift`: from -log(x) / 2 and the
  /// remainder of Stirling's formula there, and from the steps log Gamma(x) = log Gamma(x + 1) - log x.
  private static func smallTerms(_ y: Double, _ x: Double, shift: Int) -> Double {
    var sum = 0.0
    for k in 0..<shift { sum += 2 * excessOverLogarithm((y - x) / (x + Double(k))) }
    let (top, bottom) = (y + Double(shift), x + Double(shift))
    let (r, r1) = (stirlingRemainder(bottom), stirlingRemainder(top))
    return sum + excessOverLogarithm((y - x) / bottom)
      + (r1.value - r.value - (y - x) * r.derivative)
  }
}
