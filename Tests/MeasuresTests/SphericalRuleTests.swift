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

  /// Inner products do not depend on the rotation; on the circle neighbours are 2 pi / N apart.
  @Test func pointsAreTheDocumentedOnesRotated() {
    let count = 90
    let circle = points(.circle, count: count)
    let sphere = points(.sphere, count: count)
    let section = (5.0.squareRoot() - 1) / 2
    let lattice = (0..<count).map { i in
      let z = 1 - (2 * Double(i) + 1) / Double(count)
      let azimuth = 2 * Double.pi * section * Double(i)
      let radius = (1 - z * z).squareRoot()
      return [radius * cos(azimuth), radius * sin(azimuth), z]
    }
    let differences = (0..<(count * count)).map { Double($0 / count - $0 % count) }
    let cosines = differences.map { cos(2 * Double.pi * $0 / Double(count)) }
    #expect(largestDifference(innerProducts(circle), cosines) < 1e-14)
    #expect(largestDifference(innerProducts(sphere), innerProducts(lattice)) < 1e-13)
    #expect(circle[0][0] * circle[1][1] - circle[0][1] * circle[1][0] > 0)
    #expect(abs(volume(sphere) - volume(lattice)) < 1e-14)
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

  /// For a Haar rotation R of space, E[R_ab] = 0 and E[R_ab R_cd] = delta_ac delta_bd / 3, hence
  /// E[x_i] = 0 and E[x_i x_j^T] = (x_i . x_j) / 3; three points span space, so their nine moments
  /// determine those of R. On the circle the commuting rotations add a term in the antisymmetric
  /// matrix, (x_0 x x_1) / 2. Five standard errors.
  @Test(arguments: Sphere.allCases) func rotationsAreHaars(sphere: Sphere) {
    let randomizations = 20_000
    let size = sphere.rawValue
    var first = [Double](repeating: 0, count: 3 * size)
    var second = [Double](repeating: 0, count: 9 * size * size)
    var fourth = 0.0
    for number in 0..<randomizations {
      let x = points(sphere, count: 10, randomization: number, part: 3)
      for i in 0..<3 {
        for a in 0..<size {
          first[size * i + a] += x[i][a]
          for j in 0..<3 {
            for c in 0..<size { second[size * (size * (3 * i + j) + a) + c] += x[i][a] * x[j][c] }
          }
        }
      }
      fourth += pow(x[0][0], 4)
    }
    // Coordinates have variance 1 / size, their products at most E[x^4] <= 3 / 8.
    let bound = 5 / Double(randomizations).squareRoot()
    for sum in first {
      #expect(abs(sum) / Double(randomizations) < bound * (1 / Double(size)).squareRoot())
    }
    let x = points(sphere, count: 10, part: 3)
    for i in 0..<3 {
      for j in 0..<3 {
        for a in 0..<size {
          for c in 0..<size {
            var expected = a == c ? dot(x[i], x[j]) / Double(size) : 0
            if sphere == .circle && a != c {
              let cross = x[i][0] * x[j][1] - x[i][1] * x[j][0]
              expected = (a == 0 ? cross : -cross) / 2
            }
            let found = second[size * (size * (3 * i + j) + a) + c] / Double(randomizations)
            #expect(abs(found - expected) < bound * (3.0 / 8).squareRoot())
          }
        }
      }
    }
    let expected = sphere == .circle ? 3.0 / 8 : 1.0 / 5
    #expect(abs(fourth / Double(randomizations) - expected) < bound * 0.35)
  }

  /// Rotations of different numbers are independent: successive first points are uncorrelated.
  @Test(arguments: Sphere.allCases) func rotationsAreIndependent(sphere: Sphere) {
    let x = (0..<20_000).map { points(sphere, count: 5, randomization: $0, part: 1)[0] }
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

  /// Smooth: mean of exp(2x) is sinh(2) / 2. Kinks: the arc-cosine kernel of degree 1 at the angle
  /// arccos 0.6, E[relu(x) relu(0.6 x + 0.8 y)] (Cho and Saul 2009, sphere: a third of the normal
  /// law's). Cap: P(x > 0.3) = 0.35.
  @Test func theFibonacciLatticesRates() {
    let smooth = rate(.sphere, mean: sinh(2) / 2) { exp(2 * $0[0]) }
    #expect(abs(smooth + 1.5) < 0.15)
    let angle = acos(0.6)
    let kernel = (sin(angle) + (Double.pi - angle) * 0.6) / (6 * Double.pi)
    let kink = rate(.sphere, mean: kernel) { max($0[0], 0) * max(0.6 * $0[0] + 0.8 * $0[1], 0) }
    #expect(abs(kink + 1.25) < 0.15)
    let cap = rate(.sphere, mean: 0.35) { $0[0] > 0.3 ? 1 : 0 }
    #expect(abs(cap + 0.75) < 0.15)
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
