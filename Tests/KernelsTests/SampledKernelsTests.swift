import Execution
import Kernels
import LinearAlgebra
import Measures
import Networks
import TestSupport
import Testing

@Suite struct SampledKernelsTests {
  static let reference = ReferenceNetwork(width: 128, learningRate: 0.02)

  func law(_ shape: InitialLaw.Shape, dimension: Int) -> InitialLaw {
    InitialLaw(shape: shape, inputDimension: dimension, inputWeightDeviation: 0.5)
  }

  func sampled(
    _ shape: InitialLaw.Shape, _ activation: Activation, dimension: Int, particles: Int,
    groups: Int = 16
  ) -> SampledKernels {
    SampledKernels(
      sample: InitialSample(
        law: law(shape, dimension: dimension), seed: 1, use: .limit),
      architecture: Architecture(activation: activation, hasBias: true),
      reference: Self.reference, particles: particles, groups: groups)
  }

  func points(_ count: Int, _ dimension: Int, _ activation: Activation, seed: UInt64 = 6)
    -> KernelPoints
  {
    let stream = RandomStream(seed: seed, stream: .syntheticData)
    return KernelPoints(
      Matrix(
        rows: count, columns: dimension,
        elements: (0..<count).flatMap { stream.normals(dimension, particle: $0) }),
      architecture: Architecture(activation: activation, hasBias: true))
  }

  /// Gaussian weights: elements differ from the closed forms by their stated standard errors; of 16
  /// groups the ratio has Student's law of 15 degrees of freedom, beyond 6 with probability 2e-5,
  /// and a mean square of 15/13.
  @Test(
    arguments: [Activation.leakyReLU(slope: 0.1), .erf, .gelu, .sin],
    SampledKernels.Precision.allCases)
  func particlesAgreeWithClosedForms(
    activation: Activation, precision: SampledKernels.Precision
  ) {
    let points = points(9, 3, activation)
    let sampled = sampled(.gaussian, activation, dimension: 3, particles: 16 * 1200).matrices(
      points, precision: precision, workers: Workers(count: 2))
    let exact = InitialKernels(
      law: law(.gaussian, dimension: 3),
      architecture: Architecture(activation: activation, hasBias: true),
      reference: Self.reference
    ).matrices(points, workers: Workers(count: 1))
    for (mean, error, exact) in [
      (sampled.covariance, sampled.covarianceStandardError, exact.covariance),
      (sampled.tangent, sampled.tangentStandardError, exact.tangent),
    ] {
      var sum = 0.0
      for index in 0..<81 {
        let gap = (mean.elements[index] - exact.elements[index]) / error.elements[index]
        #expect(abs(gap) < 6)
        sum += gap * gap
        // 19200 particles: a relative error of the order of 1/sqrt(19200) of the diagonal.
        #expect(error.elements[index] < 0.05 * exact.elements.max()!)
      }
      // Elements are correlated: bounds wide enough for a few independent ones.
      #expect(sum / 81 > 0.05 && sum / 81 < 5)
    }
  }

  /// Uniform weights on one feature and a bias, against the definition: E over a grid of w in the
  /// square, by the midpoint rule.
  @Test func uniformWeightsAreNotGaussianOnes() {
    let activation = Activation.tanh
    let x = [0.8, -2.5]
    let inputs = KernelPoints(
      Matrix(rows: 2, columns: 1, elements: x),
      architecture: Architecture(activation: activation, hasBias: true))
    let sampled = sampled(.uniform, activation, dimension: 1, particles: 16 * 2000).matrices(
      inputs, precision: .double, workers: Workers(count: 2))
    let halfWidth = 0.5 * 3.0.squareRoot()
    let grid = 200
    var expected = [[0.0, 0.0], [0.0, 0.0]]
    for i in 0..<grid {
      for j in 0..<grid {
        let w = ((Double(i) + 0.5) / Double(grid) * 2 - 1) * halfWidth
        let b = ((Double(j) + 0.5) / Double(grid) * 2 - 1) * halfWidth
        let phi = x.map { activation.value(w * $0 + b) }
        for (k, l) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
          expected[k][l] += phi[k] * phi[l] / Double(grid * grid)
        }
      }
    }
    for (k, l) in [(0, 0), (0, 1), (1, 1)] {
      // sigma*^2 d* E[a^2] = 1/3.
      let gap = sampled.covariance[k, l] - expected[k][l] / 3
      #expect(abs(gap) < 6 * sampled.covarianceStandardError[k, l])
    }
  }

  /// The definition in plain loops, on sizes with remainders: 130 points are two blocks, 300
  /// particles a group two blocks.
  @Test func sumsAreTheDefinition() {
    let activation = Activation.erf
    let kernels = sampled(.uniform, activation, dimension: 2, particles: 600, groups: 2)
    let points = points(130, 2, activation)
    let matrices = kernels.matrices(points, precision: .double, workers: Workers(count: 2))
    var a = [Double](repeating: 0, count: 600)
    var w = [Double](repeating: 0, count: 1800)
    kernels.sample.fill(first: 0, count: 600, features: 3, outputWeights: &a, inputWeights: &w)
    for (i, j) in [(0, 0), (5, 129), (129, 5), (127, 128)] {
      var groups: [Double] = []
      for group in 0..<2 {
        var sum = 0.0
        for r in (group * 300)..<(group * 300 + 300) {
          func z(_ point: Int) -> Double {
            (0..<3).reduce(0) { $0 + w[3 * r + $1] * points.inputs[point, $1] }
          }
          let product = zip(points.inputs.row(i), points.inputs.row(j)).reduce(0) {
            $0 + $1.0 * $1.1
          }
          sum += 2.56 * activation.value(z(i)) * activation.value(z(j))
          sum +=
            0.02 / 3 * activation.derivative(z(i)) * activation.derivative(z(j)) * product
        }
        groups.append(sum / 300)
      }
      #expect(abs(matrices.tangent[i, j] - (groups[0] + groups[1]) / 2) < 1e-12)
      #expect(abs(matrices.tangentStandardError[i, j] - abs(groups[0] - groups[1]) / 2) < 1e-12)
    }
  }

  @Test(arguments: SampledKernels.Precision.allCases)
  func threadsDoNotChangeBits(precision: SampledKernels.Precision) {
    let kernels = sampled(
      .gaussian, .relu, dimension: 4, particles: 1400, groups: 2)
    let rows = points(150, 4, .relu)
    let columns = points(40, 4, .relu, seed: 8)
    let symmetric = kernels.matrices(rows, precision: precision, workers: Workers(count: 1))
    #expect(
      kernels.matrices(rows, precision: precision, workers: Workers(count: 3)) == symmetric)
    let crossed = kernels.matrices(rows, columns, precision: precision, workers: Workers(count: 1))
    #expect(
      kernels.matrices(rows, columns, precision: precision, workers: Workers(count: 3)) == crossed)
    for i in 0..<150 {
      for j in 0..<i { #expect(symmetric.tangent[i, j] == symmetric.tangent[j, i]) }
    }
    let again = kernels.matrices(rows, rows, precision: precision, workers: Workers(count: 2))
    let tolerance = precision == .double ? 1e-13 : 1e-5
    #expect(
      largestDifference(again.covariance.elements, symmetric.covariance.elements) < tolerance)
  }
}
