import LinearAlgebra

/// The two kernels of a network at initialization, between the points of two sets (rows x columns).
public struct KernelMatrices: Sendable, Equatable {
  /// The covariance of the initial function f_0 of the reference network, in the limit of infinite
  /// width ("NNGP").
  public let covariance: Matrix<Double>
  /// The tangent kernel K of f_{k+1}(x) = f_k(x) - sum_i K(x, x_i) g_i: learning rates included.
  public let tangent: Matrix<Double>
  /// Largest estimated absolute error of an element of either by quadrature; zero for closed forms.
  public let quadratureError: Double
}

/// The diagonals of ``KernelMatrices`` for one set of points.
package struct KernelDiagonals: Sendable, Equatable {
  package let covariance: [Double]
  package let tangent: [Double]
  let quadratureError: Double
}
