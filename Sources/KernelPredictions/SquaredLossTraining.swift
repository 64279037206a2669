import Foundation

/// How networks with a constant tangent kernel are trained on the squared loss, the mean over n points of
/// l = sum_c (f_c - y_c)^2 / 2. Along an eigenvector of eigenvalue lambda the residual f - y is multiplied by
/// a number that depends on lambda and on the time alone.
public enum SquaredLossTraining: Sendable, Equatable {
  /// f' = -(eta / n) Theta (f - y): the residual is exp(-eta lambda t / n) after the time t, in steps of the
  /// learning rate.
  case flow
  /// Steps of gradient descent, u_k = momentum u_{k-1} + (eta / n) Theta (f_k - y), f_{k+1} = f_k - u_k;
  /// times are whole numbers.
  case descent(momentum: Double)

  /// What training has done along one eigenvector.
  struct Progress: Equatable {
    /// rho: what is left of the residual.
    var residual: Double
    /// (1 - rho) / lambda.
    var gain: Double
  }

  /// - Parameters:
  ///   - eigenvalue: lambda > 0.
  ///   - time: in training steps; infinity is the end of training, where the residual vanishes.
  ///   - rate: eta / n.
  /// - Precondition: steps converge, where the time is infinite.
  func progress(eigenvalue: Double, time: Double, rate: Double) -> Progress {
    precondition(time >= 0)
    if time == .infinity { return Progress(residual: 0, gain: 1 / eigenvalue) }
    let speed = eigenvalue * rate
    switch self {
    case .flow:
      return Progress(
        residual: exp(-speed * time), gain: -expm1(-speed * time) / eigenvalue)
    case .descent(let momentum):
      let done = Self.movement(speed: speed, momentum: momentum, steps: Int(time))
      return Progress(residual: 1 - done, gain: done / eigenvalue)
    }
  }

  /// 1 - rho after k steps.
  ///
  /// Without momentum rho = (1 - a)^k, a the speed. With it the part m_k of the way that is done and the
  /// velocity u_k are (m, u) <- (m + u', u') with u' = momentum u + a (1 - m): the power of an affine map, by
  /// repeated squaring.
  private static func movement(speed a: Double, momentum: Double, steps: Int) -> Double {
    if momentum == 0 {
      return a < 1 ? -expm1(Double(steps) * log1p(-a)) : 1 - pow(1 - a, Double(steps))
    }
    var power = AffineMap(mm: 1 - a, mu: momentum, um: -a, uu: momentum, m: a, u: a)
    var point = (m: 0.0, u: 0.0)
    var rest = steps
    while rest > 0 {
      if rest & 1 == 1 { point = power(point) }
      power = power.squared
      rest >>= 1
    }
    return point.m
  }
}

/// (m, u) -> (mm m + mu u + m, um m + uu u + u)
private struct AffineMap {
  let mm, mu, um, uu, m, u: Double

  func callAsFunction(_ point: (m: Double, u: Double)) -> (m: Double, u: Double) {
    (mm * point.m + mu * point.u + m, um * point.m + uu * point.u + u)
  }

  var squared: AffineMap {
    let shift = self((m, u))
    return AffineMap(
      mm: mm * mm + mu * um, mu: mm * mu + mu * uu, um: um * mm + uu * um, uu: um * mu + uu * uu,
      m: shift.m, u: shift.u)
  }
}
