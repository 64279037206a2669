import DeepKernels
import Kernels
import Networks

/// The recursion as it is written in Sohl-Dickstein et al. 2020, one pair at a time, with the duals of one
/// hidden layer and determinants from differences of products.
func plainKernels(
  _ architecture: DeepArchitecture, _ x: ArraySlice<Double>, _ y: ArraySlice<Double>
) -> (nngp: Double, tangent: Double) {
  let dual = DualActivation(architecture.activation)
  let dimension = Double(x.count)
  func mean(_ u: ArraySlice<Double>, _ v: ArraySlice<Double>) -> Double {
    zip(u, v).reduce(0) { $0 + $1.0 * $1.1 } / dimension
  }
  let weight = architecture.weightDeviation * architecture.weightDeviation
  let bias = architecture.biasDeviation.map { $0 * $0 } ?? 0
  var (k11, k22, k12, theta) = (mean(x, x), mean(y, y), mean(x, y), 0.0)
  var width = dimension
  for layer in 0...architecture.hiddenLayers {
    if layer > 0 {
      let values = dual(PairCovariance(q11: k11, q12: k12, q22: k22))
      theta *= values.derivative
      k11 = dual(PairCovariance(variance: k11)).value
      k22 = dual(PairCovariance(variance: k22)).value
      k12 = values.value
      width = Double(architecture.baseWidths?[layer - 1] ?? 0)
    }
    let below = k12
    (k11, k22, k12) = (weight * k11 + bias, weight * k22 + bias, weight * k12 + bias)
    switch architecture.parameterization {
    case .ntk: theta = k12 + weight * theta
    case .standard:
      theta = width * below + weight * theta + (architecture.biasDeviation == nil ? 0 : 1)
    case .naiveStandard:
      theta =
        (layer == 0 ? width : architecture.widthScale * width) * below + weight * theta
        + (architecture.biasDeviation == nil ? 0 : 1)
    }
  }
  return (k12, theta)
}
