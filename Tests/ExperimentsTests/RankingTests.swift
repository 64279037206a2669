import Comparison
import DataIO
import LinearAlgebra
import Measures
import Testing

@testable import Experiments

/// Which of several limits is the best is said where there are several values and errors of their differences.
@Suite struct RankingTests {
  typealias Criterion = ReferenceRanking.Criterion

  /// One step, seeds that move all scalings alike by 0.1 and each by its own part.
  func values(
    _ value: Double, own: Double = 0, seeds: Int = 4, floor: Double = .nan
  ) -> ReferenceValues {
    ReferenceValues(
      values: [value], standardErrors: [seeds < 2 ? .nan : 0.1],
      withoutSeed: [seeds < 2 ? [] : (0..<seeds).map { value + 0.1 * Double($0) }],
      ownErrors: [own], floors: [floor])
  }

  func criterion(_ scalings: ReferenceValues...) -> Criterion {
    Criterion(name: "gap", longName: "gap", units: "1", scalings)
  }

  @Test func theSmallestIsTheBestWithinErrors() {
    let clear = criterion(values(2), values(1))
    #expect(clear.best == [1] && clear.ties == [false, true])
    // Seeds cancel; errors of their own do not: sqrt(0.4^2 + 0.3^2) = 0.5, twice that is 1.
    let tied = criterion(values(1.99, own: 0.4), values(1, own: 0.3), values(2.01))
    #expect(tied.best == [1] && tied.ties == [true, true, false])
  }

  /// One value among others that are infinite or not known is not the best of several.
  @Test(arguments: [Double.infinity, .nan]) func oneCandidateIsNoRanking(other: Double) {
    let result = criterion(values(other), values(1))
    #expect(result.best == [-1] && result.ties == [false, false])
    let two = criterion(values(other), values(1), values(3))
    #expect(two.best == [1] && two.ties == [false, true, false])
  }

  /// One seed has no errors: nothing is said but of functions that are equal.
  @Test func withoutErrorsNothingIsTold() {
    let one = criterion(values(2, seeds: 1), values(1, seeds: 1))
    #expect(one.best == [-1] && one.ties == [false, false])
    let equal = criterion(values(1, seeds: 1), values(1, seeds: 1))
    #expect(equal.best == [0] && equal.ties == [true, true])
    let undefined = criterion(values(2, own: .nan), values(1))
    #expect(undefined.best == [-1] && undefined.ties == [false, false])
  }

  /// An error of 0.1, larger than the smallest value and than its floor, leaves nothing to tell.
  @Test func uncertainValuesAreNotTheBest() {
    #expect(criterion(values(0.05, floor: 0.09), values(1, floor: 0.09)).best == [-1])
    #expect(criterion(values(0.05, floor: 0.11), values(1, floor: 0.11)).best == [0])
    #expect(criterion(values(0.11, floor: 0.02), values(1, floor: 0.02)).best == [0])
  }

  /// Exponents that should not fall are larger or smaller, not slower or faster; remarks are given where they
  /// explain something.
  @Test func verdictsInWords() {
    let remark = MetricDefinition.Caveat(text: "tails", scope: .slowerOnly)
    func text(
      _ deviation: Double, _ predicted: Double, _ caveat: MetricDefinition.Caveat? = nil
    ) -> String {
      RateVerdict.deviates(standardErrors: deviation).text(
        floor: "the floor", predicted: predicted, caveat: caveat)
    }
    #expect(text(3, -0.5) == "deviates by 3.0 standard errors, slower")
    #expect(text(-3, -0.5) == "deviates by 3.0 standard errors, faster")
    #expect(text(3, 0) == "deviates by 3.0 standard errors, larger")
    #expect(text(-3, 0.5) == "deviates by 3.0 standard errors, smaller")
    #expect(text(3, -0.5, remark) == "deviates by 3.0 standard errors, slower (tails)")
    #expect(text(-3, -0.5, remark) == "deviates by 3.0 standard errors, faster")
    let any = MetricDefinition.Caveat(text: "masks", scope: .anyDeviation)
    #expect(text(-3, -0.5, any) == "deviates by 3.0 standard errors, faster (masks)")
    let wide = MetricDefinition.Caveat(text: "wide", scope: .wideNetworksOnly)
    #expect(text(-3, 0, wide) == "not applicable at these widths: 3.0 standard errors off (wide)")
    #expect(
      RateVerdict.agrees(standardErrors: 1).text(floor: "", predicted: 0, caveat: wide)
        == "agrees (1.0 standard error off)")
  }

  /// A value is at its floor up to two of its standard errors above it; where it has none, up to the floor.
  @Test func valuesAtTheirFloors() {
    let result = criterion(
      values(1.19, floor: 1), values(1.21, floor: 1), values(0.5, floor: 1), values(0.1))
    #expect(result.atFloor == [true, false, true, false])
    #expect(result.floors[..<3] == [1, 1, 1] && result.floors[3].isNaN)
    let one = criterion(values(1.01, seeds: 1, floor: 1), values(1, seeds: 1, floor: 1))
    #expect(one.atFloor == [false, true])
    #expect(
      criterion(values(.infinity, floor: 1), values(.nan, floor: 1)).atFloor == [false, false])
    // Functions that are equal but for rounding, beside an exact limit.
    #expect(criterion(values(1e-17, floor: 0), values(1, floor: 0)).atFloor == [true, false])
  }

  /// What rankings say of limits at their floors.
  @Test func verdictsOfRankings() {
    func verdict(_ scalings: ReferenceValues...) -> String? {
      let ranking = ReferenceRanking(
        scalings: ["a", "b"], steps: [0],
        criteria: [Criterion(name: "gap", longName: "gap", units: "1", scalings)])
      return ranking.verdict(ranking.criteria[0], 0, titles: ["MF", "NTK"])
    }
    #expect(verdict(values(1, floor: 0.1), values(2, floor: 0.1)) == "MF")
    #expect(
      verdict(values(1, floor: 0.9), values(2, floor: 0.9))
        == "MF, which cannot be told from the networks")
    #expect(
      verdict(values(1, own: 1, floor: 0.9), values(1.3, floor: 0.9))
        == "tie: MF; NTK (cannot be told from the networks: MF)")
    #expect(
      verdict(values(1, own: 1, floor: 0.9), values(1.05, floor: 0.9))
        == "tie: MF; NTK, neither of which can be told from the networks")
    #expect(verdict(values(.nan, floor: 1), values(1, floor: 1)) == nil)
  }

  /// Networks and realizations of one law, 20 points that correlate as test points do: limits are found at the
  /// floor in at least nine of ten cases, and their mean is the floor.
  @Test(arguments: [6, 10]) func equalLawsAreAtTheFloor(seeds: Int) throws {
    let (runs, points, count) = (300, 20, 8)
    let floor = try #require(
      GaussianFit.expectedDivergence(count: count, referenceCount: seeds))
    var (found, values) = (0, [Double]())
    for run in 0..<runs {
      func sample(_ rows: Int, _ part: Int) -> Matrix<Double> {
        let stream = RandomStream(seed: UInt64(run), stream: .gaussianProcess)
        let numbers = stream.normals(rows * (points + 1), particle: part)
        return Matrix(
          rows: rows, columns: points,
          elements: (0..<(rows * points)).map { place in
            let (row, point) = place.quotientAndRemainder(dividingBy: points)
            return numbers[row * (points + 1)] + numbers[row * (points + 1) + 1 + point]
          })
      }
      let (networks, limit) = (sample(seeds, 0), sample(count, 1))
      func rows(_ matrix: Matrix<Double>, _ kept: [Int]) -> Matrix<Double> {
        Matrix(
          rows: kept.count, columns: points, elements: kept.flatMap { Array(matrix.row($0)) })
      }
      func divergence(_ kept: [Int], _ realizations: [Int]) -> Double {
        PointwiseDivergence.ofLogits(
          limit: rows(limit, realizations), networks: rows(networks, kept))!.mean
      }
      let (all, every) = (Array(0..<seeds), Array(0..<count))
      let left = try #require(Jackknife.leavingOneOut(units: seeds) { divergence($0, every) })
      let drawn = Jackknife.standardError(
        try #require(Jackknife.leavingOneOut(units: count) { divergence(all, $0) }))
      let seedError = Jackknife.standardError(left)
      let one = ReferenceValues(
        values: [divergence(all, every)],
        standardErrors: [(seedError * seedError + drawn * drawn).squareRoot()],
        withoutSeed: [left], ownErrors: [drawn], floors: [floor])
      values.append(one.values[0])
      if criterion(one, one).atFloor[0] { found += 1 }
    }
    #expect(Double(found) > 0.9 * Double(runs), "\(found) of \(runs)")
    let law = try #require(GaussianFit(values))
    #expect(abs(law.mean - floor) < 3 * (law.variance / Double(runs)).squareRoot())
  }
}
