import Foundation

/// phi(z) = z for z >= 0 and a z below: linear (a = 1), ReLU (a = 0), leaky ReLU.
///
/// With t the angle between the inputs and c = (1 - a)^2 / (2 pi) (Cho, Saul, *Kernel methods for
/// deep learning*, 2009, arc-cosine kernels of degree 1 and 0, for a = 0),
///
///     E[phi' phi'] = a + c (pi - t),    E[phi phi] = c sqrt(q11 q22 - q12^2) + q12 E[phi' phi'].
///
/// pi - t is taken as an angle by itself: for ReLU at nearly opposite inputs the difference would
/// cancel.
struct PiecewiseLinearDual: Sendable {
  let negativeSlope: Double

  func callAsFunction(_ pair: PairCovariance) -> DualValues {
    let a = negativeSlope
    if pair.q11 == 0 || pair.q22 == 0 {
      // phi'(0) = 1 is the convention of `Activation`; the angle is not defined.
      let other = pair.q11 == 0 && pair.q22 == 0 ? 1 : (1 + a) / 2
      return DualValues(value: 0, derivative: other)
    }
    let c = (1 - a) * (1 - a) / (2 * Double.pi)
    let derivative = a + c * atan2(pair.rootDeterminant, -pair.q12)
    return DualValues(
      value: c * pair.rootDeterminant + pair.q12 * derivative, derivative: derivative)
  }
}
