import LinearAlgebra
import Measures
import Networks

/// The kernels of the infinitely wide network with one hidden layer at initialization, for a
/// Gaussian law of the parameters (a, w).
///
/// With (u, v) = (w . x, w . x'), a Gaussian pair of covariances s_w^2 x . x', and the reference
/// network's sigma*, d*, eta:
///
///     Cov(f_0(x), f_0(x')) = sigma*^2 d* E[a^2] E[phi(u) phi(v)]
///     K(x, x') = eta d* E[phi(u) phi(v)] + eta sigma*^2 d* E[a^2] E[phi'(u) phi'(v)] x . x'
///
/// (Golikov 2020, arXiv 2006.06574; the covariance is that of Neal 1996). The expectations are those of
/// ``DualActivation``; a bias is a last input fixed to 1. The mean-field limit has the same K at
/// step 0.
public struct InitialKernels: Sendable {
  public let law: InitialLaw
  public let architecture: Architecture
  public let dual: DualActivation
  let inputVariance: Double
  /// sigma*^2 d* E[a^2].
  let covarianceFactor: Double
  /// eta d*.
  let outputFactor: Double
  /// eta sigma*^2 d* E[a^2].
  let inputFactor: Double

  /// - Precondition: the law is Gaussian; ``SampledKernels`` takes any.
  public init(law: InitialLaw, architecture: Architecture, reference: ReferenceNetwork) {
    precondition(law.shape == .gaussian, "closed forms need Gaussian input weights")
    self.law = law
    self.architecture = architecture
    dual = DualActivation(architecture.activation)
    let factors = KernelFactors(law: law, reference: reference)
    inputVariance = law.inputWeightDeviation * law.inputWeightDeviation
    covarianceFactor = factors.covariance
    outputFactor = factors.output
    inputFactor = factors.input
  }

  /// Both kernels between two points, from |x|^2, x . x', |x'|^2 and the root of their Gram
  /// determinant.
  func values(_ gram: PairCovariance) -> (covariance: Double, tangent: Double, error: Double) {
    let dual = dual(
      PairCovariance(
        q11: inputVariance * gram.q11, q12: inputVariance * gram.q12,
        q22: inputVariance * gram.q22, rootDeterminant: inputVariance * gram.rootDeterminant))
    let tangentFactor = inputFactor * gram.q12
    var error = 0.0
    if dual.quadratureError > 0 {
      error =
        dual.quadratureError * max(covarianceFactor, outputFactor + abs(tangentFactor))
    }
    return (
      covarianceFactor * dual.value,
      outputFactor * dual.value + tangentFactor * dual.derivative, error
    )
  }

  /// The diagonals alone: cost O(points x features) and one evaluation of the dual a point.
  public func diagonals(_ points: KernelPoints) -> KernelDiagonals {
    let all = points.squaredNorms.map { values(PairCovariance(variance: $0)) }
    return KernelDiagonals(
      covariance: all.map(\.covariance), tangent: all.map(\.tangent),
      quadratureError: all.map(\.error).max() ?? 0)
  }
}
