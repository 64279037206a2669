import Density
import Foundation
import LinearAlgebra
import Measures
import TestSupport
import Testing

struct BandwidthRuleTests {
  /// Scott's and Silverman's factors and effective sizes with weights, in one to three dimensions.
  @Test func scipy() throws {
    for fixture in try Fixture.load().scipy {
      let sample = try WeightedSample(
        points: fixture.points, dimensions: fixture.dimensions, masses: fixture.masses)
      let rule = try #require(BandwidthRule(rawValue: fixture.rule))
      let bandwidth = try rule.bandwidth(of: sample, shape: .matrix)
      #expect(largestDifference(bandwidth.covariance.elements, fixture.covariance) < 1e-13)
      #expect(abs(SampleStatistics(sample).effectiveSize - fixture.effectiveSize) < 1e-12)
    }
  }

  /// Against the equation of kde.m solved in Python: with the same exact coefficients to 1e-6, with
  /// kde.m's histogram of 2^14 cells to 1e-3.
  @Test func sheatherJonesExamples() throws {
    for fixture in try Fixture.load().sheatherJones {
      let sample = try WeightedSample(points: fixture.points, masses: fixture.masses)
      let h = try BandwidthRule.improvedSheatherJones.bandwidth(of: sample).deviations[0]
      #expect(abs(h / fixture.exact - 1) < 1e-6, "\(fixture.name)")
      #expect(abs(h / fixture.binned - 1) < 1e-3, "\(fixture.name)")
    }
  }

  /// The optimum for N(0, 1) is h n^(1/5) = (4/3)^(1/5).
  @Test func sheatherJonesOfAGaussian() throws {
    let n = 1 << 17
    let sample = try WeightedSample(points: normals(n, seed: 5))
    let h = try BandwidthRule.improvedSheatherJones.bandwidth(of: sample).deviations[0]
    #expect(abs(h * pow(Double(n), 0.2) / pow(4.0 / 3, 0.2) - 1) < 0.025)
  }

  /// Two modes N(+-50, 1) of half the height each have half of the integral of the squared second
  /// derivative of one: the optimum is 2^(1/5) (4 / 3n)^(1/5). Rules that look at the variance alone
  /// are off by a factor of 40.
  @Test func sheatherJonesOfTwoFarModes() throws {
    let n = 1 << 16
    let x = normals(n, seed: 6).enumerated().map { $1 + ($0 % 2 == 0 ? 50 : -50) }
    let sample = try WeightedSample(points: x)
    let optimum = pow(8 / (3 * Double(n)), 0.2)
    let h = try BandwidthRule.improvedSheatherJones.bandwidth(of: sample).deviations[0]
    #expect(abs(h / optimum - 1) < 0.04)
    let silverman = try BandwidthRule.silverman.bandwidth(of: sample).deviations[0]
    #expect(silverman / optimum > 30)
  }

  /// h(c X + b) = c h(X), for Sheather and Jones where a Python package's mesh of fixed length fails.
  @Test(arguments: BandwidthRule.allCases, [0.05, 100]) func scaling(
    rule: BandwidthRule, factor: Double
  ) throws {
    let x = normals(500, seed: 7).enumerated().map { $0 % 3 == 0 ? 0.5 * $1 + 4 : $1 }
    let masses = RandomStream(seed: 7, stream: .syntheticData).uniforms(500, particle: 1)
    let h = try rule.bandwidth(of: WeightedSample(points: x, masses: masses)).deviations[0]
    let scaled = try rule.bandwidth(
      of: WeightedSample(points: x.map { factor * $0 - 3 * factor }, masses: masses)
    ).deviations[0]
    #expect(abs(scaled / (factor * h) - 1) < 1e-6)
    // Masses count relative to each other alone.
    let heavier = try rule.bandwidth(
      of: WeightedSample(points: x, masses: masses.map { 1000 * $0 })
    ).deviations[0]
    #expect(abs(heavier / h - 1) < 1e-6)
  }

  /// Equal weights are no weights, and a point of mass 0 is none.
  @Test(arguments: BandwidthRule.allCases) func weights(rule: BandwidthRule) throws {
    let x = normals(300, seed: 8)
    let plain = try rule.bandwidth(of: WeightedSample(points: x)).deviations[0]
    let equal = try rule.bandwidth(
      of: WeightedSample(points: x + [0.3], masses: Array(repeating: 2, count: 300) + [0])
    ).deviations[0]
    #expect(abs(equal / plain - 1) < 1e-6)
  }

  @Test func crossValidation() throws {
    for fixture in try Fixture.load().crossValidation {
      let sample = try WeightedSample(points: fixture.points, masses: fixture.masses)
      let leastSquares = try BandwidthRule.leastSquaresCrossValidation.bandwidth(of: sample)
      #expect(abs(leastSquares.deviations[0] / fixture.leastSquares - 1) < 1e-6)
      let likelihood = try BandwidthRule.likelihoodCrossValidation.bandwidth(of: sample)
      #expect(abs(likelihood.deviations[0] / fixture.likelihood - 1) < 1e-6)
    }
  }

  /// An isolated point, whose density without itself is far below rounding of the sum: the
  /// likelihood is that of the sum over its neighbours. Two points at a distance r and weights 1/2
  /// have the likelihood K_h(r), largest at h = r.
  @Test func likelihoodOfIsolatedPoints() throws {
    let x = normals(200, seed: 9) + [12.0]
    let h = try BandwidthRule.likelihoodCrossValidation.bandwidth(
      of: WeightedSample(points: x)
    ).deviations[0]
    func likelihood(_ h: Double) -> Double {
      x.indices.reduce(0) { sum, i in
        let rest = x.indices.reduce(0) { other, j in
          i == j ? other : other + exp(-pow((x[i] - x[j]) / h, 2) / 2) / h
        }
        return sum + log(rest)
      }
    }
    #expect(likelihood(h) > likelihood(1.01 * h))
    #expect(likelihood(h) > likelihood(h / 1.01))
  }

  /// Matrices and scalars turn with the sample.
  @Test(arguments: BandwidthRule.allCases) func rotation(rule: BandwidthRule) throws {
    let z = normals(2000, seed: 10)
    let (c, s) = (cos(0.7), sin(0.7))
    var points: [Double] = []
    var turned: [Double] = []
    for i in stride(from: 0, to: z.count, by: 2) {
      let (x, y) = (z[i], 0.6 * z[i] + z[i + 1])
      points += [x, y]
      turned += [c * x - s * y, s * x + c * y]
    }
    let sample = try WeightedSample(points: points, dimensions: 2)
    let other = try WeightedSample(points: turned, dimensions: 2)
    let scalar = try rule.bandwidth(of: sample, shape: .scalar).deviations
    let otherScalar = try rule.bandwidth(of: other, shape: .scalar).deviations
    #expect(abs(otherScalar[0] / scalar[0] - 1) < 1e-6)
    let h = try rule.bandwidth(of: sample, shape: .matrix).covariance
    let otherH = try rule.bandwidth(of: other, shape: .matrix).covariance
    let expected = [
      c * c * h[0, 0] - 2 * c * s * h[0, 1] + s * s * h[1, 1],
      c * s * (h[0, 0] - h[1, 1]) + (c * c - s * s) * h[0, 1],
      s * s * h[0, 0] + 2 * c * s * h[0, 1] + c * c * h[1, 1],
    ]
    let found = [otherH[0, 0], otherH[0, 1], otherH[1, 1]]
    #expect(largestDifference(found, expected) < 1e-6 * h[0, 0])
  }

  /// In two dimensions all rules are near the optimum n^(-1/6) sigma for a Gaussian law.
  @Test func twoDimensions() throws {
    let n = 20_000
    let sample = try WeightedSample(points: normals(2 * n, seed: 11), dimensions: 2)
    let optimum = pow(Double(n), -1.0 / 6)
    let sheatherJones = try BandwidthRule.improvedSheatherJones.bandwidth(of: sample).deviations
    for h in sheatherJones { #expect(abs(h / optimum - 1) < 0.06) }
    let leastSquares = try BandwidthRule.leastSquaresCrossValidation.bandwidth(
      of: sample, shape: .scalar)
    // Least squares have the noise n^(-1/10).
    #expect(abs(leastSquares.deviations[0] / optimum - 1) < 0.3)
  }
}
