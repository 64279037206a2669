import LinearAlgebra
import TestSupport
import Testing

@Suite struct OrthonormalRowsTests {
  /// Numbers in [-1, 1] without a pattern: a quadratic residue generator.
  func matrix(_ rows: Int, _ columns: Int, seed: UInt64 = 1) -> Matrix<Double> {
    var state = seed
    return Matrix(
      rows: rows, columns: columns,
      elements: (0..<(rows * columns)).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 11) / Double(1 << 52) - 1
      })
  }

  func orthonormal(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix<Double> {
    var basis = OrthonormalRows(columns: columns)
    basis.append(matrix(rows, columns, seed: seed), tolerance: 1e-12)
    return basis.matrix
  }

  func checkOrthonormal(_ basis: Matrix<Double>) {
    var worst = 0.0
    for i in 0..<basis.rows {
      for j in 0...i {
        let dot = zip(basis.row(i), basis.row(j)).reduce(0) { $0 + $1.0 * $1.1 }
        worst = max(worst, abs(dot - (i == j ? 1 : 0)))
      }
    }
    #expect(worst < 1e-13)
  }

  /// The largest length that projections on the rows of `basis` leave of the rows of `inputs`.
  func remainder(_ inputs: Matrix<Double>, _ basis: Matrix<Double>) -> Double {
    var largest = 0.0
    for i in 0..<inputs.rows {
      var rest = Array(inputs.row(i))
      for k in 0..<basis.rows {
        let share = zip(inputs.row(i), basis.row(k)).reduce(0) { $0 + $1.0 * $1.1 }
        for j in rest.indices { rest[j] -= share * basis[k, j] }
      }
      largest = max(largest, rest.reduce(0) { $0 + $1 * $1 }.squareRoot())
    }
    return largest
  }

  /// Fewer, as many and more rows than a panel of 64.
  @Test(arguments: [(1, 1), (5, 9), (64, 64), (70, 90), (100, 120)])
  func basisReproducesTheRowsInTheirOrder(size: (rows: Int, columns: Int)) {
    let inputs = matrix(size.rows, size.columns)
    var basis = OrthonormalRows(columns: size.columns)
    basis.append(inputs, tolerance: 1e-12)
    #expect(basis.count == size.rows)
    checkOrthonormal(basis.matrix)
    #expect(remainder(inputs, basis.matrix) < 1e-12)
    // Row i lies in the span of the first i + 1 vectors.
    let shares = inputs.times(transposed: basis.matrix)
    let later = (0..<size.rows).flatMap { shares.row($0).dropFirst($0 + 1) }
    #expect(later.allSatisfy { abs($0) < 1e-12 })
  }

  @Test func dependentRowsAddNothing() {
    let inputs = matrix(90, 7, seed: 2).times(matrix(7, 40, seed: 3))
    var basis = OrthonormalRows(columns: 40)
    basis.append(inputs, tolerance: 1e-12)
    #expect(basis.count == 7)
    checkOrthonormal(basis.matrix)
    #expect(remainder(inputs, basis.matrix) < 1e-12)
    basis.append(matrix(3, 90, seed: 4).times(inputs), tolerance: 1e-12)
    #expect(basis.count == 7)
    basis.append(Matrix(rows: 2, columns: 40, repeating: 0), tolerance: 1e-12)
    basis.append(Matrix(rows: 0, columns: 40, elements: []), tolerance: 1e-12)
    #expect(basis.count == 7)
    basis.append(matrix(2, 40, seed: 5), tolerance: 1e-12)
    #expect(basis.count == 9)
    checkOrthonormal(basis.matrix)
  }

  @Test func thereAreNoMoreVectorsThanColumns() {
    var basis = OrthonormalRows(columns: 12)
    basis.append(matrix(30, 12), tolerance: 1e-12)
    #expect(basis.count == 12)
    basis.append(matrix(30, 12, seed: 9), tolerance: 0)
    #expect(basis.count == 12)
    checkOrthonormal(basis.matrix)
  }

  /// A short remainder of a long vector is mostly rounding error: 1e-9 of a vector's length is left,
  /// with seven digits right, and must still be orthogonal to rounding.
  @Test func nearlyDependentRowsStayOrthogonal() {
    let start = orthonormal(20, 50, seed: 6)
    let noise = matrix(10, 50, seed: 7)
    var close = matrix(10, 20, seed: 8).times(start)
    for i in close.elements.indices { close.elements[i] += 1e-9 * noise.elements[i] }
    var basis = OrthonormalRows(columns: 50)
    basis.append(start, tolerance: 1e-12)
    basis.append(close, tolerance: 1e-12)
    #expect(basis.count == 30)
    checkOrthonormal(basis.matrix)
    #expect(remainder(close, basis.matrix) < 1e-13)
    // Below the tolerance they add nothing.
    var coarse = OrthonormalRows(columns: 50)
    coarse.append(start, tolerance: 1e-12)
    coarse.append(close, tolerance: 1e-6)
    #expect(coarse.count == 20)
  }

  /// The Hilbert matrix, of condition 1e16 at order 12.
  @Test func illConditionedRowsStayOrthogonal() {
    var hilbert = Matrix(rows: 12, columns: 12, repeating: 0.0)
    for i in 0..<12 {
      for j in 0..<12 { hilbert[i, j] = 1 / Double(i + j + 1) }
    }
    var basis = OrthonormalRows(columns: 12)
    basis.append(hilbert, tolerance: 1e-12)
    #expect((8...12).contains(basis.count))
    checkOrthonormal(basis.matrix)
    #expect(remainder(hilbert, basis.matrix) < 2e-12)
  }
}
