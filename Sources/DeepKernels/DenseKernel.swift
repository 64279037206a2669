import Networks

/// What a dense layer makes of the kernels of its inputs y, K = E[y y'] and the tangent kernel Theta:
///
///     K' = weight K + bias,    Theta' = gradient K + biasGradient + weight Theta
///
/// (Sohl-Dickstein et al. 2020, arXiv 2001.07301). Theta' is the sum of the squared gradients of the
/// layer's own parameters and of those below. With n inputs and z = c W y + e b, W ~ N(0, v), b ~ N(0, u):
/// K' = c^2 v n K + e^2 u, and dz/dW dz'/dW' sums to c^2 n K, dz/db to e^2, dz/dy to c^2 v n Theta.
///
/// - NTK: c^2 = s_w^2 / n, v = 1, e^2 = s_b^2, u = 1: gradient s_w^2 and biasGradient s_b^2, so that
///   Theta' = K' + s_w^2 Theta.
/// - Improved standard: n = s N, c^2 = 1/s, v = s_w^2 / N, e^2 = 1, u = s_b^2: gradient N, biasGradient 1.
/// - Naive standard: c = 1, v = s_w^2 / n, e^2 = 1: gradient n.
///
/// The inputs of the first layer are the data, K = x . x' / D, Theta = 0, n = N = D: not scaled by s.
struct DenseKernel: Sendable, Equatable {
  let weight: Double
  let bias: Double
  let gradient: Double
  let biasGradient: Double

  /// - Parameter layer: 0 for the layer that takes the data, `hiddenLayers` for the readout.
  init(_ architecture: DeepArchitecture, layer: Int, inputDimension: Int) {
    weight = architecture.weightDeviation * architecture.weightDeviation
    bias = architecture.biasDeviation.map { $0 * $0 } ?? 0
    let width =
      layer == 0
      ? Double(inputDimension) : architecture.baseWidths.map { Double($0[layer - 1]) }
    let hasBias = architecture.biasDeviation != nil
    switch architecture.parameterization {
    case .ntk:
      gradient = weight
      biasGradient = bias
    case .standard:
      gradient = width!
      biasGradient = hasBias ? 1 : 0
    case .naiveStandard:
      gradient = layer == 0 ? width! : architecture.widthScale * width!
      biasGradient = hasBias ? 1 : 0
    }
  }
}
