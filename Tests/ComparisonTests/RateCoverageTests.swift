import Comparison
import Foundation
import LinearAlgebra
import Measures
import Testing

/// How often the intervals of one and two standard errors hold the true exponent: 0.683 and 0.954 of
/// the time where errors are what they say.
@Suite struct RateCoverageTests {
  let widths = [64, 128, 256, 512, 1024, 2048]

  func value(_ result: Result<RateFit, RateUnavailable>) throws -> RateFit { try result.get() }

  func within(_ deviations: [Double], _ bound: Double) -> Double {
    Double(deviations.count { abs($0) <= bound }) / Double(deviations.count)
  }

  /// Coverage of the stated intervals with normal errors of known size: 0.683 and 0.954.
  @Test func analyticCoverage() throws {
    let runs = 600
    var deviations: [Double] = []
    for run in 0..<runs {
      let noise = normals(widths.count, seed: 40, particle: run)
      let gaps = widths.enumerated().map { i, width in
        let error = 0.02 + 0.02 * Double(i)
        let truth = 2 * pow(Double(width), -0.5)
        return WidthGap(
          width: width, gap: truth * exp(error * noise[i]),
          standardError: error * truth * exp(error * noise[i]))
      }
      let fit = try value(RateFit.analytic(gaps))
      deviations.append((fit.slope + 0.5) / fit.standardError)
    }
    // Standard errors of the shares: 0.019 and 0.0086.
    #expect(abs(within(deviations, 1) - 0.683) < 0.057)
    #expect(abs(within(deviations, 2) - 0.954) < 0.026)
  }

  /// Fluctuations of drawn logits: variance over seeds ~ 1/d, correlated points. The error over seeds
  /// is estimated from few seeds, and its interval covers nearly as often as it says.
  @Test(arguments: [true, false], [6, 10])
  func bootstrapCoverage(shared: Bool, seeds: Int) throws {
    let (runs, points) = (300, 3)
    let design =
      shared
      ? SeedDesign(widths: widths, sharedSeeds: seeds)
      : SeedDesign(
        widths: widths, independentSeeds: Array(repeating: seeds, count: widths.count))
    var deviations: [Double] = []
    for run in 0..<runs {
      let common = normals(seeds * points, seed: 50, particle: run * 10 + 9)
      let logits = widths.indices.map { i -> [Double] in
        let own = normals(seeds * points, seed: 50, particle: run * 10 + i)
        let scale = 1 / Double(widths[i]).squareRoot()
        // Nested nets: three fifths of each seed's deviation is the same at all widths.
        return zip(own, common).map { scale * (shared ? 0.8 * $0 + 0.6 * $1 : $0) }
      }
      let fit = try value(
        RateFit.bootstrap(
          design, replicates: 100, stream: RandomStream(seed: UInt64(run), stream: .seedResampling)
        ) { i, seeds in
          let chosen = seeds.flatMap { logits[i][($0 * points)..<(($0 + 1) * points)] }
          let matrix = Matrix(rows: seeds.count, columns: points, elements: chosen)
          let gap = SeedGap(matrix, deterministicLimit: Array(repeating: 0, count: points))
          return gap.fluctuation ?? .nan
        })
      deviations.append((fit.slope + 0.5) / fit.standardError)
    }
    // Standard errors of the shares: 0.027 and 0.012.
    // Of six seeds errors are on the safe side.
    let isFew = seeds == 6
    #expect((0.60...(isFew ? 0.93 : 0.79)).contains(within(deviations, 1)))
    #expect((0.91...(isFew ? 1 : 0.99)).contains(within(deviations, 2)))
  }

  /// The bias 6/d of a mean over 100 seeds that fluctuate by 3.2 / sqrt(d), its sampling error taken off:
  /// between 13 and 2.3 times that error.
  @Test func biasCoverage() throws {
    let (runs, seeds, points) = (150, 100, 3)
    let widths = [2, 8, 32, 64]
    let zeros = [Double](repeating: 0, count: points)
    var deviations: [Double] = []
    for run in 0..<runs {
      let logits = widths.enumerated().map { i, width in
        Matrix(
          rows: seeds, columns: points,
          elements: normals(seeds * points, seed: 80, particle: run * 4 + i).map {
            6 / Double(width) + 3.2 / Double(width).squareRoot() * $0
          })
      }
      let floors = logits.map { SeedGap($0, deterministicLimit: zeros).meanGapFloor ?? .nan }
      let result = RateFit.bootstrap(
        SeedDesign(widths: widths, independentSeeds: Array(repeating: seeds, count: 4)),
        floors: floors, rule: FloorRule(relativeUncertainty: 0.05), replicates: 40,
        stream: RandomStream(seed: UInt64(run), stream: .seedResampling)
      ) { i, chosen in
        let rows = Matrix(
          rows: seeds, columns: points, elements: chosen.flatMap { Array(logits[i].row($0)) })
        return SeedGap(rows, deterministicLimit: zeros).meanGap
      }
      if case .success(let fit) = result {
        deviations.append((fit.slope + 1) / fit.standardError)
      }
    }
    #expect(deviations.count > 140)
    #expect((0.60...0.79).contains(within(deviations, 1)))
    #expect((0.90...0.99).contains(within(deviations, 2)))
  }

  /// Gaps that hold a floor known to 20 %: corrected slopes cover (0.91 at two errors, as which widths are
  /// left out depends on chance), uncorrected ones do not.
  @Test func coverageWithFloors() throws {
    let runs = 400
    var corrected: [Double] = []
    var plain: [Double] = []
    for run in 0..<runs {
      let noise = normals(widths.count + 1, seed: 60, particle: run)
      let stated = 0.05 * (1 + 0.2 * noise[widths.count])
      func gaps(floor: Double) -> [WidthGap] {
        widths.enumerated().map { i, width in
          let truth = 3 / Double(width).squareRoot()
          let gap = (truth * truth + 0.0025).squareRoot() * exp(0.03 * noise[i])
          return WidthGap(width: width, gap: gap, standardError: 0.03 * gap, floor: floor)
        }
      }
      if case .success(let fit) = RateFit.analytic(
        gaps(floor: abs(stated)), rule: FloorRule(relativeUncertainty: 0.2))
      {
        corrected.append((fit.slope + 0.5) / fit.standardError)
      }
      let fit = try value(RateFit.analytic(gaps(floor: 0)))
      plain.append((fit.slope + 0.5) / fit.standardError)
    }
    #expect(corrected.count > 390)
    #expect((0.60...0.80).contains(within(corrected, 1)))
    #expect((0.88...0.99).contains(within(corrected, 2)))
    #expect(within(plain, 2) < 0.2)
  }
}
