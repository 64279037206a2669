import Foundation

/// phi = sin, from E[cos(u - v)] = exp(-E[(u - v)^2] / 2):
///
///     E[sin u sin v] = exp(-(q11 + q22) / 2) sinh(q12)
///     E[cos u cos v] = exp(-(q11 + q22) / 2) cosh(q12)
///
/// Both hyperbolic functions are written with the larger exponential taken into the first factor,
/// whose exponent |q12| - (q11 + q22) / 2 is never positive: nothing overflows, and sinh keeps its
/// relative accuracy near zero.
struct SineDual: Sendable {
  func callAsFunction(_ pair: PairCovariance) -> DualValues {
    let magnitude = abs(pair.q12)
    let peak = exp(min(magnitude - (pair.q11 / 2 + pair.q22 / 2), 0)) / 2
    let value = -peak * expm1(-2 * magnitude)
    return DualValues(
      value: pair.q12 < 0 ? -value : value, derivative: peak * (1 + exp(-2 * magnitude)))
  }
}
