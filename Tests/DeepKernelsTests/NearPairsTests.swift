import DeepKernels
import Execution
import LinearAlgebra
import Networks
import TestSupport
import Testing

/// Points that are close, opposite, collinear, equal or zero, against the same recursion with 120 digits
/// (script beside the fixture), in units of the geometric mean of the two diagonals.
@Suite struct NearPairsTests {
  struct Content: Decodable {
    struct Case: Decodable {
      let activation: String
      let depth: Int
      let bias: Bool
      let nngp: [Double]
      let ntk: [Double]
    }
    let weightStd: Double
    let biasStd: Double
    let widths: [Int]
    let first: [[Double]]
    let second: [[Double]]
    let cases: [Case]
  }

  @Test(arguments: ["linear", "relu", "leaky_relu", "absolute", "erf", "gelu", "sin"])
  func allAngles(_ name: String) throws {
    let content = try fixture("near_pairs", as: Content.self, in: .module)
    let cases = content.cases.filter { $0.activation == name }
    #expect(cases.count == 4)
    var largest = LargestError()
    for expected in cases {
      let kernels = try kernels(expected, content)
      for place in content.first.indices {
        let (x, y) = (content.first[place], content.second[place])
        let points = DeepKernelPoints<Double>(
          Matrix(rows: 2, columns: x.count, elements: x + y), kernels)
        let matrices = kernels.matrices(points, workers: Workers(count: 1))
        let title = "\(expected.activation) \(expected.depth) \(expected.bias) pair \(place)"
        for (matrix, value, what) in [
          (matrices.nngp, expected.nngp[place], "nngp"),
          (matrices.tangent, expected.ntk[place], "ntk"),
        ] {
          let size = (matrix[0, 0] * matrix[1, 1]).squareRoot()
          // Of a zero vector without a bias all kernels are zero.
          largest.add(
            size == 0 ? abs(matrix[0, 1]) : abs(matrix[0, 1] - value) / size, "\(title) \(what)")
          if matrix[0, 1] != matrix[1, 0] { largest.add(.infinity, "\(title) \(what)") }
        }
      }
    }
    #expect(largest.value <= 1e-12, "\(largest.place)")
  }

  /// A point twice: all four elements are one number.
  @Test(arguments: ["linear", "relu", "leaky_relu", "absolute", "erf", "gelu", "sin"])
  func equalPoints(_ name: String) throws {
    let content = try fixture("near_pairs", as: Content.self, in: .module)
    var largest = LargestError()
    for expected in content.cases where expected.activation == name {
      let kernels = try kernels(expected, content)
      for x in content.second {
        let points = DeepKernelPoints<Double>(
          Matrix(rows: 2, columns: x.count, elements: x + x), kernels)
        let matrices = kernels.matrices(points, workers: Workers(count: 1))
        for matrix in [matrices.nngp, matrices.tangent] {
          let size = matrix[0, 0]
          largest.add(size == 0 ? abs(matrix[0, 1]) : abs(matrix[0, 1] - size) / size, name)
          if size != matrix[1, 1] { largest.add(.infinity, name) }
        }
      }
    }
    #expect(largest.value <= 1e-14, "\(largest.place)")
  }

  private func kernels(_ expected: Content.Case, _ content: Content) throws -> DeepKernels {
    try #require(
      DeepKernels(
        DeepArchitecture(
          activation: activation(expected.activation),
          hiddenLayers: expected.depth, baseWidths: Array(content.widths.prefix(expected.depth)),
          weightDeviation: content.weightStd,
          biasDeviation: expected.bias ? content.biasStd : nil, parameterization: .standard),
        inputDimension: content.first[0].count))
  }
}
