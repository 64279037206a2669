/// The two expectations of an activation over a Gaussian pair that make a hidden layer's kernels.
public struct DualValues: Sendable, Equatable {
  /// E[phi(u) phi(v)].
  public let value: Double
  /// E[phi'(u) phi'(v)], the derivative of `value` by the covariance q12.
  public let derivative: Double
  /// Estimated absolute error of either by quadrature; zero for closed forms, whose only error is
  /// rounding.
  public let quadratureError: Double

  init(value: Double, derivative: Double, quadratureError: Double = 0) {
    self.value = value
    self.derivative = derivative
    self.quadratureError = quadratureError
  }
}
