import Comparison
import Execution
import Foundation
import Measures
import TestSupport
import Testing

@testable import Experiments

/// Distances between smoothed laws, against closed forms of Gaussians and direct sums.
@Suite struct SmoothedLinesTests {
  private let workers = Workers(count: 1)

  private func gauss(_ x: Double, _ variance: Double) -> Double {
    exp(-x * x / (2 * variance)) / (2 * .pi * variance).squareRoot()
  }

  /// A normal law on a fine grid: smoothed by h it is one of variance s^2 + h^2.
  private func normal(_ mean: Double, _ deviation: Double) throws -> SortedSample {
    let standard = (-400...400).map { Double($0) / 50 }
    return try SortedSample(
      standard.map { mean + deviation * $0 }, masses: standard.map { exp(-$0 * $0 / 2) })
  }

  @Test(arguments: [(0.0, 1.0), (1, 1), (0.3, 1.7), (6, 0.5)])
  func gaussians(mean: Double, deviation: Double) throws {
    let h = 0.2
    let lines = SmoothedLines(
      [try normal(0, 1), try normal(mean, deviation)], bandwidth: h, workers: workers)
    let distances = lines.distances(0, 1)
    let (v, w) = (1 + h * h, deviation * deviation + h * h)
    let affinity =
      (2 * (v * w).squareRoot() / (v + w)).squareRoot() * exp(-mean * mean / (4 * (v + w)))
    let hellinger = max(1 - affinity, 0).squareRoot()
    #expect(abs(distances["density_hellinger"]! - hellinger) < 1e-4)
    let square =
      0.5 / (Double.pi * v).squareRoot() + 0.5 / (Double.pi * w).squareRoot()
      - 2 * gauss(mean, v + w)
    #expect(abs(distances["density_l2"]! - max(square, 0).squareRoot()) < 1e-4)
    if deviation == 1 {
      let l1 = 2 * erf(mean / (2 * (2 * v).squareRoot()))
      #expect(abs(distances["density_l1"]! - l1) < 1e-4)
    }
    #expect(lines.distances(1, 0) == distances)
    #expect(lines.distances(1, 1).values.allSatisfy { $0 == 0 })
  }

  /// A few weighted points, by the sum over kernels and a fine quadrature.
  @Test func directSum() throws {
    let (x, p) = ([-1.0, 0.2, 0.9], [0.5, 0.2, 0.3])
    let (y, q) = ([-0.7, 0.4], [0.9, 0.1])
    let h = 0.35
    func density(_ at: Double, _ points: [Double], _ masses: [Double]) -> Double {
      zip(points, masses).reduce(0) { $0 + $1.1 * gauss(at - $1.0, h * h) }
    }
    var (l1, l2, hellinger) = (0.0, 0.0, 0.0)
    let step = 1e-4
    for i in -60_000...60_000 {
      let (f, g) = (density(Double(i) * step, x, p), density(Double(i) * step, y, q))
      l1 += abs(f - g) * step
      l2 += (f - g) * (f - g) * step
      let root = f.squareRoot() - g.squareRoot()
      hellinger += 0.5 * root * root * step
    }
    let distances = SmoothedLines(
      [try SortedSample(x, masses: p), try SortedSample(y, masses: q)], bandwidth: h,
      workers: workers
    ).distances(0, 1)
    #expect(abs(distances["density_l1"]! - l1) < 2e-3 * l1)
    #expect(abs(distances["density_l2"]! - l2.squareRoot()) < 1e-6)
    #expect(abs(distances["density_hellinger"]! - hellinger.squareRoot()) < 1e-5)
  }

  @Test func pointsHaveNoDensity() throws {
    let point = try SortedSample([2.0, 2, 2])
    #expect(SmoothedLines.bandwidth([point], points: 10).isNaN)
    let lines = SmoothedLines([point, point], bandwidth: .nan, workers: workers)
    #expect(lines.distances(0, 1).count == 3)
    #expect(lines.distances(0, 1).values.allSatisfy { $0.isNaN })
    // Silverman's rule, for the mean variance of several laws.
    let laws = [try SortedSample([-1.0, 1]), try SortedSample([-3.0, 1, 1], masses: [1, 1, 0])]
    let deviation = ((1.0 + 4) / 2).squareRoot()
    #expect(
      abs(SmoothedLines.bandwidth(laws, points: 6) - deviation * pow(4.0 / 18, 0.2)) < 1e-14)
  }

  /// Distances of samples of one law fall like the square root of their size.
  @Test func samplesOfOneLaw() throws {
    func mean(_ count: Int) throws -> [String: Double] {
      var sums: [String: Double] = [:]
      for pair in 0..<40 {
        let samples = try (0..<2).map {
          try SortedSample(
            RandomStream(seed: 3, stream: .limitInputWeights).normals(
              count, particle: 2 * pair + $0))
        }
        let own = SmoothedLines(samples, bandwidth: 0.4, workers: workers).distances(0, 1)
        for (name, value) in own { sums[name, default: 0] += value / 40 }
      }
      return sums
    }
    let (small, large) = (try mean(200), try mean(3200))
    for name in SmoothedLines.metrics {
      let exponent = log(large[name]! / small[name]!) / log(16)
      #expect(abs(exponent + 0.5) < 0.06, "\(name): \(exponent)")
    }
  }
}
