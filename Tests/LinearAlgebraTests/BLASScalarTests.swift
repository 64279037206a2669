import LinearAlgebra
import Testing

@Suite struct BLASScalarTests {
  /// Row-major products in all four transpositions, with leading dimensions beyond the columns,
  /// against the definition; small whole numbers, so that both are exact.
  func check<Scalar: BLASScalar>(_ type: Scalar.Type, transposeA: Bool, transposeB: Bool) {
    let (m, n, k) = (3, 4, 5)
    let (leadingA, leadingB, leadingC) = (7, 6, 5)
    let a = (0..<50).map { Scalar(($0 * 7) % 11 - 5) }
    let b = (0..<50).map { Scalar(($0 * 5) % 13 - 6) }
    var c = (0..<20).map { Scalar($0) }
    let before = c
    Scalar.multiply(
      a, transposed: transposeA, leading: leadingA, b, transposed: transposeB, leading: leadingB,
      into: &c, leading: leadingC, m: m, n: n, k: k, alpha: 2, beta: 3)
    for i in 0..<m {
      for j in 0..<n {
        var sum: Scalar = 0
        for l in 0..<k {
          sum +=
            (transposeA ? a[l * leadingA + i] : a[i * leadingA + l])
            * (transposeB ? b[j * leadingB + l] : b[l * leadingB + j])
        }
        #expect(c[i * leadingC + j] == 2 * sum + 3 * before[i * leadingC + j])
      }
      #expect(c[i * leadingC + n] == before[i * leadingC + n])
    }
  }

  @Test(arguments: [false, true], [false, true])
  func multiplyMatchesItsDefinition(transposeA: Bool, transposeB: Bool) {
    check(Double.self, transposeA: transposeA, transposeB: transposeB)
    check(Float.self, transposeA: transposeA, transposeB: transposeB)
  }

  /// The lower triangle and what is between the rows do not matter.
  func checkSymmetric<Scalar: BLASScalar>(_ type: Scalar.Type) {
    let (n, leading) = (5, 7)
    let element = { (i: Int, j: Int) in Scalar((min(i, j) * 7 + max(i, j) * 3) % 11 - 5) }
    var a = [Scalar](repeating: .nan, count: n * leading)
    for i in 0..<n { for j in i..<n { a[i * leading + j] = element(i, j) } }
    let x = (0..<n).map { Scalar(($0 * 5) % 7 - 3) }
    var y = [Scalar](repeating: .nan, count: n)
    Scalar.multiply(symmetric: a, leading: leading, x, into: &y, count: n)
    #expect(y == (0..<n).map { i in (0..<n).reduce(0) { $0 + element(i, $1) * x[$1] } })
  }

  @Test func symmetricProductMatchesItsDefinition() {
    checkSymmetric(Double.self)
    checkSymmetric(Float.self)
  }
}
