import Comparison
import DataIO
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
}
