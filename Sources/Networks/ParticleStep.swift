import Foundation

/// The three numbers that turn any of the networks here into one dynamics of particles (a, w) with
/// masses that sum to one:
///
///     f(x) = logitScale * sum_r mass_r a_r phi(w_r . x)
///     a_r <- a_r - outputStep sum_i g_i phi(w_r . x_i)
///     w_r <- w_r - inputStep  sum_i (g_i . a_r) phi'(w_r . x_i) x_i
///
/// A network of width d has mass 1/d, logitScale = sigma d, outputStep = eta_a sigma and
/// inputStep = eta_w sigma. In the mean-field scaling none of the three depends on d, and they are
/// those of the limit (Mei, Montanari, Nguyen 2018; Golikov 2020, arXiv 2006.06574, section 2).
public struct ParticleStep: Sendable, Equatable {
  public let logitScale: Double
  public let outputStep: Double
  public let inputStep: Double
  /// What the sums over i go through.
  public let update: ParticleUpdate

  public init(
    logitScale: Double, outputStep: Double, inputStep: Double, update: ParticleUpdate = .gradient
  ) {
    self.logitScale = logitScale
    self.outputStep = outputStep
    self.inputStep = inputStep
    self.update = update
  }

  /// The limit of the mean-field scaling: logitScale = sigma* d*, outputStep = eta / sigma*,
  /// inputStep = eta sigma*.
  public static func meanFieldLimit(of reference: ReferenceNetwork) -> ParticleStep {
    ParticleStep(
      logitScale: reference.outputScale * Double(reference.width),
      outputStep: reference.outputRate * reference.outputScale,
      inputStep: reference.inputRate * reference.outputScale)
  }

  /// The network of width d in a scaling around the reference network.
  public static func network(
    width: Int, scaling: Scaling, reference: ReferenceNetwork
  ) -> ParticleStep {
    let ratio = Double(width) / Double(reference.width)
    let sigma = reference.outputScale * pow(ratio, scaling.outputScaleExponent)
    return ParticleStep(
      logitScale: sigma * Double(width),
      outputStep: reference.outputRate * pow(ratio, scaling.outputRateExponent) * sigma,
      inputStep: reference.inputRate * pow(ratio, scaling.inputRateExponent) * sigma)
  }

  /// Factor of E[phi phi] in the tangent kernel K of f_{k+1} = f_k - sum_i K(x, x_i) g_i.
  public var outputKernelFactor: Double { logitScale * outputStep }
  /// Factor of E[a^2 phi' phi'] x . x' in the tangent kernel.
  public var inputKernelFactor: Double { logitScale * inputStep }
}
