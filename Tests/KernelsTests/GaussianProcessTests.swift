import Execution
import Kernels
import LinearAlgebra
import Measures
import Networks
import TestSupport
import Testing

@Suite struct GaussianProcessTests {
  func covariance(_ count: Int) -> Matrix<Double> {
    let stream = RandomStream(seed: 3, stream: .syntheticData)
    let architecture = Architecture(activation: .relu, hasBias: false)
    let kernels = InitialKernels(
      law: InitialLaw(shape: .gaussian, inputDimension: 6), architecture: architecture,
      reference: ReferenceNetwork(width: 128, learningRate: 0.02))
    let inputs = Matrix(
      rows: count, columns: 6, elements: (0..<count).flatMap { stream.normals(6, particle: $0) })
    return kernels.matrices(
      KernelPoints(inputs, architecture: architecture), workers: Workers(count: 1)
    ).covariance
  }

  /// Means and covariances of 20,000 realizations, each within five of its own standard errors:
  /// Var(f_i f_j) = C_ii C_jj + C_ij^2.
  func checkMoments(_ process: GaussianProcess, _ covariance: Matrix<Double>) {
    let count = 20_000
    let n = covariance.rows
    let draws = process.realizations(0..<count, seed: 1)
    for i in 0..<n {
      let mean = draws.row(i).reduce(0, +) / Double(count)
      #expect(abs(mean) <= 5 * (covariance[i, i] / Double(count)).squareRoot())
      for j in 0...i {
        let product = zip(draws.row(i), draws.row(j)).reduce(0) { $0 + $1.0 * $1.1 }
        let variance =
          covariance[i, i] * covariance[j, j] + covariance[i, j] * covariance[i, j]
        #expect(
          abs(product / Double(count) - covariance[i, j])
            <= 5 * (variance / Double(count)).squareRoot())
      }
    }
  }

  @Test func drawsHaveTheCovarianceByCholesky() throws {
    let covariance = covariance(5)
    let process = try #require(GaussianProcess(covariance: covariance))
    #expect(process.factorization == .cholesky(relativeJitter: 0))
    checkMoments(process, covariance)
  }

  /// Eigenvalues 3 and -1 (that of (1, -1)): the clipped covariance is 3/2 for every element.
  @Test func negativeEigenvaluesAreClippedAndReported() throws {
    let matrix = Matrix(rows: 2, columns: 2, elements: [1.0, 2, 2, 1])
    let process = try #require(GaussianProcess(covariance: matrix))
    guard case .eigenvalues(let minimum, let mass) = process.factorization else {
      Issue.record("\(process.factorization)")
      return
    }
    #expect(abs(minimum + 1) < 1e-14)
    #expect(abs(mass - 0.25) < 1e-14)
    checkMoments(process, Matrix(rows: 2, columns: 2, repeating: 1.5))
    let draws = process.realizations(0..<50, seed: 4)
    #expect(largestDifference(Array(draws.row(0)), Array(draws.row(1))) < 1e-14)
  }

  /// With an eigenvalue of -2e-9 of the diagonal, jitters up to 1e-9 fail and 1e-8 suffices.
  @Test func theSmallestSufficientJitterIsTaken() throws {
    let e = 2e-9
    let matrix = Matrix(rows: 2, columns: 2, elements: [1, 1 + e, 1 + e, 1])
    let process = try #require(GaussianProcess(covariance: matrix))
    #expect(process.factorization == .cholesky(relativeJitter: 1e-8))
    let scaled = try #require(GaussianProcess(covariance: matrix.map { 1e6 * $0 }))
    #expect(scaled.factorization == .cholesky(relativeJitter: 1e-8))
  }

  /// More points than features with a linear activation: rank 6 of 40.
  @Test func singularCovariancesCanBeDrawn() throws {
    let stream = RandomStream(seed: 3, stream: .syntheticData)
    var x = (0..<39).map { stream.normals(6, particle: $0) }
    x.append(x[0].map { 2 * $0 })
    let matrix = Matrix(
      rows: 40, columns: 40,
      elements: (0..<1600).map { k in zip(x[k / 40], x[k % 40]).reduce(0) { $0 + $1.0 * $1.1 } })
    let process = try #require(GaussianProcess(covariance: matrix))
    guard case .cholesky(let jitter) = process.factorization else {
      Issue.record("\(process.factorization)")
      return
    }
    #expect(jitter <= 1e-13)
    // Realizations are linear functions of the inputs, up to the jitter: twice the first point has
    // twice the value.
    let draws = process.realizations(0..<3, seed: 2)
    for r in 0..<3 { #expect(abs(draws[39, r] - 2 * draws[0, r]) < 1e-5) }
  }

  @Test func theZeroCovarianceDrawsZeros() throws {
    let process = try #require(
      GaussianProcess(covariance: Matrix(rows: 3, columns: 3, repeating: 0)))
    #expect(process.factorization == .eigenvalues(minimumEigenvalue: 0, clippedMass: 0))
    #expect(process.realizations(0..<2, seed: 1).elements.allSatisfy { $0 == 0 })
  }

  /// To the bit, on a size at which matrix products take their blocked paths.
  @Test func aRealizationDoesNotDependOnTheOthers() throws {
    for matrix in [covariance(70), Matrix(rows: 2, columns: 2, elements: [1.0, 2, 2, 1])] {
      let process = try #require(GaussianProcess(covariance: matrix))
      let all = process.realizations(0..<100, seed: 5)
      for range in [0..<1, 15..<17, 37..<80, 99..<100] {
        let part = process.realizations(range, seed: 5)
        for i in 0..<matrix.rows {
          #expect(
            Array(part.row(i))
              == Array(all.row(i)[(all.columns * i + range.lowerBound)...].prefix(range.count)))
        }
      }
      #expect(
        process.realizations(0..<1, seed: 6).elements
          != process.realizations(0..<1, seed: 5).elements)
    }
  }

  @Test func aCovarianceThatIsNotFiniteHasNoProcess() {
    #expect(
      GaussianProcess(covariance: Matrix(rows: 1, columns: 1, elements: [.nan]))?.dimension == nil)
  }
}
