import Comparison
import Foundation
import LinearAlgebra
import Testing

@Suite struct GaussianDivergenceTests {
  /// Against the integral of p log(p/q), by the trapezoidal rule (exact to rounding for such
  /// functions).
  @Test(arguments: [(0.3, 1.0, 0.0, 1.0), (0, 0.5, 0.2, 1.4), (-1, 2, 0.5, 0.7)])
  func quadrature(mean: Double, deviation: Double, mean1: Double, deviation1: Double) {
    func logarithm(_ x: Double, _ m: Double, _ s: Double) -> Double {
      -(x - m) * (x - m) / (2 * s * s) - log(s) - log(2 * Double.pi) / 2
    }
    let step = deviation / 50
    var integral = 0.0
    for i in -1000...1000 {
      let x = mean + Double(i) * step
      let p = logarithm(x, mean, deviation)
      integral += step * exp(p) * (p - logarithm(x, mean1, deviation1))
    }
    let divergence = GaussianFit(mean: mean, variance: deviation * deviation)
      .divergence(from: GaussianFit(mean: mean1, variance: deviation1 * deviation1))
    #expect(isClose(divergence, integral, 1e-11))
  }

  /// Nearly equal variances: D = e^2/4 - e^3/6 + ... for a relative excess e, to all digits.
  @Test func nearlyEqual() {
    let excess = 0x1p-30
    let divergence = GaussianFit(mean: 0, variance: 1 + excess)
      .divergence(from: GaussianFit(mean: 0, variance: 1))
    let exact = excess * excess / 4 - excess * excess * excess / 6
    #expect(abs(divergence / exact - 1) < 1e-14)
    // Both sides of the switch between the series and the logarithm.
    for u in [0.0499, 0.0501, -0.0499, -0.0501] {
      let value = GaussianFit(mean: 0, variance: 1 + u)
        .divergence(from: GaussianFit(mean: 0, variance: 1))
      #expect(abs(value - (u - log1p(u)) / 2) < 1e-16)
    }
  }

  @Test func degenerate() {
    let point = GaussianFit(mean: 1, variance: 0)
    let law = GaussianFit(mean: 1, variance: 2)
    #expect(point.divergence(from: law) == .infinity)
    #expect(law.divergence(from: point) == .infinity)
    #expect(point.divergence(from: point) == 0)
    #expect(point.divergence(from: GaussianFit(mean: 2, variance: 0)) == .infinity)
    #expect(point.divergence(from: GaussianFit(mean: .nan, variance: 0)).isNaN)
    #expect(GaussianFit([3.0]) == nil)
    #expect(GaussianFit([1.0, 3]) == GaussianFit(mean: 2, variance: 2))
  }

  /// The floor in closed form against fits of drawn samples.
  @Test(arguments: [(10, 10), (5, 20), (30, 8)])
  func expectedDivergence(count: Int, referenceCount: Int) throws {
    let runs = 4000
    var values: [Double] = []
    for run in 0..<runs {
      let p = GaussianFit(normals(count, seed: 20, particle: 2 * run))
      let q = GaussianFit(normals(referenceCount, seed: 20, particle: 2 * run + 1))
      values.append(try #require(p).divergence(from: try #require(q)))
    }
    let summary = try #require(GaussianFit(values))
    let expected = try #require(
      GaussianFit.expectedDivergence(count: count, referenceCount: referenceCount))
    #expect(abs(summary.mean - expected) < 3 * (summary.variance / Double(runs)).squareRoot())
    #expect(GaussianFit.expectedDivergence(count: 1, referenceCount: 10) == nil)
    #expect(GaussianFit.expectedDivergence(count: 10, referenceCount: 3) == nil)
  }

  /// Of pairs that correlate, in closed form against fits of drawn samples.
  @Test(arguments: [(6, 0.0), (6, 0.6), (10, 0.9), (10, -0.5)])
  func expectedDivergenceOfPairs(count: Int, correlation: Double) throws {
    let runs = 4000
    var values: [Double] = []
    for run in 0..<runs {
      let x = normals(count, seed: 21, particle: 2 * run)
      let z = normals(count, seed: 21, particle: 2 * run + 1)
      let y = zip(x, z).map { correlation * $0 + (1 - correlation * correlation).squareRoot() * $1 }
      values.append(try #require(GaussianFit(y)).divergence(from: try #require(GaussianFit(x))))
    }
    let summary = try #require(GaussianFit(values))
    let expected = try #require(
      GaussianFit.expectedDivergence(pairs: count, correlation: correlation))
    #expect(abs(summary.mean - expected) < 3 * (summary.variance / Double(runs)).squareRoot())
    let independent = try #require(
      GaussianFit.expectedDivergence(count: count, referenceCount: count))
    #expect(
      isClose(GaussianFit.expectedDivergence(pairs: count, correlation: 0)!, independent, 1e-13))
    #expect(GaussianFit.expectedDivergence(pairs: count, correlation: 1) == 0)
    #expect(GaussianFit.expectedDivergence(pairs: 3, correlation: 0) == nil)
  }

  /// The root of the mean square of distances between samples, against drawn ones; c4 from tables.
  @Test(arguments: [(10, 10), (4, 9), (2, 3)])
  func expectedDistance(count: Int, referenceCount: Int) throws {
    let runs = 4000
    var squares: [Double] = []
    for run in 0..<runs {
      func sample(_ count: Int, _ particle: Int) -> Matrix<Double> {
        Matrix(
          rows: count, columns: 1,
          elements: normals(count, seed: 22, particle: particle).map { 3 * $0 })
      }
      let distance = try #require(
        GaussianLawDistance.rms(
          sample(count, 2 * run), limit: sample(referenceCount, 2 * run + 1)))
      squares.append(distance * distance)
    }
    let summary = try #require(GaussianFit(squares))
    let expected = try #require(
      GaussianLawDistance.expected(deviation: 3, count: count, referenceCount: referenceCount))
    #expect(
      abs(summary.mean - expected * expected) < 3 * (summary.variance / Double(runs)).squareRoot())
    #expect(GaussianLawDistance.expected(deviation: 3, count: 1, referenceCount: 5) == nil)
    // From s = c4 sigma: with n' without bound the distance of deviations is sigma sqrt(2 - 2 c4(n)).
    for (n, c4) in [(2, 0.7978845608), (5, 0.9399856030), (10, 0.9726592741)] {
      let wide = GaussianLawDistance.expected(
        deviation: 1, count: n, referenceCount: 1_000_000)!
      #expect(abs(wide * wide - 1 / Double(n) - 2 + 2 * c4) < 2e-6)
    }
  }

  /// Two points: covariances 2 and -1 over three seeds; variances 2, 2 and 1, 1 in sums of squares.
  @Test func correlationOverSeeds() throws {
    func matrix(_ elements: [Double]) -> Matrix<Double> {
      Matrix(rows: 3, columns: 2, elements: elements)
    }
    let first = matrix([1, 1, 2, 2, 3, 3])
    #expect(seedCorrelation(first, first) == 1)
    let second = matrix([11, 30, 12, 20, 13, 10])
    // Sums of products 2 and -20, of sizes 2 and 20.
    #expect(isClose(try #require(seedCorrelation(first, second)), -18.0 / 22, 1e-14))
    #expect(seedCorrelation(matrix([1, 1, 1, 1, 1, 1]), first) == nil)
  }
}

@Suite struct BetaDivergenceTests {
  /// 60 digits of mpmath; parameters up to 1e12, where the formula as written would lose all.
  @Test func divergencesOfTheFixture() throws {
    for beta in try Fixture.load().beta {
      let reference = BetaFit(a: beta.a1, b: beta.b1)
      let divergence = BetaFit(a: beta.a, b: beta.b).divergence(from: reference)
      // A fit holds mean and sum of the parameters, whose rounding, 1e-16 of a parameter, is 1e-10 of
      // the shift of 1e-6 between laws with parameters of 1e12.
      let tolerance = beta.a > 1e10 ? 1e-9 : 1e-13
      #expect(abs(divergence / beta.divergence - 1) < tolerance, "\(beta) gave \(divergence)")
    }
  }

  /// Against quadrature of p log(p/q) over the logit, whose integrand vanishes at both ends.
  @Test(arguments: [(2.0, 3.0, 3.0, 2.0), (0.5, 0.7, 1.5, 0.2), (12, 5, 9, 9)])
  func quadrature(a: Double, b: Double, a1: Double, b1: Double) {
    func logarithm(_ t: Double, _ a: Double, _ b: Double) -> Double {
      let p = -log1p(exp(-t))
      let q = -log1p(exp(t))
      return a * p + b * q + lgamma(a + b) - lgamma(a) - lgamma(b)
    }
    var integral = 0.0
    for i in -6000...6000 {
      let t = Double(i) / 50
      let p = logarithm(t, a, b)
      integral += exp(p) * (p - logarithm(t, a1, b1)) / 50
    }
    let divergence = BetaFit(a: a, b: b).divergence(from: BetaFit(a: a1, b: b1))
    #expect(isClose(divergence, integral, 1e-10))
  }

  /// Mean and variance of the fit are those of the sample.
  @Test func moments() throws {
    let logits = [0.3, -1.2, 2, 0.4, -0.1]
    let p = logits.map { 1 / (1 + exp(-$0)) }
    let fit = try #require(BetaFit(logits: logits))
    let mean = p.reduce(0, +) / 5
    let variance = p.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 5
    let (a, b) = (fit.a, fit.b)
    #expect(isClose(a / (a + b), mean, 1e-14))
    #expect(isClose(a * b / ((a + b) * (a + b) * (a + b + 1)), variance, 1e-14))
    #expect(BetaFit(logits: [0.3]) == nil)
  }

  /// Probabilities that round to 1 keep their spread: p and 1 - p are as good as each other.
  @Test func saturated() throws {
    let logits = [40.0, 41, 42.5]
    let high = try #require(BetaFit(logits: logits))
    let low = try #require(BetaFit(logits: logits.map { -$0 }))
    #expect(high.b == low.a && high.a == low.b && high.b > 0 && high.concentration.isFinite)
    let other = try #require(BetaFit(logits: [39.0, 40, 41]))
    #expect(high.divergence(from: other).isFinite && high.divergence(from: other) > 0)
    // Logits without variance.
    let point = try #require(BetaFit(logits: [0.1, 0.1, 0.1]))
    #expect(point.concentration == .infinity)
    #expect(point.divergence(from: other) == .infinity)
    #expect(other.divergence(from: point) == .infinity)
    #expect(point.divergence(from: point) == 0)
    #expect(try #require(BetaFit(logits: [0.1, .nan])).divergence(from: other).isNaN)
  }
}

@Suite struct PointwiseDivergenceTests {
  @Test func overPoints() throws {
    let limit = Matrix(rows: 3, columns: 2, elements: [0.0, 1, 1, 3, 2, 2])
    let networks = Matrix(rows: 2, columns: 2, elements: [0.0, 5, 4, 1])
    let result = try #require(PointwiseDivergence.ofLogits(limit: limit, networks: networks))
    let first = try #require(GaussianFit([0.0, 1, 2])).divergence(
      from: try #require(GaussianFit([0.0, 4])))
    let second = try #require(GaussianFit([1.0, 3, 2])).divergence(
      from: try #require(GaussianFit([5.0, 1])))
    #expect(result.perPoint == [first, second] && result.mean == (first + second) / 2)
    let beta = try #require(PointwiseDivergence.ofProbabilities(limit: limit, networks: networks))
    let exact = try #require(BetaFit(logits: [1.0, 3, 2])).divergence(
      from: try #require(BetaFit(logits: [5.0, 1])))
    #expect(beta.perPoint[1] == exact)
  }

  @Test func oneSeedIsUnavailable() {
    let one = Matrix(rows: 1, columns: 2, elements: [0.0, 1])
    let two = Matrix(rows: 2, columns: 2, elements: [0.0, 1, 2, 3])
    #expect(PointwiseDivergence.ofLogits(limit: one, networks: two) == nil)
    #expect(PointwiseDivergence.ofLogits(limit: two, networks: one) == nil)
    #expect(PointwiseDivergence.ofProbabilities(limit: one, networks: two) == nil)
    #expect(PointwiseDivergence.ofProbabilities(limit: two, networks: one) == nil)
  }

  /// A limit that does not fluctuate is infinitely far, unless a variance is put in its place.
  @Test func deterministicLimit() throws {
    let networks = Matrix(rows: 2, columns: 1, elements: [1.0, 3])
    let limit = [GaussianFit(mean: 2, variance: 0)]
    let strict = try #require(PointwiseDivergence.ofLogits(limit: limit, networks: networks))
    #expect(strict.mean == .infinity && strict.perPoint == [.infinity])
    let rows = Matrix(rows: 2, columns: 1, elements: [2.0, 2])
    let regularized = try #require(
      PointwiseDivergence.ofLogits(limit: rows, networks: networks, addedVariance: 0.5))
    #expect(isClose(regularized.mean, (log(2 / 0.5) + 0.5 / 2 - 1) / 2, 1e-14))
  }

  @Test func oneAgainstRest() {
    let logits = Matrix(rows: 1, columns: 6, elements: [0.3, -1, 2, 500, 0, -800])
    let rest = oneAgainstRestLogits(logits, outputs: 3)
    let exponentials = [0.3, -1, 2].map { exp($0) }
    for c in 0..<3 {
      let softmax = exponentials[c] / exponentials.reduce(0, +)
      #expect(isClose(1 / (1 + exp(-rest.elements[c])), softmax, 1e-14))
    }
    #expect(rest.elements[3] == 500 && rest.elements[4] == -500 && rest.elements[5] == -1300)
  }
}
