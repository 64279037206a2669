import Comparison
import Diagnostics
import Foundation
import Testing

@Suite struct LineDistancesTests {
  /// scipy.stats and, for Wasserstein-2, a linear program.
  @Test func samplesOfTheFixture() throws {
    for line in try Fixture.load().lines {
      let first = try SortedSample(line.first, masses: line.firstMasses)
      let second = try SortedSample(line.second, masses: line.secondMasses)
      for (a, b) in [(first, second), (second, first)] {
        let distances = a.distances(to: b)
        #expect(isClose(distances.wasserstein1, line.wasserstein1, 1e-13), "\(line.name)")
        #expect(isClose(distances.wasserstein2, line.wasserstein2, 1e-8), "\(line.name)")
        #expect(isClose(distances.energy, line.energy, 1e-13), "\(line.name)")
        if let expected = line.kolmogorovSmirnov {
          #expect(isClose(distances.kolmogorovSmirnov, expected, 1e-14), "\(line.name)")
        }
      }
    }
  }

  /// Quantiles of a normal law at the middle of equal shares: an m-point sample of it without chance.
  func quantiles(_ count: Int, mean: Double, deviation: Double) throws -> SortedSample {
    try SortedSample(
      (0..<count).map { i in
        let p = (Double(i) + 0.5) / Double(count)
        // Bisection: slow, and independent of any approximation of the quantile.
        var (low, high) = (-10.0, 10.0)
        for _ in 0..<60 {
          let middle = (low + high) / 2
          if erfc(-middle / 2.0.squareRoot()) / 2 < p { low = middle } else { high = middle }
        }
        return mean + deviation * (low + high) / 2
      })
  }

  /// A shift by m is at W1 = W2 = |m|; between N(m, s^2) and N(0, 1), W2^2 = m^2 + (s - 1)^2, and with
  /// m = 0, W1 = |s - 1| sqrt(2/pi).
  @Test func gaussianTransport() throws {
    let standard = try quantiles(4000, mean: 0, deviation: 1)
    let shifted = standard.distances(to: try quantiles(4000, mean: 0.7, deviation: 1))
    #expect(isClose(shifted.wasserstein1, 0.7, 1e-12))
    #expect(isClose(shifted.wasserstein2, 0.7, 1e-12))
    // 2 Phi(0.35) - 1.
    #expect(abs(shifted.kolmogorovSmirnov - erf(0.35 / 2.0.squareRoot())) < 1e-3)
    let scaled = standard.distances(to: try quantiles(4000, mean: 0, deviation: 1.6))
    #expect(isClose(scaled.wasserstein1, 0.6 * (2 / Double.pi).squareRoot(), 1e-3))
    #expect(isClose(scaled.wasserstein2, 0.6, 1e-3))
    let both = standard.distances(to: try quantiles(4000, mean: -0.7, deviation: 1.6))
    #expect(isClose(both.wasserstein2, (0.7 * 0.7 + 0.6 * 0.6).squareRoot(), 1e-3))
  }

  /// E|N(m, v)| = sqrt(2 v / pi) exp(-m^2/2v) + m erf(m / sqrt(2 v)) gives the energy distance of
  /// N(m, s^2) and N(0, 1) in closed form.
  @Test(arguments: [(0.7, 1.0), (0, 1.6), (-0.4, 0.8)])
  func gaussianEnergy(mean: Double, deviation: Double) throws {
    func folded(_ m: Double, _ v: Double) -> Double {
      (2 * v / .pi).squareRoot() * exp(-m * m / (2 * v)) + m * erf(m / (2 * v).squareRoot())
    }
    let exact =
      2 * folded(mean, 1 + deviation * deviation) - folded(0, 2)
      - folded(0, 2 * deviation * deviation)
    let distances = try quantiles(4000, mean: 0, deviation: 1)
      .distances(to: quantiles(4000, mean: mean, deviation: deviation))
    #expect(abs(distances.energySquared - exact) < 1e-3 * exact)
  }

  /// Against the definitions, as double sums.
  @Test func energyByDoubleSums() throws {
    let (x, y) = (normals(37, seed: 1), normals(23, seed: 2).map { $0 * 1.5 })
    let u = normals(37, seed: 3).map { $0 * $0 }
    let v = normals(23, seed: 4).map { abs($0) }
    let (p, q) = (u.map { $0 / u.reduce(0, +) }, v.map { $0 / v.reduce(0, +) })
    func pairs(_ x: [Double], _ p: [Double], _ y: [Double], _ q: [Double]) -> Double {
      var sum = 0.0
      for i in x.indices { for j in y.indices { sum += p[i] * q[j] * abs(x[i] - y[j]) } }
      return sum
    }
    let (xy, xx, yy) = (pairs(x, p, y, q), pairs(x, p, x, p), pairs(y, q, y, q))
    let distances = try SortedSample(x, masses: u).distances(to: SortedSample(y, masses: v))
    #expect(abs(distances.energySquared - (2 * xy - xx - yy)) < 1e-14)
  }

  @Test func equalSamplesAreAtZero() throws {
    let values = normals(101, seed: 5)
    let masses = normals(101, seed: 6).map { $0 * $0 * $0 * $0 }
    let sample = try SortedSample(values, masses: masses)
    let order = Array((0..<101).reversed())
    let again = try SortedSample(order.map { values[$0] }, masses: order.map { masses[$0] })
    for distances in [sample.distances(to: again), sample.distances(to: sample)] {
      #expect(distances.wasserstein1 == 0 && distances.wasserstein2 == 0)
      #expect(distances.kolmogorovSmirnov == 0 && distances.energySquared == 0)
    }
    // Points far from zero, and the same sample with every point twice.
    let far = values.map { $0 + 1e6 }
    let twice = try SortedSample(far + far).distances(to: SortedSample(far))
    #expect(twice.wasserstein2 == 0 && twice.wasserstein1 == 0)
  }

  @Test func singlePrecision() throws {
    let x = normals(50, seed: 7).map(Float.init)
    let y = normals(60, seed: 8).map(Float.init)
    let distances = try SortedSample(x).distances(to: SortedSample(y))
    #expect(
      try distances
        == SortedSample(x.map(Double.init)).distances(to: SortedSample(y.map(Double.init))))
  }

  @Test func refusals() throws {
    func message(_ body: () throws -> SortedSample) -> String {
      do {
        _ = try body()
        return ""
      } catch { return "\(error)" }
    }
    #expect(
      message { try SortedSample([Double]()) }
        == "a distance needs at least one point; the sample is empty")
    #expect(
      message { try SortedSample([1, Double.nan]) }
        == "value 1 of the sample is nan; distances need finite values")
    #expect(
      message { try SortedSample([1.0, 2], masses: [1, -0.5]) }
        == "the mass of point 1 is -0.5; masses are finite and not negative")
    #expect(
      message { try SortedSample([1.0, 2], masses: [0, 0]) }
        == "all masses of the sample are 0; at least one must be positive")
  }
}
