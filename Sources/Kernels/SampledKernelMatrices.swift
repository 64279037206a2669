import LinearAlgebra

/// The two kernels of ``KernelMatrices`` as means over a sample, with the standard error of every
/// element.
public struct SampledKernelMatrices: Sendable, Equatable {
  public let covariance: Matrix<Double>
  public let covarianceStandardError: Matrix<Double>
  public let tangent: Matrix<Double>
  public let tangentStandardError: Matrix<Double>
}
