import Foundation
import LinearAlgebra
import Testing

@Suite struct SymmetricEigenTests {
  /// Eigenvalues 1, 3 with vectors (1, -1), (1, 1) over sqrt(2).
  func checkHandMatrix<Scalar: LAPACKScalar>(_ type: Scalar.Type) throws {
    let matrix = Matrix<Scalar>(rows: 2, columns: 2, elements: [2, .nan, 1, 2])
    let eigen = try #require(SymmetricEigen(matrix))
    #expect(abs(eigen.values[0] - 1) <= 4 * .ulpOfOne)
    #expect(abs(eigen.values[1] - 3) <= 4 * .ulpOfOne)
    #expect(abs(eigen.vectors[0, 0] + eigen.vectors[0, 1]) <= 4 * .ulpOfOne)
    #expect(abs(eigen.vectors[1, 0] - eigen.vectors[1, 1]) <= 4 * .ulpOfOne)
  }

  @Test func eigenvaluesOfAHandMatrix() throws {
    try checkHandMatrix(Double.self)
    try checkHandMatrix(Float.self)
  }

  /// The second-difference matrix has the eigenvalues 2 - 2 cos(k pi / (n + 1)).
  func checkSecondDifferences<Scalar: LAPACKScalar>(_ type: Scalar.Type, order n: Int) throws {
    var matrix = Matrix<Scalar>(rows: n, columns: n, repeating: 0)
    for i in 0..<n {
      matrix[i, i] = 2
      if i > 0 {
        matrix[i, i - 1] = -1
        matrix[i - 1, i] = -1
      }
    }
    let eigen = try #require(SymmetricEigen(matrix))
    for k in 0..<n {
      let exact = 2 - 2 * cos(Double(k + 1) * .pi / Double(n + 1))
      #expect(abs(Double(eigen.values[k]) - exact) <= Double(8 * Scalar.ulpOfOne) * 4)
    }
  }

  @Test(arguments: [1, 5, 60]) func eigenvaluesOfSecondDifferences(order: Int) throws {
    try checkSecondDifferences(Double.self, order: order)
    try checkSecondDifferences(Float.self, order: order)
  }

  func checkResiduals<Scalar: LAPACKScalar>(_ type: Scalar.Type, order n: Int) throws {
    let matrix: Matrix<Scalar> = positiveDefinite(n)
    let eigen = try #require(SymmetricEigen(matrix))
    let bound = 4 * Scalar(n) * Scalar.ulpOfOne
    var residual: Scalar = 0
    var nonorthogonality: Scalar = 0
    for k in 0..<n {
      for i in 0..<n {
        let image = (0..<n).reduce(Scalar(0)) { $0 + matrix[i, $1] * eigen.vectors[k, $1] }
        residual = max(residual, abs(image - eigen.values[k] * eigen.vectors[k, i]))
        let product = (0..<n).reduce(Scalar(0)) { $0 + eigen.vectors[k, $1] * eigen.vectors[i, $1] }
        nonorthogonality = max(nonorthogonality, abs(product - (i == k ? 1 : 0)))
      }
      if k > 0 { #expect(eigen.values[k] >= eigen.values[k - 1]) }
    }
    #expect(residual <= bound * eigen.values[n - 1])
    #expect(nonorthogonality <= bound)
  }

  @Test(arguments: [1, 2, 31, 120]) func residualsAreRounding(order: Int) throws {
    try checkResiduals(Double.self, order: order)
    try checkResiduals(Float.self, order: order)
  }

  @Test func aMatrixThatIsNotFiniteHasNone() {
    #expect(SymmetricEigen(Matrix<Double>(rows: 1, columns: 1, elements: [.nan]))?.values == nil)
    #expect(
      SymmetricEigen(Matrix<Float>(rows: 2, columns: 2, elements: [1, 0, .infinity, 1]))?.values
        == nil)
  }
}
