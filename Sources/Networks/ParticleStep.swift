import Foundation

/// The three numbers that turn any of the networks here into one dynamics of particles (a, w) with
/// masses that sum to one:
///
///     f(x) = logitScale * sum_r mass_r a_r phi(w_r . x)
///     a_r <- a_r - outputStep sum_i g_i phi(w_r . x_i)
///     w_r <- w_r - inputStep  sum_i (g_i . a_r) phi'(w_r . x_i) x_i
///
/// A network of width d has mass 1/d and logitScale = sigma d.
///
/// *Gradient descent and momentum.* outputStep = eta_a sigma and inputStep = eta_w sigma, since the
/// gradients of the hatted parameters are sigma times the sums over i. In the mean-field scaling none of
/// the three depends on d, and they are those of the limit (Mei, Montanari, Nguyen 2018; Golikov 2020,
/// arXiv 2006.06574, section 2).
///
/// *RMSProp.* With S the sums over i and V the running mean of S^2, the hatted gradients are sigma S
/// and their mean squares sigma^2 V. The reference network steps W = sigma* a, whose gradient is S_a,
/// and w, whose gradient is sigma* S_w:
///
///     a <- a - (eta / sigma*) S_a / (sqrt(V_a) + epsilon)
///     w <- w - eta sigma* S_w / (sigma* sqrt(V_w) + epsilon) = w - eta S_w / (sqrt(V_w) + epsilon / sigma*)
///
/// so that eta_a* = eta / sigma*, eta_w* = eta, and in terms of the hatted gradients epsilon_a* = sigma*
/// epsilon, epsilon_w* = epsilon. At width d let eta_a = eta_a* (d/d*)^q_a, eta_w = eta_w* (d/d*)^q_w,
/// and let the epsilons be proportional to sigma ~ d^q_sigma, as the hatted gradients are where the
/// loss gradients g are of order one. Then sigma cancels:
///
///     a <- a - eta_a S_a / (sqrt(V_a) + epsilon),   w <- w - eta_w S_w / (sqrt(V_w) + epsilon / sigma*)
///
/// and outputStep = eta_a, inputStep = eta_w, with epsilons that do not depend on d. Steps are of the
/// order of the hatted learning rates whatever sigma is, so that the exponent of the relative weight
/// increments is q_eta; logits are sums of d terms of size sigma and change by d^(q_sigma + 1 + q_eta)
/// (``Regime``). Where q_sigma = -1, q_eta = 0, nothing depends on d: the mean-field limit. An epsilon
/// fixed in d would dominate the root as soon as sigma S is below it, and turn RMSProp into gradient
/// descent.
public struct ParticleStep: Sendable, Equatable {
  /// The factor of the mean over particles: s = sigma* d\* in the mean-field limit.
  public let logitScale: Double
  /// The step of a along its sums.
  public let outputStep: Double
  /// The step of w along its sums.
  public let inputStep: Double
  /// What the sums over i go through.
  public let update: ParticleUpdate

  /// Any three numbers; the limit's and the networks' are ``meanFieldLimit(of:)`` and
  /// ``network(width:scaling:reference:)``.
  public init(
    logitScale: Double, outputStep: Double, inputStep: Double, update: ParticleUpdate = .gradient
  ) {
    self.logitScale = logitScale
    self.outputStep = outputStep
    self.inputStep = inputStep
    self.update = update
  }

  /// The limit of the mean-field scaling: logitScale = sigma* d*, outputStep = eta / sigma* with every
  /// optimizer, inputStep = eta sigma*, or eta with RMSProp.
  public static func meanFieldLimit(of reference: ReferenceNetwork) -> ParticleStep {
    ParticleStep(
      logitScale: reference.outputScale * Double(reference.width),
      outputStep: reference.outputRate * reference.gradientScale(reference.outputScale),
      inputStep: reference.inputRate * reference.gradientScale(reference.outputScale),
      update: reference.update)
  }

  /// The network of width d in a scaling around the reference network.
  public static func network(
    width: Int, scaling: Scaling, reference: ReferenceNetwork
  ) -> ParticleStep {
    let ratio = Double(width) / Double(reference.width)
    let sigma = reference.outputScale * pow(ratio, scaling.outputScaleExponent)
    return ParticleStep(
      logitScale: sigma * Double(width),
      outputStep: reference.outputRate * pow(ratio, scaling.outputRateExponent)
        * reference.gradientScale(sigma),
      inputStep: reference.inputRate * pow(ratio, scaling.inputRateExponent)
        * reference.gradientScale(sigma), update: reference.update)
  }

  /// Factor of E[phi phi] in the tangent kernel K of f_{k+1} = f_k - sum_i K(x, x_i) g_i, the step of
  /// gradient descent; normalized steps have no such kernel.
  package var outputKernelFactor: Double { logitScale * outputStep }
  /// Factor of E[a^2 phi' phi'] x . x' in the tangent kernel.
  package var inputKernelFactor: Double { logitScale * inputStep }
}

extension ReferenceNetwork {
  /// The factor of the sums over i in the steps of a network of output scale sigma.
  fileprivate func gradientScale(_ sigma: Double) -> Double {
    optimizer.stepSize == .proportional ? sigma : 1
  }

  fileprivate var update: ParticleUpdate {
    switch optimizer {
    case .gradientDescent: .gradient
    case .momentum(let momentum): .momentum(momentum)
    case .rmsProp(let smoothing, let epsilon):
      .rmsProp(
        smoothing: smoothing, outputEpsilon: epsilon, inputEpsilon: epsilon / outputScale)
    }
  }
}
