import Foundation

/// The law of the random variable T over which an activation is smoothed, E phi(u + tau T);
/// symmetric, of variance 1.
public enum SmoothingLaw: Sendable, Equatable {
  /// T is standard normal: the part w_perp . x_perp of a preactivation outside the span of the
  /// training inputs, in units of its standard deviation tau.
  case gaussian
  /// T is sqrt(p / (p + 2)) times a Student variable with p + 2 degrees of freedom, where p is the
  /// number of coordinates of a particle (a, w) whose radius is integrated out; p >= 1.
  ///
  /// In units of its standard deviations a Gaussian particle is c g, with g uniform on the sphere of
  /// radius sqrt(p) and c^2 ~ chi^2_p / p independent of it. For a positively homogeneous phi the
  /// path from c (a, w) is c times the path from (a, w): with (a, u) the output weight and
  /// preactivation on the path from g, the particle contributes
  ///
  ///     E[c a phi(c u + tau xi)] = a E[c^2 phi(u + tau xi / c)],   xi standard normal.
  ///
  /// As E c^2 = 1, weighting by c^2 is a change of the law of c, and turns the density of chi^2_p,
  /// proportional to x^(p/2 - 1) exp(-x/2), into that of chi^2_(p+2): then
  /// xi / c = xi / sqrt(chi^2_(p+2) / p) = sqrt(p / (p + 2)) t_(p+2) = T, of variance
  /// p / (p + 2) (p + 2) / p = 1 and density proportional to (1 + t^2 / p)^(-(p + 3) / 2).
  ///
  /// The terms of the tangent kernel's diagonal have degree two in (a, w) also:
  ///
  ///     E[phi(c u + tau xi)^2]           = E[c^2 phi(u + tau xi / c)^2]      = E phi(u + tau T)^2
  ///     E[(c a)^2 phi'(c u + tau xi)^2]  = a^2 E[c^2 phi'(u + tau xi / c)^2] = a^2 E phi'(u + tau T)^2
  ///
  /// as phi' has degree zero.
  case student(coordinates: Int)

  /// The density of T but for a constant factor.
  func unnormalizedDensity(_ t: Double) -> Double {
    switch self {
    case .gaussian: exp(-t * t / 2)
    case .student(let coordinates):
      exp(-Double(coordinates + 3) / 2 * log1p(t * t / Double(coordinates)))
    }
  }
}
