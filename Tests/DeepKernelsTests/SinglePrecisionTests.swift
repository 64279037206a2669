import DeepKernels
import Execution
import LinearAlgebra
import Measures
import Networks
import Testing

@Suite struct SinglePrecisionTests {
  /// Of all pairs among random points, some of them close to one another, the largest error in units of
  /// the geometric mean of the diagonals.
  @Test(arguments: ["linear", "relu", "leaky_relu", "erf", "gelu", "sin"])
  func errorsOfSinglePrecision(_ name: String) throws {
    let (count, dimension) = (60, 400)
    let stream = RandomStream(seed: 8, stream: .limitInputWeights)
    var elements = (0..<count).flatMap { stream.normals(dimension, particle: $0) }
    for point in 0..<20 {
      let step = [1e-1, 1e-2, 1e-3, 1e-5, 0][point % 5]
      for j in 0..<dimension {
        elements[(40 + point) * dimension + j] =
          elements[point * dimension + j] * (1 + step * elements[(20 + point) * dimension + j])
      }
    }
    let inputs = Matrix(rows: count, columns: dimension, elements: elements)
    for depth in [1, 5] {
      let kernels = try #require(
        DeepKernels(
          DeepArchitecture(
            activation: activation(name), hiddenLayers: depth,
            baseWidths: Array(repeating: 50, count: depth), weightDeviation: 1.4,
            biasDeviation: 0.2, parameterization: .standard), inputDimension: dimension))
      let single = kernels.matrices(
        DeepKernelPoints<Float>(inputs, kernels), workers: Workers(count: 1))
      let double = kernels.matrices(
        DeepKernelPoints<Double>(inputs, kernels), workers: Workers(count: 1))
      var largest = 0.0
      for (a, b) in [(single.nngp, double.nngp), (single.tangent, double.tangent)] {
        for i in 0..<count {
          for j in 0..<count {
            let error = abs(Double(a[i, j]) - b[i, j]) / (b[i, i] * b[j, j]).squareRoot()
            largest = error.isNaN ? .infinity : max(largest, error)
          }
        }
      }
      #expect(largest < 5e-6)
    }
  }
}
