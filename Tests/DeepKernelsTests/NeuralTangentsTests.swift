import DeepKernels
import Execution
import LinearAlgebra
import Networks
import TestSupport
import Testing

/// Against the program of Novak et al. 2020 (script and versions beside the fixture): six activations, one
/// to five hidden layers of unequal widths, three parameterizations, with and without biases.
///
/// Errors are relative to the element, or, of elements below 1/1000 of it, to the geometric mean of the
/// diagonal: there the program's own differences have fewer digits.
@Suite struct NeuralTangentsTests {
  struct Content: Decodable {
    struct Kernel: Decodable {
      let activation: String
      let depth: Int
      let parameterization: String
      let bias: Bool
      let nngp: [Double]
      let ntk: [Double]
    }
    let inputs: [Double]
    let points: Int
    let dimension: Int
    let weightStd: Double
    let biasStd: Double
    let widthScale: Double
    let widths: [Int]
    let kernels: [Kernel]
  }

  @Test func kernelsOfAllNetworks() throws {
    let content = try fixture("neural_tangents", as: Content.self, in: .module)
    #expect(content.kernels.count == 6 * 5 * 3 * 2)
    let inputs = Matrix(
      rows: content.points, columns: content.dimension, elements: content.inputs)
    var largest = LargestError()
    // Their angle of a point with itself is about 1e-8 where it is zero.
    var largestBlunt = LargestError()
    for expected in content.kernels {
      let phi = activation(expected.activation)
      let parameterization = try #require(
        Parameterization(rawValue: expected.parameterization))
      let name =
        "\(expected.activation) \(expected.depth) \(expected.parameterization) \(expected.bias)"
      let kernels = try #require(
        DeepKernels(
          DeepArchitecture(
            activation: phi, hiddenLayers: expected.depth,
            baseWidths: Array(content.widths.prefix(expected.depth)),
            weightDeviation: content.weightStd,
            biasDeviation: expected.bias ? content.biasStd : nil,
            parameterization: parameterization,
            widthScale: content.widthScale), inputDimension: content.dimension))
      let matrices = kernels.matrices(
        DeepKernelPoints<Double>(inputs, kernels), workers: Workers(count: 1))
      var place = 0
      func relative(_ error: Double, _ value: Double, _ i: Int, _ j: Int, _ matrix: Matrix<Double>)
        -> Double
      {
        let size = (matrix[i, i] * matrix[j, j]).squareRoot()
        return abs(error) / (abs(value) < 1e-3 * size ? size : abs(value))
      }
      for i in 0..<content.points {
        for j in i..<content.points {
          let nngp = expected.nngp[place]
          let ntk = expected.ntk[place]
          place += 1
          largest.add(
            relative(matrices.nngp[i, j] - nngp, nngp, i, j, matrices.nngp),
            "\(name) nngp \(i) \(j)")
          let error = relative(matrices.tangent[i, j] - ntk, ntk, i, j, matrices.tangent)
          if i == j, phi.negativeSlope.map({ $0 != 1 }) ?? false {
            largestBlunt.add(error, "\(name) ntk \(i) \(j)")
          } else {
            largest.add(error, "\(name) ntk \(i) \(j)")
          }
        }
      }
    }
    #expect(largest.value <= 1e-12, "\(largest.place)")
    #expect(largestBlunt.value <= 1e-7, "\(largestBlunt.place)")
  }
}

/// The activations with closed forms, by the names of the fixtures.
func activation(_ name: String) -> Activation {
  switch name {
  case "linear": .linear
  case "relu": .relu
  case "leaky_relu": .leakyReLU(slope: 0.1)
  case "absolute": .leakyReLU(slope: -1)
  case "erf": .erf
  case "gelu": .gelu
  case "sin": .sin
  default: preconditionFailure("no activation \(name)")
  }
}
