import LinearAlgebra

/// The two kernels of ``KernelMatrices`` as means over a sample, with the standard error of every
/// element.
public struct SampledKernelMatrices: Sendable, Equatable {
  /// Of the initial function, rows by columns.
  public let covariance: Matrix<Double>
  /// Of every element of ``covariance``.
  public let covarianceStandardError: Matrix<Double>
  /// The tangent kernel, learning rates included.
  public let tangent: Matrix<Double>
  /// Of every element of ``tangent``.
  public let tangentStandardError: Matrix<Double>
}
