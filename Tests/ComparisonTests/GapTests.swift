import Comparison
import LinearAlgebra
import Testing

@Suite struct SeedGapTests {
  @Test func byHand() throws {
    let values = Matrix(rows: 2, columns: 2, elements: [1.0, 5, 3, 9])
    let gap = SeedGap(values, deterministicLimit: [0, 6])
    // Differences 1, -1 and 3, 3; means 2 and 1; variances 2 and 8.
    #expect(isClose(gap.rms, 5.0.squareRoot(), 1e-15))
    #expect(isClose(gap.meanGap, 2.5.squareRoot(), 1e-15))
    #expect(isClose(try #require(gap.fluctuation), 5.0.squareRoot(), 1e-15))
    #expect(isClose(try #require(gap.meanGapFloor), 2.5.squareRoot(), 1e-15))
    #expect(abs(try #require(gap.squaredBias)) < 1e-14)
  }

  @Test func oneSeedHasNoFluctuation() {
    let one = Matrix(rows: 1, columns: 2, elements: [1.0, 5])
    let gap = SeedGap(one, deterministicLimit: [0, 6])
    #expect(gap.rms == 1 && gap.meanGap == 1)
    #expect(gap.fluctuation == nil && gap.meanGapFloor == nil && gap.squaredBias == nil)
    let many = SeedGap(
      Matrix(rows: 2, columns: 1, elements: [1.0, 2]),
      realizations: Matrix(rows: 1, columns: 1, elements: [1.0]))
    #expect(many.fluctuation != nil && many.meanGapFloor == nil)
  }

  @Test func paired() {
    let (a, b) = (normalMatrix(4, 3, seed: 1), normalMatrix(4, 3, seed: 2))
    let gap = SeedGap(a, pairedLimits: b)
    var squares = 0.0
    for (x, y) in zip(a.elements, b.elements) { squares += (x - y) * (x - y) }
    #expect(isClose(gap.rms, (squares / 12).squareRoot(), 1e-14))
    #expect(SeedGap(a, pairedLimits: a).rms == 0)
  }

  /// The root mean square over all pairs, as a double sum.
  @Test func realizations() {
    let (a, b) = (normalMatrix(4, 3, seed: 3), normalMatrix(5, 3, seed: 4))
    var squares = 0.0
    for i in 0..<4 {
      for j in 0..<5 {
        for k in 0..<3 { squares += (a[i, k] - b[j, k]) * (a[i, k] - b[j, k]) / 60 }
      }
    }
    #expect(isClose(SeedGap(a, realizations: b).rms, squares.squareRoot(), 1e-14))
  }

  /// The corrected bias of drawn samples is that of their law: 0.3^2.
  @Test func biasIsUnbiased() throws {
    let runs = 500
    var values: [Double] = []
    for run in 0..<runs {
      let nets = Matrix(
        rows: 6, columns: 4, elements: normals(24, seed: 30, particle: 2 * run).map { $0 + 0.3 })
      let limit = Matrix(
        rows: 3, columns: 4, elements: normals(12, seed: 30, particle: 2 * run + 1).map { 2 * $0 })
      values.append(try #require(SeedGap(nets, realizations: limit).squaredBias))
    }
    let gap = ScalarGap(values, deterministicLimit: 0.09)
    #expect(abs(gap.mean) < 3 * (try #require(gap.standardError)))
  }

  @Test func relative() {
    #expect(relativeGap([3.0, 0], to: [3.0, 4]) == 0.8)
    #expect(relativeGap([1.0], to: [0.0]) == nil)
  }
}

@Suite struct ScalarGapTests {
  @Test func losses() throws {
    let gap = ScalarGap([1, 2, 3], deterministicLimit: 0.5)
    #expect(gap.mean == 1.5 && gap.standardDeviation == 1)
    #expect(isClose(try #require(gap.standardError), 1 / 3.0.squareRoot(), 1e-15))
    let random = ScalarGap([1, 2, 3], realizations: [0, 4])
    #expect(random.mean == 0 && isClose(random.standardError!, (1.0 / 3 + 4).squareRoot(), 1e-15))
    let paired = ScalarGap([1, 2, 3], pairedLimits: [0, 1, 2])
    #expect(paired.mean == 1 && paired.standardError == 0)
    let one = ScalarGap([1], deterministicLimit: 0.5)
    #expect(one.mean == 0.5 && one.standardError == nil && one.standardDeviation == nil)
    #expect(ScalarGap([1, 2], realizations: [1]).standardError == nil)
  }
}

@Suite struct ClassDisagreementTests {
  @Test func signs() {
    let nets = Matrix(rows: 2, columns: 2, elements: [1.0, -1, 2, 3])
    let limit = Matrix(rows: 1, columns: 2, elements: [0.5, 1])
    // The first point agrees twice, the second once.
    #expect(ClassDisagreement.independent(nets, limit) == 0.25)
    // Two seeds differ at the second point alone.
    #expect(ClassDisagreement.betweenSeeds(nets) == 0.5)
    #expect(ClassDisagreement.betweenSeeds(limit) == nil)
    // Zero names each class half the time.
    let zero = Matrix(rows: 1, columns: 2, elements: [0.0, 0])
    #expect(ClassDisagreement.independent(nets, zero) == 0.5)
    #expect(
      ClassDisagreement.betweenSeeds(Matrix(rows: 2, columns: 1, elements: [0.0, 0])) == 0.5)
    let broken = Matrix(rows: 1, columns: 2, elements: [0.0, .nan])
    #expect(ClassDisagreement.independent(nets, broken) == nil)
  }

  @Test func severalClasses() {
    let nets = Matrix(rows: 2, columns: 3, elements: [0.0, 2, 1, 5, 5, 1])
    let limit = Matrix(rows: 2, columns: 3, elements: [3.0, 2, 1, 1, 0, 0])
    // Classes 1 and 0 against 0 and 0.
    #expect(ClassDisagreement.independent(nets, limit, outputs: 3) == 0.5)
    #expect(ClassDisagreement.paired(nets, limit, outputs: 3) == 0.5)
    #expect(ClassDisagreement.paired(nets, nets, outputs: 3) == 0)
    #expect(ClassDisagreement.independent(nets, nets, outputs: 3) == 0.5)
  }
}
