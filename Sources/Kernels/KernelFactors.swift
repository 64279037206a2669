import Measures
import Networks

/// The factors of the expectations in both kernels, from the law of a and the reference network.
struct KernelFactors: Sendable {
  /// sigma*^2 d* E[a^2], of E[phi phi] in the covariance of f_0.
  let covariance: Double
  /// eta d*, of E[phi phi] in the tangent kernel.
  let output: Double
  /// eta sigma*^2 d* E[a^2], of E[phi' phi'] x . x' in the tangent kernel.
  let input: Double

  init(law: InitialLaw, reference: ReferenceNetwork) {
    let step = ParticleStep.meanFieldLimit(of: reference)
    let outputVariance = law.outputWeightDeviation * law.outputWeightDeviation
    covariance =
      reference.outputScale * reference.outputScale * Double(reference.width) * outputVariance
    output = step.outputKernelFactor
    input = step.inputKernelFactor * outputVariance
  }
}
