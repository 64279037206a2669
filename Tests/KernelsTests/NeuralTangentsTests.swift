import Execution
import Kernels
import LinearAlgebra
import Measures
import Networks
import TestSupport
import Testing

/// Against the program of Novak et al. 2020 (script and versions beside the fixture), on inputs
/// that include opposite, collinear, short and long ones.
@Suite struct NeuralTangentsTests {
  struct Content: Decodable {
    struct Kernel: Decodable {
      let phiPhi: [Double]
      let ntk: [Double]
    }
    let inputs: [Double]
    let points: Int
    let dimension: Int
    let weightStd: Double
    let biasStd: Double
    let kernels: [String: Kernel]
  }

  @Test func kernelsOfOneHiddenLayer() throws {
    let content = try fixture("neural_tangents", as: Content.self, in: .module)
    // Their preactivations are W_std w x / sqrt(D) + b_std b, ours s (w x + b): with s = b_std the
    // inputs are scaled by W_std / (sqrt(D) b_std). Their kernel is E[phi phi] + q E[phi' phi'],
    // q = b_std^2 (x x' + 1) the covariance: eta d* = 1, sigma*^2 d* = 1, E[a^2] = b_std^2 / eta.
    let scale = content.weightStd / Double(content.dimension).squareRoot() / content.biasStd
    let inputs = Matrix(
      rows: content.points, columns: content.dimension, elements: content.inputs.map { $0 * scale })
    let reference = ReferenceNetwork(width: 4, learningRate: 0.25)
    let law = InitialLaw(
      shape: .gaussian, inputDimension: content.dimension,
      outputWeightDeviation: content.biasStd / reference.learningRate.squareRoot(),
      inputWeightDeviation: content.biasStd)
    #expect(Set(content.kernels.keys) == ["relu", "leaky_relu", "erf", "gelu", "sin"])
    for (name, expected) in content.kernels {
      let activation = try #require(activations.first { $0.name == name }).activation
      let architecture = Architecture(activation: activation, hasBias: true)
      let kernels = InitialKernels(law: law, architecture: architecture, reference: reference)
      let matrices = kernels.matrices(
        KernelPoints(inputs, architecture: architecture), workers: Workers(count: 1))
      let factor = law.outputWeightDeviation * law.outputWeightDeviation
      for index in expected.ntk.indices {
        let size =
          (expected.ntk[index / content.points * (content.points + 1)]
          * expected.ntk[index % content.points * (content.points + 1)]).squareRoot()
        #expect(
          abs(matrices.covariance.elements[index] / factor - expected.phiPhi[index]) < 1e-10 * size,
          "\(name) \(index)")
        #expect(
          abs(matrices.tangent.elements[index] - expected.ntk[index]) < 1e-10 * size,
          "\(name) \(index)")
      }
    }
  }
}
