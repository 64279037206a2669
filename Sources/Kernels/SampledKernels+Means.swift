import Execution
import LinearAlgebra

extension SampledKernels {
  /// Both kernels among the points of one set as means over all particles, without standard errors:
  /// one of several independent estimates whose spread serves as the error instead.
  package func means(_ points: KernelPoints, precision: Precision, workers: Workers)
    -> KernelMatrices
  {
    let sampled = matrices(points, precision: precision, workers: workers)
    return KernelMatrices(
      covariance: sampled.covariance, tangent: sampled.tangent, quadratureError: 0)
  }
}
