import Comparison
import Foundation
import LinearAlgebra
import Measures
import Testing

@Suite struct RateFitTests {
  let widths = [64, 128, 256, 512, 1024, 2048]

  func value(_ result: Result<RateFit, RateUnavailable>) throws -> RateFit { try result.get() }

  func reason(_ result: Result<RateFit, RateUnavailable>) -> RateUnavailable? {
    if case .failure(let reason) = result { reason } else { nil }
  }

  /// An exact power law with a floor in squares: the slope and the amplitude are its own.
  @Test func exactPower() throws {
    let gaps = widths.map { width -> WidthGap in
      let truth = 3 / Double(width).squareRoot()
      return WidthGap(
        width: width, gap: (truth * truth + 0.0009).squareRoot(), standardError: 0.01 * truth,
        floor: 0.03)
    }
    let fit = try value(RateFit.analytic(gaps.shuffled()))
    #expect(abs(fit.slope + 0.5) < 1e-13 && fit.chiSquare < 1e-20)
    #expect(isClose(fit.gap(at: 512), 3 / 512.0.squareRoot(), 1e-12))
    #expect(fit.widths == widths && fit.widthsAtFloor.isEmpty && fit.floorError > 0)
    let plain = widths.map {
      WidthGap(width: $0, gap: 5 / Double($0) + 0.001, standardError: 0.001, floor: 0.001)
    }
    #expect(abs(try value(RateFit.analytic(plain, rule: FloorRule(.plain))).slope + 1) < 1e-12)
  }

  /// The textbook formula, with equal errors: variance / sum of (x - mean)^2.
  @Test func analyticError() throws {
    let gaps = [1, 2, 4, 8].map { WidthGap(width: $0, gap: 1, standardError: 0.1) }
    let fit = try value(RateFit.analytic(gaps))
    let unit = log(2.0)
    #expect(isClose(fit.standardError, 0.1 / (unit * 5.0.squareRoot()), 1e-13))
    #expect(fit.floorError == 0 && fit.degreesOfFreedom == 2)
    #expect(fit.chiSquare < 1e-25)
    // One residual more: y = (1, 0, 0, 1) errors leaves the part of it that is no line, 1.
    let bent = [1, 2, 4, 8].map {
      WidthGap(width: $0, gap: $0 == 1 || $0 == 8 ? exp(0.001) : 1, standardError: 0.001)
    }
    let fitted = try value(RateFit.analytic(bent))
    #expect(abs(fitted.chiSquare - 1) < 0.01)
    // The sum that it is, from what the fit keeps.
    #expect(zip(fitted.logarithms, [0.001, 0, 0, 0.001]).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(fitted.errors.allSatisfy { abs($0 - 0.001) < 1e-5 })
    let sum = zip(fitted.widths, zip(fitted.logarithms, fitted.errors)).reduce(0.0) {
      let residual = $1.1.0 - fitted.intercept - fitted.slope * log(Double($1.0))
      return $0 + residual * residual / ($1.1.1 * $1.1.1)
    }
    #expect(isClose(sum, fitted.chiSquare, 1e-9))
  }

  /// Floors that are wrong by their stated uncertainty move the slope by the stated error.
  @Test func floorError() throws {
    func gaps(floor: Double) -> [WidthGap] {
      widths.map {
        let truth = 3 / Double($0).squareRoot()
        return WidthGap(
          width: $0, gap: (truth * truth + 0.0004).squareRoot(), standardError: 0.02 * truth,
          floor: floor)
      }
    }
    let rule = FloorRule(relativeUncertainty: 0.02)
    let fit = try value(RateFit.analytic(gaps(floor: 0.02), rule: rule))
    let moved = try value(RateFit.analytic(gaps(floor: 0.0204), rule: rule))
    #expect(abs(abs(moved.slope - fit.slope) / fit.floorError - 1) < 0.05)
  }

  @Test func widthsAtTheFloor() throws {
    func gaps(floor: Double) -> [WidthGap] {
      widths.map {
        let truth = 3 / Double($0).squareRoot()
        return WidthGap(
          width: $0, gap: (truth * truth + floor * floor).squareRoot(),
          standardError: 0.02 * truth, floor: floor)
      }
    }
    let fit = try value(RateFit.analytic(gaps(floor: 0.1)))
    #expect(fit.widths == [64, 128, 256] && fit.widthsAtFloor == [512, 1024, 2048])
    #expect(abs(fit.slope + 0.5) < 1e-12)
    let lost = RateFit.analytic(gaps(floor: 0.15))
    #expect(reason(lost) == .floorReached(above: 2, of: 6))
    #expect(RateVerdict(lost, predicted: -0.5) == .floorReached(above: 2, of: 6))
  }

  @Test func unavailable() {
    let stream = RandomStream(seed: 1, stream: .seedResampling)
    let alone = widths.map { WidthGap(width: $0, gap: 1 / Double($0), standardError: nil) }
    #expect(reason(RateFit.analytic(alone)) == .oneSeed)
    #expect(reason(RateFit.analytic(Array(alone[..<2]))) == .tooFewWidths(2))
    let still = widths.map { WidthGap(width: $0, gap: 1 / Double($0), standardError: 0) }
    #expect(reason(RateFit.analytic(still)) == .noVariation(width: 64))
    let diverged = alone + [WidthGap(width: 8, gap: .nan, standardError: nil)]
    #expect(reason(RateFit.analytic(diverged)) == .notFinite(width: 8))
    func bootstrap(_ seeds: Int, _ gap: @escaping (Int, [Int]) -> Double) -> RateUnavailable? {
      reason(
        RateFit.bootstrap(SeedDesign(widths: widths, sharedSeeds: seeds), stream: stream) {
          gap($0, $1)
        })
    }
    #expect(bootstrap(1) { i, _ in 1 / Double(i + 1) } == .tooFewSeeds(1))
    #expect(bootstrap(5) { i, _ in 1 / Double(i + 1) } == .noVariation(width: 64))
    // A gap that needs the first of four seeds is zero in (3/4)^4 = 0.316 of the resamples.
    let lost = bootstrap(4) { i, seeds in (seeds.contains(0) ? 1 : 0) / Double(i + 1) }
    if case .degenerateResamples(let share) = lost {
      #expect(abs(share - 0.316) < 0.06)
    } else {
      Issue.record("\(String(describing: lost))")
    }
    #expect("\(RateUnavailable.oneSeed)" == "one seed; a rate needs several, for its error")
    #expect("\(RateUnavailable.tooFewSeeds(3))" == "3 seeds; the error of a rate needs 4")
    #expect(
      "\(RateUnavailable.floorReached(above: 2, of: 6))"
        == "2 of 6 widths have gaps above the limit's own simulation error; a rate needs 3")
  }

  /// The bootstrap of a mean over seeds is the standard error of that mean, times what Student's law asks
  /// for.
  @Test func bootstrapOfAMean() throws {
    let design = SeedDesign(widths: widths, independentSeeds: [14, 15, 16, 17, 18, 19])
    let samples = design.seeds.enumerated().map { i, count in
      normals(count, seed: 70, particle: i).map { 10 + 0.01 * $0 }
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let fit = try value(
      RateFit.bootstrap(
        design, replicates: 4000, stream: RandomStream(seed: 1, stream: .seedResampling)
      ) { i, seeds in mean(seeds.map { samples[i][$0] }) })
    let gaps = samples.enumerated().map { i, sample in
      let squares = sample.reduce(0) { $0 + ($1 - mean(sample)) * ($1 - mean(sample)) }
      let variance = squares / Double(sample.count - 1)
      return WidthGap(
        width: widths[i], gap: mean(sample),
        standardError: (variance / Double(sample.count)).squareRoot())
    }
    let exact = try value(RateFit.analytic(gaps))
    // Six widths of about 16 degrees of freedom: sqrt(nu / (nu - 2)) is below 1.03.
    #expect((0.97...1.09).contains(fit.standardError / exact.standardError))
    #expect(abs(fit.slope - exact.slope) < 0.5 * exact.standardError)
  }
}
