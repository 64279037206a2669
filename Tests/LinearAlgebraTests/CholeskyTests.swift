import LinearAlgebra
import Testing

@Suite struct CholeskyTests {
  /// The textbook matrix whose factor is whole: every operation is exact in both precisions.
  func checkWholeFactor<Scalar: LAPACKScalar>(_ type: Scalar.Type) {
    // Above the diagonal is what must not be read.
    let matrix = Matrix<Scalar>(
      rows: 3, columns: 3, elements: [4, .nan, .nan, 12, 37, .nan, -16, -43, 98])
    guard case .factorized(let cholesky) = Cholesky.factorize(matrix) else {
      Issue.record("the matrix is positive definite")
      return
    }
    #expect(cholesky.factor.elements == [2, 0, 0, 6, 1, 0, -8, 5, 3])
  }

  @Test func factorOfAHandMatrix() {
    checkWholeFactor(Double.self)
    checkWholeFactor(Float.self)
  }

  func checkProduct<Scalar: LAPACKScalar>(_ type: Scalar.Type, order n: Int) {
    let matrix: Matrix<Scalar> = positiveDefinite(n)
    guard case .factorized(let cholesky) = Cholesky.factorize(matrix) else {
      Issue.record("the matrix is positive definite")
      return
    }
    let l = cholesky.factor
    var largest: Scalar = 0
    var worst: Scalar = 0
    for i in 0..<n {
      #expect(l[i, i] > 0)
      for j in 0..<n {
        if j > i { #expect(l[i, j] == 0) }
        var sum: Scalar = 0
        for k in 0...min(i, j) { sum += l[i, k] * l[j, k] }
        worst = max(worst, abs(sum - matrix[i, j]))
        largest = max(largest, abs(matrix[i, j]))
      }
    }
    #expect(worst <= 4 * Scalar(n) * .ulpOfOne * largest)
  }

  /// Orders below, at and above LAPACK's block sizes.
  @Test(arguments: [1, 2, 33, 150]) func factorTimesItsTransposeIsTheMatrix(order: Int) {
    checkProduct(Double.self, order: order)
    checkProduct(Float.self, order: order)
  }

  func leadingMinor<Scalar: LAPACKScalar>(_ elements: [Scalar], shift: Scalar = 0) -> Int? {
    let n = elements.count == 9 ? 3 : 2
    switch Cholesky.factorize(
      Matrix(rows: n, columns: n, elements: elements), addingToDiagonal: shift)
    {
    case .factorized: return nil
    case .notPositiveDefinite(let minor): return minor
    }
  }

  func checkFailures<Scalar: LAPACKScalar>(_ type: Scalar.Type) {
    #expect(leadingMinor([0, 0, 0, 1] as [Scalar]) == 1)
    #expect(leadingMinor([1, 0, 2, 1] as [Scalar]) == 2)
    // Singular: the last pivot is exactly zero.
    #expect(leadingMinor([1, 0, 0, 1, 1, 0, 1, 1, 1] as [Scalar]) == 2)
    #expect(leadingMinor([1, 0, 0, 1, 2, 0, 1, 2, 1] as [Scalar]) == 3)
    #expect(leadingMinor([1, 0, 0, 1, .nan, 0, 1, 2, 1] as [Scalar]) == 2)
    // Eigenvalues 3 and -1: definite from a shift beyond 1 on.
    #expect(leadingMinor([1, 0, 2, 1] as [Scalar], shift: 0.5) == 2)
    #expect(leadingMinor([1, 0, 2, 1] as [Scalar], shift: 1.5) == nil)
  }

  @Test func aMatrixThatIsNotPositiveDefiniteNamesItsFirstMinor() {
    checkFailures(Double.self)
    checkFailures(Float.self)
  }

  @Test func theEmptyMatrixHasTheEmptyFactor() throws {
    let empty = Matrix<Double>(rows: 0, columns: 0, elements: [])
    guard case .factorized(let cholesky) = Cholesky.factorize(empty) else {
      Issue.record("the empty matrix is positive definite")
      return
    }
    #expect(cholesky.factor == empty)
  }
}
