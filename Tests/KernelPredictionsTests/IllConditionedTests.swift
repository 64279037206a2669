import Execution
import Foundation
import KernelPredictions
import LinearAlgebra
import Testing

/// Kernels of low rank: what is known is predicted, what rounding left is not divided by.
@Suite struct IllConditionedTests {
  /// Six points on a line through zero and a linear kernel: rank 1 exactly, five eigenvalues of rounding.
  let x = [0.5, -1, 2, 3, -0.7, 1.3]
  let other = [1.0, -2, 0.1]

  func kernel(_ rows: [Double], _ columns: [Double]) -> Matrix<Double> {
    Matrix(
      rows: rows.count, columns: columns.count,
      elements: rows.flatMap { a in columns.map { a * $0 } })
  }

  /// The slope starts from N(0, 1) and moves to that of least squares.
  @Test func aLineIsFittedByLeastSquares() throws {
    let basis = try #require(KernelEigenbasis(kernel(x, x)))
    #expect(basis.leftOut == 5)
    #expect(abs(basis.smallest) < 1e-14 && abs(basis.largest - 16.43) < 0.01)
    let targets = Matrix(rows: 6, columns: 1, elements: [1.0, 0, 2, 1, -1, 3])
    let square = x.reduce(0) { $0 + $1 * $1 }
    let slope = zip(x, targets.elements).reduce(0) { $0 + $1.0 * $1.1 } / square
    let ensemble = TrainedEnsemble(basis, initialCovariance: kernel(x, x), learningRate: 0.6)
    let points = ensemble.points(
      tangent: kernel(other, x), nngp: kernel(other, x), prior: .full(kernel(other, other)))
    for time in [0.0, 0.7, 40, 1e8, 1e30, .infinity] {
      let left = exp(-0.1 * square * time)
      let made = ensemble.prediction(points, targets: targets, time: time)
      for i in 0..<3 {
        #expect(abs(made.mean[i, 0] - slope * other[i] * (1 - left)) < 1e-13)
        #expect(abs(made.variances[i] - other[i] * other[i] * left * left) < 1e-13)
        for j in 0..<3 {
          #expect(abs(made.covariance![i, j] - other[i] * other[j] * left * left) < 1e-13)
        }
      }
      let fitted = ensemble.trainingPrediction(targets: targets, time: time)
      for i in 0..<6 { #expect(abs(fitted.mean[i, 0] - slope * x[i] * (1 - left)) < 1e-13) }
    }
    let unfitted = zip(x, targets.elements).reduce(0) { $0 + pow($1.1 - slope * $1.0, 2) }
    let total = targets.elements.reduce(0) { $0 + $1 * $1 }
    #expect(abs(basis.shareLeftOut(of: targets) - unfitted / total) < 1e-14)
  }

  @Test func posteriorsOfLowRank() throws {
    let targets = Matrix(rows: 6, columns: 1, elements: [1.0, 0, 2, 1, -1, 3])
    let square = x.reduce(0) { $0 + $1 * $1 }
    let product = zip(x, targets.elements).reduce(0) { $0 + $1.0 * $1.1 }
    for noise in [0, 0.5] {
      let basis = try #require(KernelEigenbasis(kernel(x, x), addingToDiagonal: noise))
      #expect(basis.leftOut == (noise > 0 ? 0 : 5))
      let made = KernelPosterior(basis).prediction(
        across: kernel(other, x), prior: .full(kernel(other, other)), targets: targets)
      // Of a slope with the prior N(0, 1).
      for i in 0..<3 {
        #expect(abs(made.mean[i, 0] - other[i] * product / (square + noise)) < 1e-13)
        #expect(
          abs(made.variances[i] - other[i] * other[i] * noise / (square + noise)) < 1e-13)
      }
    }
  }

  /// An element of single precision is known to 6e-8: what lies below counts as rounding.
  @Test func roundingUnitsOfTheElements() throws {
    var matrix = Matrix<Double>(rows: 3, columns: 3, repeating: 0)
    for (i, value) in [1, 1e-5, 1e-9].enumerated() { matrix[i, i] = value }
    #expect(try #require(KernelEigenbasis(matrix)).leftOut == 0)
    let single = try #require(
      KernelEigenbasis(matrix, roundingUnit: Double(Float.ulpOfOne)))
    #expect(single.leftOut == 1 && single.isKept(1) && !single.isKept(0))
    matrix[1, 0] = .nan
    #expect(KernelEigenbasis(matrix) == nil)
  }

  @Test func negativeEigenvaluesAreLeftOut() throws {
    let matrix = Matrix<Double>(rows: 2, columns: 2, elements: [1, 2, 2, 1])
    let basis = try #require(KernelEigenbasis(matrix))
    #expect(abs(basis.smallest + 1) < 1e-15 && basis.leftOut == 1)
    let zero = try #require(KernelEigenbasis(Matrix(rows: 2, columns: 2, repeating: 0)))
    #expect(zero.leftOut == 2)
  }
}
