import LinearAlgebra
import Measures
import Networks
import TestSupport
import Testing

@testable import ParticleSystems

@Suite struct InputBasisTests {
  func numbers(_ rows: Int, _ columns: Int, seed: UInt64 = 41) -> Matrix<Double> {
    let stream = RandomStream(seed: seed, stream: .syntheticData)
    return Matrix(
      rows: rows, columns: columns,
      elements: (0..<rows).flatMap { stream.normals(columns, particle: $0) })
  }

  func basis(
    _ training: Matrix<Double>, test: Matrix<Double>? = nil, bias: Bool = false,
    span: InputBasis.Span
  ) -> InputBasis {
    let test = test ?? Matrix(rows: 0, columns: training.columns, elements: [])
    return InputBasis(
      LearningProblem(
        trainingInputs: training, trainingLabels: Array(repeating: 1, count: training.rows),
        testInputs: test, testLabels: Array(repeating: 1, count: test.rows), task: .regression),
      architecture: Architecture(activation: .tanh, hasBias: bias), span: span)
  }

  func withOnes(_ inputs: Matrix<Double>) -> Matrix<Double> {
    Matrix(
      rows: inputs.rows, columns: inputs.columns + 1,
      elements: (0..<inputs.rows).flatMap { Array(inputs.row($0)) + [1] })
  }

  /// Orthonormal vectors, coordinates that are scalar products with them, and inputs that the
  /// coordinates make again.
  func check(_ basis: InputBasis, _ inputs: Matrix<Double>, _ comment: Comment) throws {
    let vectors = try #require(basis.vectors)
    #expect(vectors.rows == basis.coordinates && vectors.columns == inputs.columns, comment)
    var products = vectors.times(transposed: vectors)
    for i in 0..<vectors.rows { products[i, i] -= 1 }
    #expect(products.elements.allSatisfy { abs($0) < 1e-13 }, comment)
    let scale = 1 + (inputs.elements.map { abs($0) }.max() ?? 0)
    let again = basis.training.times(vectors)
    #expect(largestDifference(again.elements, inputs.elements) < 1e-12 * scale, comment)
  }

  /// |x|^2 of the columns of the coordinates, the columns' products, and squared singular values in
  /// descending order from the larger of the two Gram matrices (the basis takes the smaller one).
  func checkPrincipalOrder(_ basis: InputBasis, _ inputs: Matrix<Double>, _ comment: Comment) throws
  {
    let gram =
      inputs.columns > inputs.rows
      ? inputs.transposed().times(inputs) : inputs.times(transposed: inputs)
    let eigen = try #require(SymmetricEigen(gram))
    let squares = Array(eigen.values.reversed().prefix(basis.movingCoordinates))
    let products = basis.training.transposed().times(basis.training)
    for k in 0..<basis.coordinates {
      #expect(products.row(k).prefix(k).allSatisfy { abs($0) < 1e-11 * squares[0] }, comment)
      let expected = k < basis.movingCoordinates ? squares[k] : 0
      #expect(abs(products[k, k] - expected) < 1e-12 * squares[0], comment)
    }
  }

  @Test(
    arguments: [(20, 3), (5, 9), (12, 12), (1, 4), (70, 90), (90, 70)], [false, true])
  func trainingInputsInTheirPrincipalComponents(size: (Int, Int), bias: Bool) throws {
    let inputs = numbers(size.0, size.1)
    let features = bias ? withOnes(inputs) : inputs
    let test = numbers(4, size.1, seed: 42)
    let rank = min(size.0, features.columns)
    for span in [InputBasis.Span.trainingInputs, .allInputs] {
      let basis = basis(inputs, test: test, bias: bias, span: span)
      let comment = Comment(rawValue: "\(size) \(bias) \(span)")
      #expect(basis.movingCoordinates == rank && basis.inputFeatures == features.columns, comment)
      #expect(
        basis.coordinates
          == (span == .trainingInputs ? rank : min(size.0 + 4, features.columns)), comment)
      try check(basis, features, comment)
      try checkPrincipalOrder(basis, features, comment)
      if span == .allInputs {
        let spanned = bias ? withOnes(test) : test
        let again = basis.test.times(try #require(basis.vectors))
        #expect(largestDifference(again.elements, spanned.elements) < 1e-12, comment)
        #expect(basis.testResiduals.allSatisfy { $0 < 1e-12 }, comment)
      }
    }
  }

  @Test func everythingIsTheInputsThemselves() {
    let inputs = numbers(6, 4)
    let test = numbers(2, 4, seed: 42)
    let basis = basis(inputs, test: test, bias: true, span: .everything)
    #expect(basis.vectors == nil && basis.coordinates == 5 && basis.movingCoordinates == 5)
    #expect(basis.training == withOnes(inputs) && basis.test == withOnes(test))
    #expect(basis.testResiduals == [0, 0])
  }

  @Test func dependentInputsHaveFewerCoordinates() throws {
    let wide = numbers(4, 9)
    let tall = numbers(15, 5)
    var column = tall
    for i in 0..<15 { column[i, 2] = 0 }
    let duplicates = Matrix(rows: 8, columns: 9, elements: wide.elements + wide.elements)
    let product = numbers(12, 3).times(numbers(3, 10, seed: 43))
    for (inputs, rank) in [(duplicates, 4), (column, 4), (product, 3)] {
      for span in [InputBasis.Span.trainingInputs, .allInputs] {
        let basis = basis(inputs, span: span)
        #expect(basis.movingCoordinates == rank && basis.coordinates == rank)
        try check(basis, inputs, "rank \(rank)")
        try checkPrincipalOrder(basis, inputs, "rank \(rank)")
      }
    }
  }

  @Test func inputsOfZerosKeepOneCoordinate() throws {
    let zeros = Matrix(rows: 3, columns: 4, repeating: 0.0)
    let basis = basis(zeros, test: numbers(2, 4), span: .trainingInputs)
    #expect(basis.coordinates == 1 && basis.movingCoordinates == 0)
    #expect(basis.training.elements == [0, 0, 0])
    try check(basis, zeros, "zeros")
    // Length is kept: |x|^2 = |coordinates|^2 + residual^2.
    for i in 0..<2 {
      let length = numbers(2, 4).row(i).reduce(0) { $0 + $1 * $1 }
      let square = basis.test[i, 0] * basis.test[i, 0] + pow2(basis.testResiduals[i])
      #expect(abs(square - length) < 1e-13 * length)
    }
    // With a bias the constant feature is what is left.
    let biased = self.basis(zeros, bias: true, span: .trainingInputs)
    #expect(biased.coordinates == 1 && biased.movingCoordinates == 1)
    #expect(biased.training.elements.allSatisfy { abs(abs($0) - 1) < 1e-15 })
  }

  private func pow2(_ x: Double) -> Double { x * x }

  /// min_c |x - X^T c| by the normal equations and Gaussian elimination.
  @Test(arguments: [false, true]) func residualsAreThoseOfLeastSquares(bias: Bool) {
    let inputs = numbers(6, 11)
    let test = numbers(9, 11, seed: 44)
    let basis = basis(inputs, test: test, bias: bias, span: .trainingInputs)
    let x = bias ? withOnes(inputs) : inputs
    let y = bias ? withOnes(test) : test
    for t in 0..<9 {
      var rows = (0..<6).map { i in
        (0..<6).map { j in dot(x.row(i), x.row(j)) } + [dot(x.row(i), y.row(t))]
      }
      for k in 0..<6 {
        for i in (k + 1)..<max(6, k + 1) {
          let factor = rows[i][k] / rows[k][k]
          for j in k..<7 { rows[i][j] -= factor * rows[k][j] }
        }
      }
      var c = [Double](repeating: 0, count: 6)
      for k in (0..<6).reversed() {
        c[k] = (rows[k][6] - (k + 1..<6).reduce(0) { $0 + rows[k][$1] * c[$1] }) / rows[k][k]
      }
      var square = 0.0
      for j in 0..<x.columns {
        let rest = y[t, j] - (0..<6).reduce(0) { $0 + c[$1] * x[$1, j] }
        square += rest * rest
      }
      #expect(abs(basis.testResiduals[t] - square.squareRoot()) < 1e-12)
      #expect(basis.testResiduals[t] > 0.5)
    }
  }

  private func dot(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// A test point within the span is told to be so exactly.
  @Test func pointsOfTheSpanHaveNoResidual() {
    let inputs = numbers(6, 11)
    let basis = basis(
      inputs, test: numbers(3, 6, seed: 45).times(inputs), span: .trainingInputs)
    #expect(basis.testResiduals == [0, 0, 0])
  }

  /// Singular values 1, 1e-1, ..., 1e-10.
  @Test(arguments: [(11, 30), (30, 11)]) func badlyConditionedInputs(size: (Int, Int)) throws {
    func orthonormal(_ columns: Int, seed: UInt64) -> Matrix<Double> {
      var rows = OrthonormalRows(columns: columns)
      rows.append(numbers(11, columns, seed: seed), tolerance: 1e-12)
      return rows.matrix
    }
    var left = orthonormal(size.0, seed: 46)
    var value = 1.0
    for k in 0..<11 {
      for i in 0..<size.0 { left[k, i] *= value }
      value /= 10
    }
    let inputs = left.transposed().times(orthonormal(size.1, seed: 47))
    let basis = basis(inputs, span: .trainingInputs)
    #expect(basis.movingCoordinates == 11)
    try check(basis, inputs, "\(size)")
    // Eigenvalues of a Gram matrix have errors of 1e-16 of the largest: singular values above 1e-7.
    value = 1
    for k in 0..<6 {
      let norm = (0..<size.0).reduce(0) { $0 + pow2(basis.training[$1, k]) }.squareRoot()
      #expect(abs(norm - value) < 1e-4 * value)
      value /= 10
    }
    // Reproduced far below the smallest singular value.
    let again = basis.training.times(try #require(basis.vectors))
    #expect(largestDifference(again.elements, inputs.elements) < 1e-13)
  }
}
