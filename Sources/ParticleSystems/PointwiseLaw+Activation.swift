private import CKernels
import Networks

extension PointwiseLaw where Scalar: BinaryFloatingPoint {
  /// The compiled form of an activation.
  package init(_ activation: Activation) {
    switch activation {
    case .erf: self.init(kind: IW_ERF, slope: 0)
    case .tanh: self.init(kind: IW_TANH, slope: 0)
    case .gelu: self.init(kind: IW_GELU, slope: 0)
    case .sin: self.init(kind: IW_SIN, slope: 0)
    case .softplus: self.init(kind: IW_SOFTPLUS, slope: 0)
    case .linear, .relu, .leakyReLU:
      self.init(kind: IW_PIECEWISE_LINEAR, slope: Scalar(activation.negativeSlope!))
    }
  }

  /// phi(z) = z, for values that an activation has gone through already.
  static var identity: Self { Self(kind: IW_PIECEWISE_LINEAR, slope: 1) }

  /// Whether phi' takes two values, told apart by the sign of z, and sum_i g_i phi(w x_i) = w . v.
  var isPiecewiseLinear: Bool { kind == IW_PIECEWISE_LINEAR }
}
