import DeepKernels
import Execution
import Kernels
import LinearAlgebra
import Measures
import Networks
import TestSupport
import Testing

@Suite struct DeepKernelsTests {
  /// More points than a tile has, so that there are full, partial and diagonal ones.
  private func points(_ count: Int, dimension: Int = 7, seed: UInt64 = 3) -> Matrix<Double> {
    let stream = RandomStream(seed: seed, stream: .limitInputWeights)
    return Matrix(
      rows: count, columns: dimension,
      elements: (0..<count).flatMap { stream.normals(dimension, particle: $0) })
  }

  private func architecture(
    _ activation: Activation, _ parameterization: Parameterization = .standard,
    bias: Double? = 0.3
  ) -> DeepArchitecture {
    DeepArchitecture(
      activation: activation, hiddenLayers: 3, baseWidths: [5, 9, 4], weightDeviation: 1.4,
      biasDeviation: bias, parameterization: parameterization, widthScale: 2.5)
  }

  @Test(arguments: ["linear", "relu", "leaky_relu", "erf", "gelu", "sin"])
  func loopsAgreeWithPlainRecursion(_ name: String) throws {
    let inputs = points(40)
    var largest = LargestError()
    for parameterization in Parameterization.allCases {
      for bias in [nil, 0.0, 0.3] {
        let architecture = architecture(activation(name), parameterization, bias: bias)
        let kernels = try #require(DeepKernels(architecture, inputDimension: 7))
        let matrices = kernels.matrices(
          DeepKernelPoints<Double>(inputs, kernels), workers: Workers(count: 1))
        for i in 0..<inputs.rows {
          for j in 0..<i {
            let plain = plainKernels(architecture, inputs.row(i), inputs.row(j))
            for (matrix, value) in [
              (matrices.nngp, plain.nngp), (matrices.tangent, plain.tangent),
            ] {
              let size = (matrix[i, i] * matrix[j, j]).squareRoot()
              largest.add(
                abs(matrix[i, j] - value) / size,
                "\(parameterization) \(bias ?? -1) pair \(i) \(j)")
            }
          }
        }
      }
    }
    #expect(largest.value <= 1e-12, "\(largest.place)")
  }

  /// One hidden layer of D neurons without bias in the NTK parameterization: E[a^2] = s_w^2, sigma*^2 d* = 1
  /// and eta d* = s_w^2 make the closed forms of `InitialKernels`.
  @Test(arguments: ["linear", "relu", "leaky_relu", "erf", "gelu", "sin"])
  func oneHiddenLayer(_ name: String) throws {
    let phi = activation(name)
    let inputs = points(30)
    let (dimension, deviation) = (7, 1.4)
    let reference = ReferenceNetwork(
      width: dimension, learningRate: deviation * deviation / Double(dimension))
    let law = InitialLaw(
      shape: .gaussian, inputDimension: dimension, outputWeightDeviation: deviation,
      inputWeightDeviation: deviation / Double(dimension).squareRoot())
    let shallow = Architecture(activation: phi, hasBias: false)
    let expected = InitialKernels(law: law, architecture: shallow, reference: reference).matrices(
      KernelPoints(inputs, architecture: shallow), workers: Workers(count: 1))
    let kernels = try #require(
      DeepKernels(
        DeepArchitecture(
          activation: phi, hiddenLayers: 1, weightDeviation: deviation,
          parameterization: .ntk), inputDimension: dimension))
    let matrices = kernels.matrices(
      DeepKernelPoints<Double>(inputs, kernels), workers: Workers(count: 1))
    var largest = LargestError()
    for i in 0..<inputs.rows {
      for j in 0..<inputs.rows {
        for (matrix, value) in [
          (matrices.nngp, expected.covariance[i, j]), (matrices.tangent, expected.tangent[i, j]),
        ] {
          let size = (matrix[i, i] * matrix[j, j]).squareRoot()
          largest.add(abs(matrix[i, j] - value) / size, "pair \(i) \(j)")
        }
      }
    }
    #expect(largest.value <= 1e-13, "\(largest.place)")
  }

  @Test func sameBitsForAnyNumberOfThreadsAndOnBothSidesOfTheDiagonal() throws {
    let inputs = points(530)
    let kernels = try #require(
      DeepKernels(architecture(.relu), inputDimension: 7))
    func check<Scalar: DeepKernelScalar>(_ precision: Scalar.Type) {
      let points = DeepKernelPoints<Scalar>(inputs, kernels)
      let one = kernels.matrices(points, workers: Workers(count: 1))
      let three = kernels.matrices(points, workers: Workers(count: 3))
      #expect(one.nngp == three.nngp && one.tangent == three.tangent)
      #expect(one.nngp == one.nngp.transposed() && one.tangent == one.tangent.transposed())
      #expect(
        (0..<530).allSatisfy {
          one.nngp[$0, $0] == Scalar(points.nngpDiagonal[$0])
            && one.tangent[$0, $0] == Scalar(points.tangentDiagonal[$0])
        })
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func rectanglesArePartsOfSquares() throws {
    let inputs = points(600)
    let kernels = try #require(DeepKernels(architecture(.gelu), inputDimension: 7))
    let whole = kernels.matrices(
      DeepKernelPoints<Double>(inputs, kernels), workers: Workers(count: 2))
    func part(_ range: Range<Int>) -> DeepKernelPoints<Double> {
      DeepKernelPoints(
        Matrix(
          rows: range.count, columns: 7,
          elements: Array(inputs.elements[(range.lowerBound * 7)..<(range.upperBound * 7)])),
        kernels)
    }
    let rectangle = kernels.matrices(part(570..<600), part(0..<590), workers: Workers(count: 2))
    #expect((rectangle.nngp.rows, rectangle.nngp.columns) == (30, 590))
    var largest = LargestError()
    for i in 0..<30 {
      for j in 0..<590 {
        for (part, all) in [(rectangle.nngp, whole.nngp), (rectangle.tangent, whole.tangent)] {
          let size = (all[570 + i, 570 + i] * all[j, j]).squareRoot()
          largest.add(abs(part[i, j] - all[570 + i, j]) / size, "\(i) \(j)")
        }
      }
    }
    #expect(largest.value <= 1e-13, "\(largest.place)")
  }

  /// The limit does not know s; the network that has no limit does.
  @Test func widthScale() throws {
    let inputs = points(5)
    func tangent(_ parameterization: Parameterization, scale: Double) throws -> Matrix<Double> {
      let kernels = try #require(
        DeepKernels(
          DeepArchitecture(
            activation: .erf, hiddenLayers: 2, baseWidths: [6, 3], weightDeviation: 1,
            parameterization: parameterization, widthScale: scale), inputDimension: 7))
      return kernels.matrices(DeepKernelPoints(inputs, kernels), workers: Workers(count: 1)).tangent
    }
    #expect(try tangent(.standard, scale: 1) == tangent(.standard, scale: 64))
    #expect(try tangent(.standard, scale: 1) == tangent(.naiveStandard, scale: 1))
    let scales = [1e3, 1e4, 1e5]
    let sizes = try scales.map { try tangent(.naiveStandard, scale: $0)[0, 0] }
    #expect(abs(logLogSlope(scales, sizes) - 1) < 0.01)
  }

  @Test func activationsWithoutClosedForm() {
    #expect(DeepKernels(architecture(.tanh), inputDimension: 3) == nil)
    #expect(!DeepKernels.isAvailable(.tanh) && DeepKernels.isAvailable(.gelu))
  }
}
