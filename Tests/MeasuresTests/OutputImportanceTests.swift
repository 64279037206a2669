import Foundation
import Measures
import TestSupport
import Testing

/// Against the density s p + (1 - s) |a| p / E|a|, whose integrals are closed forms or made by the midpoint rule.
@Suite struct OutputImportanceTests {
  static let share = 0.4

  func density(_ a: Double) -> Double {
    let normal = exp(-a * a / 2) / (2 * Double.pi).squareRoot()
    return normal * (Self.share + (1 - Self.share) * abs(a) * (Double.pi / 2).squareRoot())
  }

  /// Spectrally accurate away from the kink at zero, which lies on a border of the cells.
  func integral(_ f: (Double) -> Double, from low: Double = -12, to high: Double = 12) -> Double {
    let cells = 48_000
    let width = (high - low) / Double(cells)
    return (0..<cells).reduce(0) { $0 + f(low + (Double($1) + 0.5) * width) } * width
  }

  /// P_q(a > quantile(x)) = P(normal > x), by the closed form of both tails.
  @Test func quantilesHaveTheTailsOfTheDensity() {
    #expect(abs(integral(density) - 1) < 1e-7)
    for x in [1e-300, 1e-9, 0.001, 0.1, 0.5, 1, 1.7, 3, 6, 12, 30, 37] {
      let y = OutputImportance.quantile(x)
      let tail =
        Self.share * erfc(y / 2.0.squareRoot()) + (1 - Self.share) * exp(-y * y / 2)
      let expected = erfc(x / 2.0.squareRoot())
      // Rounding of y alone moves the tail by y^2 2^-53.
      #expect(abs(tail / expected - 1) < 1e-15 * (4 + y * y), "\(x)")
      #expect(y >= x)
      #expect(OutputImportance.quantile(-x) == -y)
    }
    #expect(OutputImportance.quantile(0) == 0)
    for x in [0.2, 1, 2.5] {
      let y = OutputImportance.quantile(x)
      #expect(abs(integral(density, from: y, to: 14) - erfc(x / 2.0.squareRoot()) / 2) < 1e-8)
    }
  }

  @Test func quantilesIncrease() {
    let values = (-3000...3000).map { OutputImportance.quantile(Double($0) / 100) }
    for (lower, upper) in zip(values, values.dropFirst()) { #expect(lower < upper) }
  }

  /// p / q: q times the mass is the normal density, so that weighted means are those of the law.
  @Test func massesUndoTheDensity() {
    for a in [-5, -1, -0.01, 0, 0.3, 2, 40] as [Double] {
      let normal = exp(-a * a / 2) / (2 * Double.pi).squareRoot()
      #expect(abs(OutputImportance.mass(a) * density(a) - normal) <= 1e-15 * normal)
      #expect(OutputImportance.mass(a) <= 1 / Self.share)
    }
  }

  /// What the documentation says of noise that is proportional to a, or does not depend on it.
  @Test func gainsAreThoseStated() {
    let normal = { (a: Double) in exp(-a * a / 2) / (2 * Double.pi).squareRoot() }
    let quadratic = integral { $0 * $0 * normal($0) * OutputImportance.mass($0) }
    let constant = integral { normal($0) * OutputImportance.mass($0) }
    #expect(abs(1 / quadratic - 1.44) < 0.005)
    #expect(abs(1 / constant - 0.83) < 0.005)
  }

  /// Masses by themselves are those of the drawn particles, whose sizes they scale: a / sqrt(m) is a
  /// quantile of q and m its mass, images included; and weighted means are those of the law: over 200
  /// samples within five standard errors.
  @Test(arguments: ["importance", "sobol+importance", "quadruples+importance"])
  func particlesStandForTheirMasses(name: String) throws {
    let design = try #require(SampleDesign(name: name))
    let (features, count, samples) = (2, 64, 200)
    var statistics: [[Double]] = []
    for number in 0..<samples {
      let sample = StandardSample(
        design: design, shape: .gaussian, outputs: 1, features: features, count: count, seed: 3,
        randomization: number)
      var rows = [Double](repeating: 0, count: count * 3)
      sample.fill(first: 0, count: count, into: &rows)
      let masses = try #require(sample.masses(first: 0, count: count))
      #expect(sample.masses(first: 6, count: 11)! == Array(masses[6..<17]))
      var sums = [Double](repeating: 0, count: 5)
      for r in 0..<count {
        let size = masses[r].squareRoot()
        let (a, w, v) = (rows[3 * r] / size, rows[3 * r + 1] / size, rows[3 * r + 2] / size)
        #expect(abs(OutputImportance.mass(a) / masses[r] - 1) < 1e-14)
        for (k, value) in [1, abs(a), a * a * a * a, abs(a) * w * w, abs(w - v)].enumerated() {
          sums[k] += masses[r] * value / Double(count)
        }
      }
      statistics.append(sums)
    }
    let magnitude = (2 / Double.pi).squareRoot()
    let expected = [1, magnitude, 3, magnitude, 2.0.squareRoot() * magnitude]
    for k in 0..<5 {
      let values = statistics.map { $0[k] }
      let mean = values.reduce(0, +) / Double(samples)
      let variance =
        values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(samples - 1)
      #expect(
        abs(mean - expected[k]) < 5 * (variance / Double(samples)).squareRoot(), "\(name) \(k)")
    }
  }

  @Test func otherDesignsHaveNoMasses() {
    let sample = StandardSample(
      design: .independent, shape: .gaussian, outputs: 1, features: 2, count: 4, seed: 3,
      randomization: 0)
    #expect(sample.masses(first: 0, count: 4) == nil)
  }
}
