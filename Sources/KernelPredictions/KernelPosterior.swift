import Execution
import LinearAlgebra

/// The Bayesian network of infinite width: the posterior of f ~ N(0, K) given targets Y at the training
/// points X, Gaussian noise of variance s^2 on each (Lee et al. 2018, arXiv 1711.00165, equations 8 and 9; also the ridge
/// regression with the kernel K):
///
///     mean = K(x, X) (K(X, X) + s^2)^{-1} Y
///     Cov  = K(x, x') - K(x, X) (K(X, X) + s^2)^{-1} K(X, x')
///
/// of the function, to which s^2 comes for a new label. In the directions that ``KernelEigenbasis`` leaves out
/// nothing is learned: it is the posterior given the other combinations of targets.
///
/// Cost: 2 p n^2 operations for p points.
public struct KernelPosterior: Sendable {
  /// Of K(X, X), with the noise.
  public let basis: KernelEigenbasis
  private let workers: Workers

  /// The posterior under the prior covariance that `basis` has, with its noise.
  public init(_ basis: KernelEigenbasis, workers: Workers = Workers(count: 1)) {
    self.basis = basis
    self.workers = workers
  }

  /// 1 / (lambda + s^2), or 0 in the directions left out.
  private var inverses: [Double] {
    basis.values.indices.map { basis.isKept($0) ? 1 / (basis.values[$0] + basis.noise) : 0 }
  }

  /// At points other than the training points.
  ///
  /// - Parameters:
  ///   - across: K(x, X), one point a row.
  ///   - prior: K(x, x').
  ///   - targets: Y (n x C).
  /// - Returns: with the covariance where the prior is full.
  public func prediction(
    across: Matrix<Double>, prior: PriorCovariance, targets: Matrix<Double>
  ) -> GaussianPrediction {
    let own = across.times(transposed: basis.vectors, workers: workers)
    let weights = own.scalingColumns(by: inverses)
    let explained = weights.rowProducts(own)
    var covariance = prior.matrix
    if covariance != nil {
      let matrix = weights.times(transposed: own, workers: workers)
      for i in matrix.elements.indices { covariance!.elements[i] -= matrix.elements[i] }
    }
    return GaussianPrediction(
      mean: weights.times(basis.vectors.times(targets), workers: workers),
      variances: nonNegative(zip(prior.variances, explained).map { $0 - $1 }),
      covariance: covariance)
  }

  /// At the training points: along each eigenvector the mean is lambda / (lambda + s^2) of the target's, the
  /// variance lambda s^2 / (lambda + s^2), or lambda where the direction is left out.
  public func trainingPrediction(targets: Matrix<Double>) -> GaussianPrediction {
    let inverses = inverses
    let values = basis.values.map { max($0, 0) }
    let shrunk = basis.vectors.times(targets)
      .scalingRows(by: zip(values, inverses).map { $0 * $1 })
    let left = values.indices.map {
      basis.isKept($0) ? values[$0] * basis.noise * inverses[$0] : values[$0]
    }
    let columns = basis.vectors.transposed()
    return GaussianPrediction(
      mean: columns.times(shrunk, workers: workers),
      variances: columns.scalingColumns(by: left).rowProducts(columns), covariance: nil)
  }
}
