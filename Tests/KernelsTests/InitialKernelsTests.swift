import Execution
import Foundation
import Kernels
import LinearAlgebra
import Measures
import Networks
import TestSupport
import Testing

@Suite struct InitialKernelsTests {
  static let reference = ReferenceNetwork(width: 128, learningRate: 0.02)

  func kernels(
    _ activation: Activation, dimension: Int, hasBias: Bool = false
  ) -> InitialKernels {
    InitialKernels(
      law: InitialLaw(
        shape: .gaussian, inputDimension: dimension, outputWeightDeviation: 0.7,
        inputWeightDeviation: 1.3 / Double(dimension).squareRoot()),
      architecture: Architecture(activation: activation, hasBias: hasBias),
      reference: Self.reference)
  }

  func inputs(_ count: Int, _ dimension: Int, seed: UInt64 = 6) -> Matrix<Double> {
    let stream = RandomStream(seed: seed, stream: .syntheticData)
    return Matrix(
      rows: count, columns: dimension,
      elements: (0..<count).flatMap { stream.normals(dimension, particle: $0) })
  }

  /// The definition, pair by pair, with the bias as a feature; 300 points leave a remainder beside
  /// two full blocks.
  @Test func matricesAreTheDefinitionPairByPair() {
    let x = inputs(300, 5)
    let kernels = kernels(.leakyReLU(slope: 0.1), dimension: 5, hasBias: true)
    let points = KernelPoints(x, architecture: kernels.architecture)
    let matrices = kernels.matrices(points, workers: Workers(count: 2))
    let dual = DualActivation(.leakyReLU(slope: 0.1))
    let variance = 1.3 * 1.3 / 5
    // sigma*^2 d* = 1, eta d* = 2.56, E[a^2] = 0.49.
    for (i, j) in [(0, 0), (3, 250), (250, 3), (127, 128), (299, 299), (200, 131), (256, 255)] {
      func product(_ a: Int, _ b: Int) -> Double {
        zip(x.row(a), x.row(b)).reduce(1) { $0 + $1.0 * $1.1 }
      }
      let values = dual(
        PairCovariance(
          q11: variance * product(i, i), q12: variance * product(i, j),
          q22: variance * product(j, j)))
      #expect(abs(matrices.covariance[i, j] - 0.49 * values.value) < 1e-13)
      let tangent = 2.56 * values.value + 0.02 * 0.49 * values.derivative * product(i, j)
      #expect(abs(matrices.tangent[i, j] - tangent) < 1e-12)
    }
    #expect(matrices.quadratureError == 0)
  }

  @Test(arguments: [Activation.relu, .gelu, .tanh]) func threadsDoNotChangeBits(
    activation: Activation
  ) {
    let kernels = kernels(activation, dimension: 30)
    let points = KernelPoints(inputs(290, 30), architecture: kernels.architecture)
    let others = KernelPoints(inputs(150, 30, seed: 7), architecture: kernels.architecture)
    let one = kernels.matrices(points, workers: Workers(count: 1))
    #expect(kernels.matrices(points, workers: Workers(count: 3)) == one)
    let crossed = kernels.matrices(points, others, workers: Workers(count: 1))
    #expect(kernels.matrices(points, others, workers: Workers(count: 3)) == crossed)
    #expect(crossed.covariance.rows == 290 && crossed.covariance.columns == 150)
  }

  /// The symmetric matrix is symmetric to the bit, its diagonal is that of `diagonals`, and a set
  /// crossed with itself gives it again, although the products of equal points are rounded
  /// differently from their squared norms.
  @Test(arguments: [Activation.relu, .erf, .gelu, .sin, .tanh])
  func symmetricDiagonalAndCrossedKernelsAgree(activation: Activation) {
    let kernels = kernels(activation, dimension: 40)
    let points = KernelPoints(inputs(140, 40), architecture: kernels.architecture)
    let matrices = kernels.matrices(points, workers: Workers(count: 2))
    let diagonals = kernels.diagonals(points)
    for i in 0..<140 {
      #expect(matrices.covariance[i, i] == diagonals.covariance[i])
      #expect(matrices.tangent[i, i] == diagonals.tangent[i])
      for j in 0..<i {
        #expect(matrices.covariance[i, j] == matrices.covariance[j, i])
        #expect(matrices.tangent[i, j] == matrices.tangent[j, i])
      }
    }
    let crossed = kernels.matrices(points, points, workers: Workers(count: 2))
    #expect(
      largestDifference(crossed.covariance.elements, matrices.covariance.elements) < 1e-13)
    #expect(largestDifference(crossed.tangent.elements, matrices.tangent.elements) < 1e-12)
  }

  /// Points at an angle of 1e-6: for ReLU, E[phi' phi'] = 1/2 - t / (2 pi), an angle that the
  /// products alone would give to about 1e-9 only.
  @Test func anglesOfNearlyEqualPoints() {
    let dimension = 50
    let kernels = kernels(.relu, dimension: dimension)
    let base = inputs(1, dimension)
    let norm = base.elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
    // A direction orthogonal to the point.
    var across = inputs(1, dimension, seed: 9).elements
    let product = zip(across, base.elements).reduce(0) { $0 + $1.0 * $1.1 } / (norm * norm)
    across = zip(across, base.elements).map { $0 - product * $1 }
    let length = across.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let angle = 1e-6
    let turned = zip(base.elements, across).map { $0 + tan(angle) * norm * $1 / length }
    let points = KernelPoints(base, architecture: kernels.architecture)
    let other = KernelPoints(
      Matrix(rows: 1, columns: dimension, elements: turned), architecture: kernels.architecture)
    let values = kernels.matrices(points, other, workers: Workers(count: 1))
    let derivative =
      (values.tangent[0, 0] - 2.56 / 0.49 * values.covariance[0, 0]) / (0.02 * 0.49 * norm * norm)
    #expect(abs((0.5 - derivative) * 2 * Double.pi - angle) < 1e-13)
  }

  /// Kernels are positive semidefinite: the smallest eigenvalue is not below zero by more than
  /// rounding; collinear points make the kernels of ReLU singular.
  @Test(arguments: activations.map(\.activation)) func kernelsArePositive(activation: Activation)
    throws
  {
    let count = 60
    var x = inputs(count, 20)
    for j in 0..<20 { x[1, j] = 2 * x[0, j] }
    let kernels = kernels(activation, dimension: 20)
    let matrices = kernels.matrices(
      KernelPoints(x, architecture: kernels.architecture), workers: Workers(count: 2))
    for matrix in [matrices.covariance, matrices.tangent] {
      let eigen = try #require(SymmetricEigen(matrix))
      #expect(eigen.values[0] > -1e-13 * Double(count) * eigen.values[count - 1])
    }
  }

  /// Matrices of tanh come from Hermite series or, at large variances and small angles, from the
  /// plane; both against the pairs' own quadrature. Points: ordinary, short, long, nearly equal,
  /// opposite.
  @Test(arguments: [0.3, 1.5]) func quadratureMatricesAreTheDefinitionPairByPair(scale: Double) {
    let kernels = kernels(.tanh, dimension: 3)
    var x = inputs(8, 3).map { scale * $0 }
    for j in 0..<3 {
      x[1, j] *= 1e-4
      x[2, j] *= 2
      x[4, j] = x[3, j] * 1.0001
      x[5, j] = -x[3, j]
      x[6, j] = 0
    }
    let points = KernelPoints(x, architecture: kernels.architecture)
    let symmetric = kernels.matrices(points, workers: Workers(count: 2))
    let crossed = kernels.matrices(points, points, workers: Workers(count: 1))
    let dual = DualActivation(.tanh)
    let variance = 1.3 * 1.3 / 3
    for i in 0..<8 {
      for j in 0...i {
        func product(_ a: Int, _ b: Int) -> Double {
          zip(x.row(a), x.row(b)).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let values = dual(
          PairCovariance(
            q11: variance * product(i, i), q12: variance * product(i, j),
            q22: variance * product(j, j)))
        let tangent = 2.56 * values.value + 0.02 * 0.49 * values.derivative * product(i, j)
        for matrices in [symmetric, crossed] {
          let bound = 2e-12 + 2 * matrices.quadratureError
          #expect(abs(matrices.covariance[i, j] - 0.49 * values.value) < bound)
          #expect(abs(matrices.tangent[i, j] - tangent) < bound)
        }
      }
    }
    for matrices in [symmetric, crossed] {
      #expect(matrices.quadratureError > 0 && matrices.quadratureError < 1e-11)
    }
  }

  @Test func emptySetsHaveEmptyKernels() {
    let kernels = kernels(.relu, dimension: 3)
    let none = KernelPoints(
      Matrix(rows: 0, columns: 3, elements: []), architecture: kernels.architecture)
    let some = KernelPoints(inputs(4, 3), architecture: kernels.architecture)
    #expect(kernels.matrices(none, workers: Workers(count: 2)).covariance.elements.isEmpty)
    #expect(kernels.matrices(some, none, workers: Workers(count: 2)).tangent.elements.isEmpty)
  }
}
