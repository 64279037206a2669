/// The covariances of a centred Gaussian pair (u, v), the preactivations of one neuron at two
/// inputs.
public struct PairCovariance: Sendable, Equatable {
  /// E[u^2].
  public let q11: Double
  /// E[u v].
  public let q12: Double
  /// E[v^2].
  public let q22: Double
  /// sqrt(q11 q22 - q12^2) = sqrt(q11 q22) sin(t), where t is the angle between the inputs.
  package let rootDeterminant: Double

  /// A pair whose determinant is taken from the covariances; what rounding puts below zero is zero.
  ///
  /// The determinant of nearly collinear inputs is lost to cancellation: rounding errors e of
  /// q12^2 / (q11 q22) leave an angle error e / t, and sqrt(e) where t = 0. Who has the inputs can
  /// do better: the initializer that takes the root of the determinant.
  public init(q11: Double, q12: Double, q22: Double) {
    // Not q >= 0: what is not a number passes through, and shows in the result.
    precondition(!(q11 < 0) && !(q22 < 0), "variances \(q11), \(q22)")
    // Powers of two, exact, take both variances near 1, so that no product over- or underflows.
    let left = -Self.halfExponent(q11)
    let right = -Self.halfExponent(q22)
    let first = Self.scaled(q11, by: 2 * left)
    let second = Self.scaled(q22, by: 2 * right)
    let mixed = Self.scaled(q12, by: left + right)
    let determinant = max(first * second - mixed * mixed, 0)
    self.init(
      q11: q11, q12: q12, q22: q22,
      rootDeterminant: Self.scaled(determinant.squareRoot(), by: -left - right))
  }

  init(q11: Double, q12: Double, q22: Double, rootDeterminant: Double) {
    self.q11 = q11
    self.q12 = q12
    self.q22 = q22
    self.rootDeterminant = rootDeterminant
  }

  /// The pair (u, u).
  public init(variance q: Double) {
    self.init(q11: q, q12: q, q22: q, rootDeterminant: 0)
  }

  private static func halfExponent(_ q: Double) -> Int {
    // Rounds towards minus infinity, so that scaling by 2^(-2 k) leaves [1, 4).
    q > 0 ? Int(q.exponent) >> 1 : 0
  }

  private static func scaled(_ x: Double, by exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: x)
  }
}
