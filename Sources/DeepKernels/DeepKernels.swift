private import CKernels
import Kernels
import LinearAlgebra
import Networks

/// The kernels of infinitely wide fully connected networks of any depth at initialization: the
/// covariance of the function ("NNGP") and the tangent kernel, learning rate 1.
///
/// From K = x . x' / D and Theta = 0 on, each dense layer takes (K, Theta) to (s_w^2 K + s_b^2, ...) as
/// its parameterization says, each activation to (E[phi phi], Theta E[phi' phi']) (Jacot et al. 2018,
/// arXiv 1806.07572; Sohl-Dickstein et al. 2020, arXiv 2001.07301). In the naive standard
/// parameterization, which has no limit, the tangent kernel is that of hidden layers of s N_l neurons
/// with the fluctuations left out.
///
/// *Accuracy*, in double precision: 1e-12 of sqrt(K(x, x) K(x', x')), and of the tangent kernel likewise,
/// for all angles between inputs, zero and pi included (`NearPairsTests`, `NeuralTangentsTests`): the
/// angle of nearly collinear inputs comes from their difference, and piecewise linear activations carry
/// it on without cancellation. In single precision errors are of the order
/// of 1e-6 to 1e-5 (five layers: below 5e-6 in `SinglePrecisionTests`, 9e-6 on 1000 CIFAR images).
public struct DeepKernels: Sendable {
  /// The network, its parameterization included.
  public let architecture: DeepArchitecture
  /// D, the fan-in of the first layer.
  public let inputDimension: Int
  let layers: [DenseKernel]
  private let kind: Int32
  private let slope: Double

  /// `nil` for activations without closed forms (``isAvailable(_:)``).
  public init?(_ architecture: DeepArchitecture, inputDimension: Int) {
    switch architecture.activation {
    case .linear, .relu, .leakyReLU:
      kind = Int32(IW_DUAL_PIECEWISE_LINEAR.rawValue)
    case .erf: kind = Int32(IW_DUAL_ERF.rawValue)
    case .gelu: kind = Int32(IW_DUAL_GELU.rawValue)
    case .sin: kind = Int32(IW_DUAL_SINE.rawValue)
    case .tanh, .softplus: return nil
    }
    slope = architecture.activation.negativeSlope ?? 0
    self.architecture = architecture
    self.inputDimension = inputDimension
    layers = (0...architecture.hiddenLayers).map {
      DenseKernel(architecture, layer: $0, inputDimension: inputDimension)
    }
  }

  /// Whether the dual of the activation has a closed form.
  public static func isAvailable(_ activation: Activation) -> Bool {
    DualActivation(activation).isClosedForm
  }

  func law<Scalar: DeepKernelScalar>(in precision: Scalar.Type) -> DualLaw<Scalar> {
    DualLaw(kind: kind, slope: Scalar(slope))
  }

  /// Along the layers, what concerns one point alone, in double precision: the variances of its
  /// preactivations, the last of them the variance of the output, and the tangent kernel.
  ///
  /// - Parameter norm: |x|^2 / D.
  func diagonal(norm: Double) -> (variances: [Double], tangent: Double) {
    let dual = DualActivation(architecture.activation)
    var value = norm
    var tangent = 0.0
    var variances: [Double] = []
    for (index, layer) in layers.enumerated() {
      if index > 0 {
        let expectations = dual(PairCovariance(variance: variances[index - 1]))
        value = expectations.value
        tangent *= expectations.derivative
      }
      tangent = layer.gradient * value + layer.biasGradient + layer.weight * tangent
      variances.append(layer.weight * value + layer.bias)
    }
    return (variances, tangent)
  }
}
