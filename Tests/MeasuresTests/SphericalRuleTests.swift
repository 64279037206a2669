import Foundation
import Measures
import TestSupport
import Testing

@Suite struct SphericalRuleTests {
  typealias Sphere = SphericalRule.Sphere

  func points(
    _ sphere: Sphere, count: Int, randomization: Int = 0, first: Int = 0, part: Int? = nil
  ) -> [[Double]] {
    let rule = SphericalRule(sphere, count: count, seed: 11, randomization: randomization)
    let part = part ?? count
    var numbers = [Double](repeating: 0, count: part * sphere.rawValue)
    rule.fillPoints(first: first, count: part, into: &numbers)
    return (0..<part).map { Array(numbers[($0 * sphere.rawValue)..<(($0 + 1) * sphere.rawValue)]) }
  }

  func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  /// Root mean square over randomizations of the error of the mean of `function`.
  func error(
    _ sphere: Sphere, count: Int, mean: Double, randomizations: Int = 40,
    _ function: ([Double]) -> Double
  ) -> Double {
    let squares = (0..<randomizations).map { number in
      let sum = points(sphere, count: count, randomization: number).reduce(0) { $0 + function($1) }
      return pow(sum / Double(count) - mean, 2)
    }
    return (squares.reduce(0, +) / Double(randomizations)).squareRoot()
  }

  func rate(_ sphere: Sphere, mean: Double, _ function: ([Double]) -> Double) -> Double {
    let counts = [64, 128, 256, 512, 1024, 2048, 4096]
    let errors = counts.map { error(sphere, count: $0, mean: mean, function) }
    return logLogSlope(counts.map { Double($0) }, errors)
  }

  @Test(arguments: Sphere.allCases, [1, 2, 7, 1000]) func pointsHaveUnitLength(
    sphere: Sphere, count: Int
  ) {
    let squares = points(sphere, count: count).map { dot($0, $0) }
    #expect(largestDifference(squares, squares.map { _ in 1 }) < 2e-15)
  }

  @Test(arguments: Sphere.allCases) func aPointIsTheSameInEveryBlock(sphere: Sphere) {
    let all = points(sphere, count: 200)
    for (first, part) in [(0, 1), (3, 50), (199, 1), (70, 0)] {
      let some = points(sphere, count: 200, first: first, part: part)
      #expect(some == Array(all[first..<(first + part)]))
    }
  }

  /// On the circle neighbours are 2 pi / N apart. On the sphere, from pole to pole, the first height
  /// gives u, and inner products do not depend on the turn.
  @Test func pointsAreTheDocumentedOnes() {
    let count = 90
    let circle = points(.circle, count: count)
    let sphere = points(.sphere, count: count).sorted { $0[0] > $1[0] }
    let section = (5.0.squareRoot() - 1) / 2
    let offset = (1 - sphere[0][0]) * Double(count) / 2
    #expect(offset > 0 && offset < 1)
    let lattice = (0..<count).map { i in
      let z = 1 - 2 * (Double(i) + offset) / Double(count)
      let azimuth = 2 * Double.pi * section * Double(i)
      let radius = (1 - z * z).squareRoot()
      return [z, radius * cos(azimuth), radius * sin(azimuth)]
    }
    let differences = (0..<(count * count)).map { Double($0 / count - $0 % count) }
    let cosines = differences.map { cos(2 * Double.pi * $0 / Double(count)) }
    #expect(largestDifference(innerProducts(circle), cosines) < 1e-14)
    #expect(largestDifference(innerProducts(sphere), innerProducts(lattice)) < 1e-13)
    #expect(largestDifference(sphere.map { $0[0] }, lattice.map { $0[0] }) < 1e-14)
    #expect(circle[0][0] * circle[1][1] - circle[0][1] * circle[1][0] > 0)
    #expect(abs(volume(sphere) - volume(lattice)) < 1e-14)
  }

  /// Ten points in a row have heights in seven of ten zones of equal area at least.
  @Test(arguments: [1000, 4096, 10_000]) func pointsInARowAreSpreadOut(count: Int) {
    for first in stride(from: 0, to: count - 10, by: 7) {
      let zones = points(.sphere, count: count, first: first, part: 10).map {
        Int(((1 - $0[0]) / 2 * 10).rounded(.down))
      }
      #expect(Set(zones).count >= 7)
    }
  }

  func innerProducts(_ points: [[Double]]) -> [Double] {
    points.flatMap { a in points.map { dot(a, $0) } }
  }

  /// The determinant of the first three points: its sign tells rotations from reflections.
  func volume(_ p: [[Double]]) -> Double {
    let cross = [
      p[1][1] * p[2][2] - p[1][2] * p[2][1], p[1][2] * p[2][0] - p[1][0] * p[2][2],
      p[1][0] * p[2][1] - p[1][1] * p[2][0],
    ]
    return dot(p[0], cross)
  }

  /// A uniform point of the sphere has independent height, uniform on (-1, 1), and azimuth, uniform on
  /// the circle (Archimedes); of the circle, a uniform azimuth. Trigonometric moments of the azimuth
  /// and power moments of the height, each within five standard errors, of the first, a middle and the
  /// last point.
  @Test(arguments: Sphere.allCases, [0, 4, 9]) func everyPointIsUniform(
    sphere: Sphere, number: Int
  ) {
    let randomizations = 20_000
    var sums = [String: Double]()
    for randomization in 0..<randomizations {
      let x = points(sphere, count: 10, randomization: randomization, first: number, part: 1)[0]
      let azimuth = sphere == .circle ? atan2(x[1], x[0]) : atan2(x[2], x[1])
      for k in 1...3 {
        sums["cos \(k)", default: 0] += cos(Double(k) * azimuth)
        sums["sin \(k)", default: 0] += sin(Double(k) * azimuth)
        if sphere == .sphere {
          let mean = k.isMultiple(of: 2) ? 1 / Double(k + 1) : 0
          sums["height \(k)", default: 0] += pow(x[0], Double(k)) - mean
          sums["both \(k)", default: 0] += x[0] * cos(Double(k) * azimuth)
        }
      }
    }
    for sum in sums.values {
      #expect(abs(sum) / Double(randomizations) < 5 / Double(2 * randomizations).squareRoot())
    }
  }

  /// Randomizations of different numbers are independent: successive points are uncorrelated.
  @Test(arguments: Sphere.allCases) func randomizationsAreIndependent(sphere: Sphere) {
    let x = (0..<20_000).map {
      Array(points(sphere, count: 5, randomization: $0, first: 2, part: 1)[0].suffix(2))
    }
    let mean = zip(x, x.dropFirst()).reduce(0) { $0 + dot($1.0, $1.1) } / Double(x.count - 1)
    #expect(abs(mean) < 5 / Double(x.count).squareRoot())
  }

  /// cos(k angle) for k below N has mean 0; for k = N it is constant on the points.
  @Test func theCircleIsExactForTrigonometricPolynomials() {
    let circle = points(.circle, count: 12).map { atan2($0[1], $0[0]) }
    for k in 1..<12 {
      #expect(abs(circle.reduce(0) { $0 + cos(Double(k) * $1) }) < 1e-13)
    }
    for angle in circle { #expect(abs(cos(12 * angle) - cos(12 * circle[0])) < 1e-13) }
  }

  @Test func theCircleConvergesSpectrallyAndAtSecondOrderWithAKink() {
    // The mean of exp(2 cos) is the Bessel function I_0(2); its Fourier coefficients are I_k(2).
    let bessel = (0..<30).reduce(0.0) { $0 + 1 / pow(tgamma(Double($1) + 1), 2) }
    let errors = [8, 12, 16].map { count in
      error(.circle, count: count, mean: bessel) { exp(2 * $0[0]) }
    }
    #expect(errors[0] < 1e-4 && errors[1] < 1e-8 && errors[2] < 1e-12)
    let kink = rate(.circle, mean: 1 / Double.pi) { max($0[0], 0) }
    #expect(abs(kink + 2) < 0.2)
  }

  /// A function of the height that differs at the poles: mean of exp(2 x) is sinh(2) / 2. Kinks through
  /// the poles: of a logit, x relu(0.6 y + 0.8 z) with mean 0, and the arc-cosine kernel of degree 1 at
  /// the angle arccos 0.6, E[relu(y) relu(0.6 y + 0.8 z)] (Cho and Saul 2009, sphere: a third of the
  /// normal law's). A kink elsewhere: |0.6 x + 0.8 y| has mean 1/2. Cap: P(y > 0.3) = 0.35.
  @Test func theFibonacciLatticesRates() {
    let height = rate(.sphere, mean: sinh(2) / 2) { exp(2 * $0[0]) }
    #expect(abs(height + 1) < 0.15)
    let logit = rate(.sphere, mean: 0) { $0[0] * max(0.6 * $0[1] + 0.8 * $0[2], 0) }
    #expect(abs(logit + 1.5) < 0.15)
    let angle = acos(0.6)
    let mean = (sin(angle) + (Double.pi - angle) * 0.6) / (6 * Double.pi)
    let kernel = rate(.sphere, mean: mean) { max($0[1], 0) * max(0.6 * $0[1] + 0.8 * $0[2], 0) }
    #expect(abs(kernel + 1.9) < 0.15)
    let kink = rate(.sphere, mean: 0.5) { abs(0.6 * $0[0] + 0.8 * $0[1]) }
    #expect(abs(kink + 1.25) < 0.15)
    let cap = rate(.sphere, mean: 0.35) { $0[1] > 0.3 ? 1 : 0 }
    #expect(abs(cap + 0.75) < 0.15)
  }

  /// The logits of a network are sums of a phi(w . x), whose kinks pass through the poles of a: there
  /// the error is less than half of that under rotations uniform on SO(3). The rotated points are
  /// those of the rule multiplied by the matrix of a random quaternion (Shoemake, Graphics Gems III,
  /// 1992).
  @Test func polesOnTheAxisOfOutputWeightsHalveTheError() {
    let randomizations = 40
    let stream = RandomStream(seed: 3, stream: .sphericalRotation)
    let directions = (0..<8).map { (cos(0.4 * Double($0) + 0.1), sin(0.4 * Double($0) + 0.1)) }
    // Mean of a^2 relu(w x)^2 on the sphere: E[x^2 y^2] / 2 = 1 / 30.
    func squaredError(_ points: [[Double]]) -> Double {
      directions.reduce(0) { sum, direction in
        let mean =
          points.reduce(0) {
            $0 + $1[0] * $1[0] * pow(max($1[1] * direction.0 + $1[2] * direction.1, 0), 2)
          } / Double(points.count)
        return sum + pow(mean - 1.0 / 30, 2)
      }
    }
    var (aligned, rotated) = (0.0, 0.0)
    for number in 0..<randomizations {
      let lattice = points(.sphere, count: 1024, randomization: number)
      let q = stream.normals(4, particle: 1000 + number)
      aligned += squaredError(lattice)
      rotated += squaredError(lattice.map { rotate($0, by: q) })
    }
    #expect(aligned < rotated / 4)
  }

  func rotate(_ x: [Double], by q: [Double]) -> [Double] {
    let (a, b, c, d) = (q[0], q[1], q[2], q[3])
    let square = a * a + b * b + c * c + d * d
    let rows = [
      [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
      [2 * (b * c + a * d), a * a - b * b + c * c - d * d, 2 * (c * d - a * b)],
      [2 * (b * d - a * c), 2 * (c * d + a * b), a * a - b * b - c * c + d * d],
    ]
    return rows.map { dot($0, x) / square }
  }

  /// Means of functions of few points are right on average over rotations.
  @Test(arguments: Sphere.allCases) func meansAreUnbiased(sphere: Sphere) {
    let exact = sphere == .circle ? 0.25 : 1.0 / 6
    let randomizations = 4000
    let values = (0..<randomizations).map { number in
      points(sphere, count: 3, randomization: number)
        .reduce(0) { $0 + pow(max($1[0], 0), 2) } / 3
    }
    let mean = values.reduce(0, +) / Double(randomizations)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(randomizations - 1)
    #expect(abs(mean - exact) < 5 * (variance / Double(randomizations)).squareRoot() + 1e-12)
  }
}
