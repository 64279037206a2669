import DeepKernels
import Execution
import Kernels
import LinearAlgebra
import Measures
import Networks

/// The Gaussian processes that remain of the initial weights of an infinitely wide network in the
/// mean-field scaling, on some points: what neurons see of the layer below, and what comes back to them.
///
/// Each layer above the first costs the preactivations a factor d^{-1/2} (central limit theorem: initial
/// weights are independent of what they multiply), and each below the last the gradients likewise. Without
/// these factors, and up to positive constants,
///
///     z^l_r(x) ~ G^l_r(x),  l >= 2:    Cov G^{l+1} = E[phi(G^l) phi(G^l)'],   Cov G^2 = E[phi(w x) phi(w x')]
///     (V^T b^{l+1})_t(x) ~ H^l_t(x), l < L:    Cov H^l = Cov H^{l+1} E[phi'(G^{l+1}) phi'(G^{l+1})'],   Cov H^L = 1 (H^L = a)
///
/// independent from neuron to neuron, of each other and of w: the derivatives that couple G and H have mean
/// zero because a has. phi of a small preactivation: positively homogeneous phi scale, phi(c G) = c phi(G)
/// with the derivative phi'(G); differentiable ones are linear there (phi(0) = 0), so that in their place
/// above the first layer stands phi'(0) z. One layer's kernel recursion, and for the covariances of H its
/// derivatives (Jacot et al. 2018, arXiv 1806.07572).
struct InitialProcesses: Sendable {
  /// G^l, by l.
  private(set) var forward: [Int: GaussianProcess] = [:]
  /// H^l, by l.
  private(set) var backward: [Int: GaussianProcess] = [:]
  let points: Int

  /// - Parameters:
  ///   - inputs: the points.
  ///   - deviation: of the input weights, which are Gaussian.
  ///   - forward: layers whose G is wanted, of 2 ... L.
  ///   - backward: layers whose H is wanted, of 1 ... L - 1.
  /// - Precondition: the activation has closed forms.
  init(
    inputs: Matrix<Double>, deviation: Double, activation: Activation, hiddenLayers: Int,
    forward: [Int], backward: [Int], workers: Workers
  ) {
    points = inputs.rows
    let isHomogeneous = activation.negativeSlope != nil
    let scaled = Self.scaled(inputs, deviation: deviation)
    /// Cov G^l.
    func covariance(_ layer: Int) -> Matrix<Double> {
      let kernels = Self.kernels(
        activation, hiddenLayers: isHomogeneous ? layer - 1 : 1, features: inputs.columns)
      return kernels.matrices(DeepKernelPoints(scaled, kernels), workers: workers).nngp
    }
    let highest = backward.isEmpty ? forward.max() ?? 1 : hiddenLayers
    var covariances: [Int: Matrix<Double>] = [:]
    for layer in 2..<max(highest + 1, 2)
    where forward.contains(layer) || isHomogeneous && !backward.isEmpty {
      covariances[layer] = covariance(layer)
    }
    for layer in forward { self.forward[layer] = Self.process(covariances[layer]!) }
    var carried = Matrix<Double>(rows: points, columns: points, repeating: 1)
    for layer in stride(from: hiddenLayers - 1, through: 1, by: -1) where !backward.isEmpty {
      if isHomogeneous {
        carried.multiply(
          derivatives: DualActivation(activation), of: covariances[layer + 1]!, workers)
      }
      if backward.contains(layer) { self.backward[layer] = Self.process(carried) }
    }
  }

  /// E[phi(w x) phi(w x')] for the points of two sets.
  static func firstLayerKernel(
    _ rows: Matrix<Double>, _ columns: Matrix<Double>, deviation: Double, activation: Activation,
    workers: Workers
  ) -> Matrix<Double> {
    let kernels = kernels(activation, hiddenLayers: 1, features: rows.columns)
    return kernels.matrices(
      DeepKernelPoints(scaled(rows, deviation: deviation), kernels),
      DeepKernelPoints(scaled(columns, deviation: deviation), kernels), workers: workers
    ).nngp
  }

  /// Kernels of layers of unit weights, whose covariances are those of the values of the last.
  private static func kernels(
    _ activation: Activation, hiddenLayers: Int, features: Int
  ) -> DeepKernels {
    let architecture = DeepArchitecture(
      activation: activation, hiddenLayers: hiddenLayers, weightDeviation: 1, parameterization: .ntk
    )
    guard let kernels = DeepKernels(architecture, inputDimension: features) else {
      preconditionFailure("no closed forms for this activation")
    }
    return kernels
  }

  /// Inputs x' with x' . x' / D the variance of w . x.
  private static func scaled(_ inputs: Matrix<Double>, deviation: Double) -> Matrix<Double> {
    let factor = deviation * Double(inputs.columns).squareRoot()
    return inputs.map { factor * $0 }
  }

  private static func process(_ covariance: Matrix<Double>) -> GaussianProcess {
    guard let process = GaussianProcess(covariance: covariance) else {
      preconditionFailure("covariances of finite inputs are finite")
    }
    return process
  }
}

extension Matrix<Double> {
  /// Multiplies each entry by E[phi'(u) phi'(v)] of the pair (u, v) with these covariances.
  fileprivate mutating func multiply(
    derivatives dual: DualActivation, of covariances: Matrix<Double>, _ workers: Workers
  ) {
    let n = rows
    let factors = workers.results(n) { i in
      (0..<n).map { j in
        dual(
          i == j
            ? PairCovariance(variance: covariances.elements[i * n + i])
            : PairCovariance(
              q11: covariances.elements[i * n + i], q12: covariances.elements[i * n + j],
              q22: covariances.elements[j * n + j])
        ).derivative
      }
    }
    for i in 0..<n {
      for j in 0..<n { elements[i * n + j] *= factors[i][j] }
    }
  }
}
