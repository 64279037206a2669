import DeepKernels
import Execution
import LinearAlgebra
import Measures
import Networks
import Testing

/// Kernels against averages over finite networks with gradients by plain backpropagation: what the
/// parameterizations say of every layer, in networks of 16 times the base widths.
@Suite struct FiniteNetworksTests {
  @Test(arguments: Parameterization.allCases)
  func averagesOverNetworks(_ parameterization: Parameterization) throws {
    let dimension = 3
    let inputs = Matrix(
      rows: 2, columns: dimension, elements: [1, -0.5, 0.8, 0.3, 0.9, -0.2])
    let architecture = DeepArchitecture(
      activation: .erf, hiddenLayers: 2, baseWidths: [3, 5], weightDeviation: 1.3,
      biasDeviation: 0.4, parameterization: parameterization, widthScale: 16)
    let kernels = try #require(DeepKernels(architecture, inputDimension: dimension))
    let expected = kernels.matrices(
      DeepKernelPoints<Double>(inputs, kernels), workers: Workers(count: 1))

    let networks = 300
    var samples: [[Double]] = []
    for seed in 0..<networks {
      let network = PlainNetwork(
        architecture, inputDimension: dimension, seed: UInt64(seed))
      let both = (0..<2).map { network.gradient(inputs.row($0)) }
      samples.append([
        both[0].value * both[0].value, both[0].value * both[1].value,
        product(both[0].gradient, both[0].gradient), product(both[0].gradient, both[1].gradient),
      ])
    }
    let limits = [
      expected.nngp[0, 0], expected.nngp[0, 1], expected.tangent[0, 0], expected.tangent[0, 1],
    ]
    for (number, limit) in limits.enumerated() {
      let values = samples.map { $0[number] }
      let mean = values.reduce(0, +) / Double(networks)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let error = (squares / Double(networks * (networks - 1))).squareRoot()
      // Four standard errors, and a bias of order 1/width.
      #expect(abs(mean - limit) < 4 * error + 0.005 * expected.tangent[0, 0], "\(number)")
      // The average is not so blunt that any kernel would do.
      #expect(error < 0.2 * abs(limit), "\(number)")
    }
  }

  private func product(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}

/// A finite network whose layers are those of ``Parameterization``, written out.
private struct PlainNetwork {
  struct Layer {
    let inputs: Int
    let outputs: Int
    /// Of weights and biases in the forward pass.
    let weightFactor: Double
    let biasFactor: Double
    let weights: [Double]
    let biases: [Double]
  }

  let activation: Activation
  let layers: [Layer]

  init(_ architecture: DeepArchitecture, inputDimension: Int, seed: UInt64) {
    activation = architecture.activation
    let scale = architecture.widthScale
    let base = architecture.baseWidths!
    let stream = RandomStream(seed: seed, stream: .networkInputWeights)
    layers = (0...base.count).map { number in
      // The input and the output have no scale.
      let s = number == 0 ? 1 : scale
      let baseInputs = number == 0 ? inputDimension : base[number - 1]
      let inputs = number == 0 ? inputDimension : Int(scale) * base[number - 1]
      let outputs = number == base.count ? 1 : Int(scale) * base[number]
      let normals = stream.normals(inputs * outputs + outputs, particle: number)
      let (weightDeviation, biasDeviation) = (
        architecture.weightDeviation, architecture.biasDeviation!
      )
      let factors: (weight: Double, bias: Double, weightLaw: Double, biasLaw: Double) =
        switch architecture.parameterization {
        case .ntk: (weightDeviation / Double(inputs).squareRoot(), biasDeviation, 1, 1)
        case .standard:
          (1 / s.squareRoot(), 1, weightDeviation / Double(baseInputs).squareRoot(), biasDeviation)
        case .naiveStandard:
          (1, 1, weightDeviation / Double(inputs).squareRoot(), biasDeviation)
        }
      return Layer(
        inputs: inputs, outputs: outputs, weightFactor: factors.weight,
        biasFactor: factors.bias,
        weights: normals.prefix(inputs * outputs).map { $0 * factors.weightLaw },
        biases: normals.suffix(outputs).map { $0 * factors.biasLaw })
    }
  }

  /// The output, and its gradient by all parameters.
  func gradient(_ x: ArraySlice<Double>) -> (value: Double, gradient: [Double]) {
    var values = [Array(x)]
    var preactivations: [[Double]] = []
    for (number, layer) in layers.enumerated() {
      let y = values[number]
      let z = (0..<layer.outputs).map { i in
        (0..<layer.inputs).reduce(layer.biasFactor * layer.biases[i]) {
          $0 + layer.weightFactor * layer.weights[i * layer.inputs + $1] * y[$1]
        }
      }
      preactivations.append(z)
      values.append(z.map { activation.value($0) })
    }
    var delta = [1.0]
    var gradient: [Double] = []
    for (number, layer) in layers.enumerated().reversed() {
      for i in 0..<layer.outputs {
        gradient += values[number].map { layer.weightFactor * delta[i] * $0 }
        gradient.append(layer.biasFactor * delta[i])
      }
      guard number > 0 else { break }
      let below = preactivations[number - 1]
      delta = (0..<layer.inputs).map { j in
        let sum = (0..<layer.outputs).reduce(0) {
          $0 + layer.weightFactor * layer.weights[$1 * layer.inputs + j] * delta[$1]
        }
        return sum * activation.derivative(below[j])
      }
    }
    return (preactivations.last![0], gradient)
  }
}
