import Density
import Foundation
import LinearAlgebra
import Measures
import TestSupport
import Testing

/// Samples of N(0, 1) against closed forms: the expectation of the estimate is the density of
/// N(0, 1 + h^2), with bias h^2 / 2 f'' + O(h^4), and its variance is that of one kernel over n.
struct GaussianLawTests {
  private func normal(_ x: Double, variance: Double = 1) -> Double {
    exp(-x * x / (2 * variance)) / (2 * .pi * variance).squareRoot()
  }

  /// A sample without noise, the midpoints of equal probabilities in weights on a fine line: the
  /// expectation, to rounding.
  @Test func bias() throws {
    let points = (0..<20_001).map { Double($0 - 10_000) / 1000 }
    let sample = try WeightedSample(points: points, masses: points.map { normal($0) })
    let target = try grid(-4...4, 161)
    let bandwidths = [0.05, 0.1, 0.2]
    let biases = try bandwidths.map { h in
      let values = try DensityEstimator.estimate(
        sample, grid: target, bandwidth: Bandwidth(h)
      ).values
      let expected = target.axes[0].coordinates.map { normal($0, variance: 1 + h * h) }
      #expect(largestDifference(values, expected) < 1e-12)
      // At 0, where f'' = -f(0).
      let bias = normal(0) - values[80]
      #expect(abs(bias / (h * h / 2 * normal(0)) - 1) < 0.8 * h * h)
      return bias
    }
    #expect(abs(logLogSlope(bandwidths, biases) - 2) < 0.02)
  }

  /// Over many samples the variance at 0 is (R(K) f(0) / h - f(0)^2) / n to leading order, exactly
  /// (E K_h^2 - (E K_h)^2) / n: slopes -1 in n and (nearly) -1 in h.
  @Test func variance() throws {
    let replicates = 400
    let target = try grid(-1...1, 3)
    func variance(n: Int, h: Double, seed: UInt64) throws -> Double {
      let stream = RandomStream(seed: seed, stream: .syntheticData)
      let values = try (0..<replicates).map { replicate in
        try DensityEstimator.estimate(
          WeightedSample(points: stream.normals(n, particle: replicate)), grid: target,
          bandwidth: Bandwidth(h)
        ).values[1]
      }
      let mean = values.reduce(0, +) / Double(replicates)
      return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(replicates - 1)
    }
    func expected(n: Int, h: Double) -> Double {
      // K_h^2 is the density of N(0, h^2 / 2) times 1 / (2 h sqrt(pi)).
      let square = normal(0, variance: 1 + h * h / 2) / (2 * h * Double.pi.squareRoot())
      return (square - pow(normal(0, variance: 1 + h * h), 2)) / Double(n)
    }
    let sizes = [100, 400, 1600]
    let bySize = try sizes.map { try variance(n: $0, h: 0.1, seed: 21) }
    // A variance from 400 values has a standard deviation of 7 %; slopes over a factor of 16, 3.6 %.
    #expect(abs(logLogSlope(sizes.map { Double($0) }, bySize) + 1) < 0.12)
    for (n, found) in zip(sizes, bySize) { #expect(abs(found / expected(n: n, h: 0.1) - 1) < 0.25) }
    let bandwidths = [0.01, 0.04, 0.16]
    let byBandwidth = try bandwidths.map { try variance(n: 400, h: $0, seed: 22) }
    let slope = logLogSlope(bandwidths, bandwidths.map { expected(n: 400, h: $0) })
    #expect(abs(logLogSlope(bandwidths, byBandwidth) - slope) < 0.12)
    #expect(abs(slope + 1) < 0.25)
  }

  private func gaussian(mean: Double, variance: Double) throws -> DensityEstimate<Double> {
    let target = try grid(-15...15, 1201)
    return DensityEstimate(
      grid: target,
      values: target.axes[0].coordinates.map { normal($0 - mean, variance: variance) })
  }

  /// Entropy, distribution function, quantiles and peak of a Gaussian.
  @Test func summaries() throws {
    let density = try gaussian(mean: 0.3, variance: 1.44)
    #expect(abs(density.integral - 1) < 1e-12)
    #expect(abs(density.entropy - 0.5 * log(2 * .pi * M_E * 1.44)) < 1e-10)
    let cumulative = density.cumulative()
    let expected = density.grid.axes[0].coordinates.map {
      0.5 * erfc(-($0 - 0.3) / (1.2 * 2.0.squareRoot()))
    }
    #expect(largestDifference(cumulative, expected) < 1e-8)
    // 1.95996398454005 is the normal quantile of 0.975.
    let quantiles = density.quantiles([0.025, 0.5, 0.975])
    let z = 1.959963984540054 * 1.2
    #expect(largestDifference(quantiles, [0.3 - z, 0.3, 0.3 + z]) < 1e-6)
    let modes = density.modes()
    #expect(modes.count == 1)
    #expect(abs(modes[0].position[0] - 0.3) < 1e-4)
    #expect(abs(modes[0].value / normal(0, variance: 1.44) - 1) < 1e-4)
    #expect(abs(density.value(at: [0.7123]) - normal(0.4123, variance: 1.44)) < 1e-8)
    #expect(density.value(at: [15.1]) == 0)
  }

  /// Cubic interpolation has fourth order.
  @Test func interpolationOrder() throws {
    let counts = [41, 81, 161]
    let errors = try counts.map { count in
      let target = try grid(-4...4, count)
      let density = DensityEstimate(
        grid: target, values: target.axes[0].coordinates.map { normal($0) })
      return (0..<1000).map { i in
        let x = -3.9 + 7.8 * Double(i) / 999
        return abs(density.value(at: [x]) - normal(x))
      }.max()!
    }
    #expect(abs(logLogSlope(counts.map { Double($0 - 1) }, errors) + 4) < 0.2)
  }

  /// Closed forms of distances between Gaussians.
  @Test func distances() throws {
    let p = try gaussian(mean: 0, variance: 1)
    let q = try gaussian(mean: 1, variance: 1)
    let r = try gaussian(mean: 0.5, variance: 2.25)
    // 2 (2 Phi(1/2) - 1) = 2 erf(1 / (2 sqrt 2)).
    #expect(abs(p.l1Distance(to: q) - 2 * erf(0.5 / 2.0.squareRoot())) < 1e-4)
    let l2 = (1 - exp(-0.25)) / Double.pi.squareRoot()
    #expect(abs(p.l2Distance(to: q) - l2.squareRoot()) < 1e-12)
    let overlap = (2 * 1.5 / 3.25).squareRoot() * exp(-0.25 / (4 * 3.25))
    #expect(abs(p.hellingerDistance(to: r) - (1 - overlap).squareRoot()) < 1e-10)
    let divergence = log(1.5) + (1 + 0.25) / (2 * 2.25) - 0.5
    #expect(abs(p.kullbackLeiblerDivergence(from: r).divergence - divergence) < 1e-10)
    #expect(p.l1Distance(to: p) == 0)
    let half = DensityEstimate(grid: p.grid, values: p.values.map { $0 > 0.1 ? $0 : 0 })
    #expect(p.kullbackLeiblerDivergence(from: half, accuracy: 0).divergence == .infinity)
    #expect(half.kullbackLeiblerDivergence(from: p).divergence < 1e-12)
  }

  /// Estimates from one point each are Gaussians: N(0, 1) from N(m, 1) diverges by m^2 / 2. Noise in
  /// the tails makes it neither infinite nor larger.
  @Test func divergenceOfEstimates() throws {
    func estimate(_ x: Double) throws -> DensityEstimate<Double> {
      try DensityEstimator.estimate(
        WeightedSample(points: [x]), grid: grid(-10...40, 501), bandwidth: Bandwidth(1))
    }
    let p = try estimate(0)
    #expect(abs(p.kullbackLeiblerDivergence(from: try estimate(2)).divergence - 2) < 1e-6)
    let far = p.kullbackLeiblerDivergence(from: try estimate(30)).divergence
    #expect(far > 20 && far < 450)
  }

  /// Marginals and modes of a mixture in the plane.
  @Test func planes() throws {
    let target = DensityGrid([
      try .init(lower: -6, upper: 10, count: 161), try .init(lower: -6, upper: 6, count: 101),
    ])
    let values = (0..<target.count).map { index in
      let p = target.position(index)
      return 0.7 * normal(p[0]) * normal(p[1] - 1) + 0.3 * normal(p[0] - 4) * normal(p[1])
    }
    let density = DensityEstimate(grid: target, values: values)
    let first = density.marginal(of: [0])
    let second = density.marginal(of: [1])
    let expectedFirst = target.axes[0].coordinates.map { 0.7 * normal($0) + 0.3 * normal($0 - 4) }
    let expectedSecond = target.axes[1].coordinates.map { 0.7 * normal($0 - 1) + 0.3 * normal($0) }
    #expect(largestDifference(first.values, expectedFirst) < 1e-6)
    #expect(largestDifference(second.values, expectedSecond) < 1e-6)
    let modes = density.modes()
    #expect(modes.count == 2)
    #expect(abs(modes[0].position[0]) < 0.01 && abs(modes[0].position[1] - 1) < 0.01)
    #expect(abs(modes[1].position[0] - 4) < 0.01 && abs(modes[1].position[1]) < 0.02)
  }
}
