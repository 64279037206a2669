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
/// (Golikov 2020, arXiv 2006.06574; the covariance is that of Neal 1996). The expectations are
/// those of ``DualActivation``; a bias is a last input fixed to 1. The mean-field limit has the
/// same K at step 0.
public struct InitialKernels: Sendable {
  /// The initial law of (a, w), hatted.
  public let law: InitialLaw
  /// Activation and bias.
  public let architecture: Architecture
  /// Of the architecture's activation.
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

  /// The part of the tangent kernel that comes of the output weights, eta d* E[phi phi], in units of the
  /// covariance of the initial function.
  package var outputPerCovariance: Double { outputFactor / covarianceFactor }

  /// The covariances of the preactivations at two inputs with the Gram matrix `gram`.
  func preactivations(_ gram: PairCovariance) -> PairCovariance {
    PairCovariance(
      q11: inputVariance * gram.q11, q12: inputVariance * gram.q12,
      q22: inputVariance * gram.q22, rootDeterminant: inputVariance * gram.rootDeterminant)
  }

  /// Both kernels between two inputs with the product x . x', from the expectations.
  func values(_ dual: DualValues, product: Double)
    -> (covariance: Double, tangent: Double, error: Double)
  {
    let tangentFactor = inputFactor * product
    // Not a product with zero for closed forms: factors may overflow.
    let error =
      dual.quadratureError > 0
      ? dual.quadratureError * max(covarianceFactor, outputFactor + abs(tangentFactor)) : 0
    return (
      covarianceFactor * dual.value,
      outputFactor * dual.value + tangentFactor * dual.derivative, error
    )
  }

  /// The diagonals alone: cost O(points x features) and one evaluation of the dual a point.
  package func diagonals(_ points: KernelPoints) -> KernelDiagonals {
    let all = points.squaredNorms.map { squaredNorm in
      values(dual(preactivations(PairCovariance(variance: squaredNorm))), product: squaredNorm)
    }
    return KernelDiagonals(
      covariance: all.map(\.covariance), tangent: all.map(\.tangent),
      quadratureError: all.map(\.error).max() ?? 0)
  }
}
