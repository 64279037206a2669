import DataIO
import Kernels
import LinearAlgebra

/// How far the matrix of a kernel on the training points is from positive definite, as it is stored.
public struct KernelSpectrum: Sendable, Equatable {
  /// The smallest eigenvalue, which rounding may leave below zero.
  public let minimumEigenvalue: Double
  /// The largest eigenvalue.
  public let maximumEigenvalue: Double
  /// The smallest multiple of the mean diagonal, of a series from 0 to 1e-6, that has to be added to the
  /// diagonal for a Cholesky factorization to exist; `nil` where none of them suffices.
  public let relativeJitter: Double?

  /// Points up to which it is computed unasked: about a second.
  static let automaticPoints = 1000

  /// Cost: 9 n^3 operations, on one thread.
  ///
  /// `nil` where an element is not finite, or there are no points.
  init?(_ matrix: Matrix<Double>) {
    guard matrix.rows > 0, let eigen = SymmetricEigen(matrix) else { return nil }
    self.init(matrix, eigenvalues: eigen.values)
  }

  /// With the eigenvalues of the matrix, ascending.
  ///
  /// Cost: n^3 / 3 operations for each jitter tried; 9 n^3 more where none suffices.
  init?(_ matrix: Matrix<Double>, eigenvalues: [Double]) {
    guard matrix.rows > 0, let process = GaussianProcess(covariance: matrix) else { return nil }
    minimumEigenvalue = eigenvalues.first!
    maximumEigenvalue = eigenvalues.last!
    switch process.factorization {
    case .cholesky(let jitter): relativeJitter = jitter
    case .eigenvalues: relativeJitter = nil
    }
  }

  /// Whether the matrix is so without anything added to its diagonal.
  public var isPositiveDefinite: Bool { minimumEigenvalue > 0 && relativeJitter == 0 }

  func attributes(_ kernel: String) -> [String: AttributeValue] {
    [
      "\(kernel)_minimum_eigenvalue": .double(minimumEigenvalue),
      "\(kernel)_maximum_eigenvalue": .double(maximumEigenvalue),
      // More than the largest that was tried.
      "\(kernel)_relative_jitter": .double(relativeJitter ?? .infinity),
    ]
  }
}
