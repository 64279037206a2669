import Foundation

/// The nonlinearity phi of the hidden layer.
///
/// `value` and `derivative` are the plain reference in double precision; the particle loops use
/// compiled kernels (target `CKernels`) that are tested against them.
public enum Activation: Sendable, Equatable {
  /// phi(z) = z.
  case linear
  /// phi(z) = max(z, 0), with phi'(0) = 1.
  case relu
  /// phi(z) = z for z >= 0 and slope * z below, with phi'(0) = 1.
  case leakyReLU(slope: Double)
  /// phi(z) = erf(z).
  case erf
  /// phi(z) = tanh(z).
  case tanh
  /// phi(z) = z Phi(z), with the normal distribution function Phi: the exact GELU.
  case gelu
  /// phi(z) = sin(z).
  case sin
  /// phi(z) = log(1 + exp(z)).
  case softplus

  /// The slope below zero where phi is piecewise linear with slope 1 above, else `nil`.
  ///
  /// These activations are positively homogeneous: phi(c z) = c phi(z) for c > 0.
  public var negativeSlope: Double? {
    switch self {
    case .linear: 1
    case .relu: 0
    case .leakyReLU(let slope): slope
    case .erf, .tanh, .gelu, .sin, .softplus: nil
    }
  }

  /// phi(z).
  public func value(_ z: Double) -> Double {
    switch self {
    case .erf: Foundation.erf(z)
    case .tanh: Foundation.tanh(z)
    case .gelu: z * Self.normalDistribution(z)
    case .sin: Foundation.sin(z)
    case .softplus: max(z, 0) + log1p(exp(-abs(z)))
    case .linear, .relu, .leakyReLU: z >= 0 ? z : negativeSlope! * z
    }
  }

  /// phi'(z); at a kink the slope above it.
  public func derivative(_ z: Double) -> Double {
    switch self {
    case .erf: 2 / Double.pi.squareRoot() * exp(-z * z)
    case .tanh: 1 - Foundation.tanh(z) * Foundation.tanh(z)
    case .gelu:
      Self.normalDistribution(z) + z * exp(-z * z / 2) / (2 * Double.pi).squareRoot()
    case .sin: cos(z)
    // exp(-|z|) does not overflow.
    case .softplus: (z >= 0 ? 1 : exp(z)) / (1 + exp(-abs(z)))
    case .linear, .relu, .leakyReLU: z >= 0 ? 1 : negativeSlope!
    }
  }

  /// Phi(z), by the complementary error function: 1 + erf would cancel far below zero.
  private static func normalDistribution(_ z: Double) -> Double {
    erfc(-z * 0.5.squareRoot()) / 2
  }
}
