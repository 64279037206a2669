import Execution
import LinearAlgebra

/// Infinitely wide networks trained on the squared loss from random initial functions f_0 ~ N(0, K): their
/// functions at any time are a Gaussian process (Lee et al. 2019, arXiv 1902.06720, equations 14 to 16).
///
/// With the tangent kernel Theta = V^T diag(lambda) V among training points X, targets Y, and the progress
/// of ``SquaredLossTraining`` along each eigenvector, residual rho and gain (1 - rho) / lambda,
///
///     f_t(X) = f_0(X) + V^T diag(1 - rho) V (Y - f_0(X))
///     f_t(x) = f_0(x) + A (Y - f_0(X)),    A = Theta(x, X) V^T diag(gain) V
///     Cov f_t(x), f_t(x') = K(x, x') + A K(X, X) A'^T - A K(X, x') - K(x, X) A'^T
///
/// for each output by itself. In the directions that ``KernelEigenbasis`` leaves out, rho = 1 and the gain is
/// 0 at all times: functions stay there as they started.
///
/// Cost: 4 n^3 operations once; at each time 2 p n^2 for p points. Memory: 16 n^2 bytes beside the basis.
public struct TrainedEnsemble: Sendable {
  /// Of the tangent kernel Theta(X, X).
  public let basis: KernelEigenbasis
  /// eta / n.
  public let rate: Double
  /// In steps, or along the flow.
  public let training: SquaredLossTraining
  /// V K(X, X) V^T.
  private let initial: Matrix<Double>
  private let workers: Workers

  /// - Parameters:
  ///   - basis: of the tangent kernel, learning rate 1, without noise.
  ///   - initialCovariance: K(X, X).
  ///   - learningRate: eta.
  public init(
    _ basis: KernelEigenbasis, initialCovariance: Matrix<Double>, learningRate: Double,
    training: SquaredLossTraining = .flow, workers: Workers = Workers(count: 1)
  ) {
    precondition(basis.noise == 0 && initialCovariance.rows == basis.count)
    self.basis = basis
    rate = learningRate / Double(max(1, basis.count))
    self.training = training
    self.workers = workers
    initial = basis.vectors.times(
      initialCovariance.times(transposed: basis.vectors, workers: workers), workers: workers)
  }

  /// Points to predict, in the eigenvectors of the tangent kernel.
  public struct Points: Sendable {
    fileprivate let tangent: Matrix<Double>
    fileprivate let nngp: Matrix<Double>
    fileprivate let prior: PriorCovariance
  }

  /// - Parameters:
  ///   - tangent: Theta(x, X), one point a row.
  ///   - nngp: K(x, X).
  ///   - prior: K(x, x').
  public func points(
    tangent: Matrix<Double>, nngp: Matrix<Double>, prior: PriorCovariance
  ) -> Points {
    Points(
      tangent: tangent.times(transposed: basis.vectors, workers: workers),
      nngp: nngp.times(transposed: basis.vectors, workers: workers), prior: prior)
  }

  /// Along each eigenvector.
  private func progress(_ time: Double) -> [SquaredLossTraining.Progress] {
    basis.values.indices.map { k in
      basis.isKept(k)
        ? training.progress(eigenvalue: basis.values[k], time: time, rate: rate)
        : SquaredLossTraining.Progress(residual: 1, gain: 0)
    }
  }

  /// The functions at points other than the training points.
  ///
  /// - Parameters:
  ///   - targets: Y, one training point a row (n x C).
  ///   - time: in training steps, from 0 to infinity.
  /// - Returns: with the covariance where the points have a full prior.
  public func prediction(
    _ points: Points, targets: Matrix<Double>, time: Double
  ) -> GaussianPrediction {
    let weights = points.tangent.scalingColumns(by: progress(time).map(\.gain))
    let mean = weights.times(basis.vectors.times(targets), workers: workers)
    let spread = weights.times(initial, workers: workers)
    let own = spread.rowProducts(weights)
    let cross = weights.rowProducts(points.nngp)
    let variances = points.prior.variances.indices.map {
      points.prior.variances[$0] + own[$0] - 2 * cross[$0]
    }
    var covariance = points.prior.matrix
    if covariance != nil {
      let ownMatrix = spread.times(transposed: weights, workers: workers)
      let crossMatrix = weights.times(transposed: points.nngp, workers: workers)
      let count = variances.count
      for i in 0..<count {
        for j in 0..<count {
          covariance!.elements[i * count + j] +=
            ownMatrix[i, j] - crossMatrix[i, j] - crossMatrix[j, i]
        }
      }
    }
    return GaussianPrediction(
      mean: mean, variances: nonNegative(variances), covariance: covariance)
  }

  /// The functions at the training points.
  public func trainingPrediction(
    targets: Matrix<Double>, time: Double, givesCovariance: Bool = false
  ) -> GaussianPrediction {
    let residuals = progress(time).map(\.residual)
    let zero = Matrix<Double>(rows: targets.rows, columns: targets.columns, repeating: 0)
    let mean = trainingFunction(from: zero, targets: targets, time: time)
    // V^T diag(rho)
    let weights = basis.vectors.transposed().scalingColumns(by: residuals)
    let spread = weights.times(initial, workers: workers)
    return GaussianPrediction(
      mean: mean, variances: nonNegative(spread.rowProducts(weights)),
      covariance: givesCovariance ? spread.times(transposed: weights, workers: workers) : nil)
  }

  /// The one function at the training points that starts from `initial` (n x C).
  public func trainingFunction(
    from initial: Matrix<Double>, targets: Matrix<Double>, time: Double
  ) -> Matrix<Double> {
    var gap = initial
    for i in gap.elements.indices { gap.elements[i] -= targets.elements[i] }
    // What is done of the way to the targets, and not what is left of it: before training it is nothing, to the bit.
    let done = zip(progress(time), basis.values).map { $0.gain * $1 }
    let way = basis.vectors.times(gap).scalingRows(by: done)
    let moved = basis.vectors.transposed().times(way, workers: workers)
    var result = initial
    for i in result.elements.indices { result.elements[i] -= moved.elements[i] }
    return result
  }

  /// The one function at other points that starts from `initial` there (p x C) and from `initialTraining` at
  /// the training points.
  public func function(
    _ points: Points, from initial: Matrix<Double>, initialTraining: Matrix<Double>,
    targets: Matrix<Double>, time: Double
  ) -> Matrix<Double> {
    var gap = targets
    for i in gap.elements.indices { gap.elements[i] -= initialTraining.elements[i] }
    let gained = basis.vectors.times(gap).scalingRows(by: progress(time).map(\.gain))
    var result = points.tangent.times(gained, workers: workers)
    for i in result.elements.indices { result.elements[i] += initial.elements[i] }
    return result
  }
}
