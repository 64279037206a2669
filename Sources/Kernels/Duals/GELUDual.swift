import Foundation

/// phi(z) = z Phi(z), with the normal distribution function Phi and density n (Tsuchida, Pearce,
/// van der Heide, Roosta, Gallagher, *Avoiding kernel fixed points: computing with ELU and GELU
/// infinite networks*, 2021; derived here).
///
/// Phi(u) = P(xi < u) for a standard normal xi: with (A, B) = (u - xi, v - xi'), of covariance I +
/// Q and determinant Delta^2 = 1 + q11 + q22 + (q11 q22 - q12^2),
///
///     H = E[Phi(u) Phi(v)] = P(A > 0, B > 0) = 1/4 + atan(q12 / Delta) / (2 pi)
///     N = E[n(u) n(v)] = density of (A, B) at 0 = 1 / (2 pi Delta)
///
/// Gaussian integration by parts, E[u F] = q11 E[F_u] + q12 E[F_v], gives
///
///     E[u n(u) Phi(v)]      = q12 N / (1 + q11)
///     E[u v n(u) n(v)]      = q12 N / Delta^2
///     E[u v Phi(u) Phi(v)]  = q12 H + N (q11 q22 Delta^2 + q12^2) / ((1 + q11)(1 + q22))
///
/// and, as phi' = Phi + z n,
///
///     E[phi' phi'] = H + q12 N (1 / (1 + q11) + 1 / (1 + q22) + 1 / Delta^2).
///
/// H is the angle atan2(Delta, -q12) over 2 pi, without a difference; Delta is a sum of positive
/// terms; products are ordered so that none overflows for large variances.
struct GELUDual: Sendable {
  func callAsFunction(_ pair: PairCovariance) -> DualValues {
    let (q11, q12, q22) = (pair.q11, pair.q12, pair.q22)
    let delta = hypot((1 + q11 + q22).squareRoot(), pair.rootDeterminant)
    let orthant = atan2(delta, -q12) / (2 * Double.pi)
    let density = 1 / (2 * Double.pi * delta)
    let (first, second) = (1 + q11, 1 + q22)
    let bracket = (q11 / first) * (q22 / second) * delta + (q12 / first) * (q12 / second) / delta
    let sum = q12 / first + q12 / second + (q12 / delta) / delta
    return DualValues(
      value: q12 * orthant + bracket / (2 * Double.pi), derivative: orthant + density * sum)
  }
}
