import Foundation

/// phi = erf (Williams, *Computing with infinite networks*, 1997):
///
///     E[phi phi] = (2/pi) asin(2 q12 / sqrt((1 + 2 q11)(1 + 2 q22))),    E[phi' phi'] = 4 / (pi D)
///
/// with D^2 = (1 + 2 q11)(1 + 2 q22) - 4 q12^2 = 1 + 2 q11 + 2 q22 + 4 (q11 q22 - q12^2). The
/// arcsine is evaluated as atan2(2 q12, D), which keeps its accuracy near +-pi/2, and D from the
/// second form, a sum of positive terms.
struct ErfDual: Sendable {
  func callAsFunction(_ pair: PairCovariance) -> DualValues {
    let d = hypot((1 + 2 * pair.q11 + 2 * pair.q22).squareRoot(), 2 * pair.rootDeterminant)
    return DualValues(
      value: 2 / Double.pi * atan2(2 * pair.q12, d), derivative: 4 / (Double.pi * d))
  }
}
