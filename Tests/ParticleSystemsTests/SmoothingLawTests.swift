import Foundation
import Networks
import TestSupport
import Testing

@testable import ParticleSystems

/// What Student's law stands for: the radius of a Gaussian particle, integrated out.
@Suite struct SmoothingLawTests {
  /// Radii c = exp s and weights of their law c^2 ~ chi^2_p / p, of density proportional to
  /// c^(p - 1) exp(-p c^2 / 2); in s the structure near c = tau / |u| has one width for every tau.
  func radii(coordinates: Int) -> [(node: Double, weight: Double)] {
    let p = Double(coordinates)
    let spread = 12 / p.squareRoot()
    let nodes = PlainQuadrature.nodes(
      from: log(max(1 - spread, 1e-13)), to: log(1 + spread), width: min(0.3, spread / 4))
    let weights = nodes.map { $0.weight * exp(p * $0.node - p * (exp(2 * $0.node) - 1) / 2) }
    let mass = weights.reduce(0, +)
    return zip(nodes, weights).map { (exp($0.node), $1 / mass) }
  }

  /// E[c^2 g(tau / c)] for the three functions g that Gaussian smoothing has, one deviation a column,
  /// against the one Student smoothing.
  @Test(arguments: [1, 2, 5, 60, 1000]) func studentIsTheGaussianOverRadii(
    coordinates: Int
  ) throws {
    let activation = Activation.leakyReLU(slope: 0.1)
    let gaussian = try #require(SmoothedActivation<Double>(activation, .gaussian))
    let student = try #require(
      SmoothedActivation<Double>(activation, .student(coordinates: coordinates)))
    let radii = radii(coordinates: coordinates)
    for u in [-3.0, -0.4, 0, 0.05, 1.3, 8] {
      for tau in [0.02, 0.7, 2.5] {
        let parts = compiledMoments(
          gaussian, z: radii.map { _ in u }, deviations: radii.map { tau / $0.node })
        let moments = compiledMoments(student, z: [u], deviations: [tau])
        for k in 0..<3 {
          let mean = zip(radii, parts[k]).reduce(0) {
            $0 + $1.0.weight * $1.0.node * $1.0.node * $1.1
          }
          #expect(abs(moments[k][0] - mean) <= 2e-12 * (1 + u * u + tau * tau), "\(u) \(tau) \(k)")
        }
      }
    }
  }

  /// The kurtosis of T exceeds 3 by 6 / (p - 2): the difference from the normal law is of order 1/p.
  @Test func studentTendsToTheGaussian() throws {
    let gaussian = try #require(SmoothedActivation<Double>(.relu, .gaussian))
    let limit = compiledMoments(gaussian, z: [0.2], deviations: [1])
    let coordinates = [100, 400, 1600, 6400]
    for k in 0..<3 {
      let gaps = try coordinates.map { p in
        let student = try #require(SmoothedActivation<Double>(.relu, .student(coordinates: p)))
        return abs(compiledMoments(student, z: [0.2], deviations: [1])[k][0] - limit[k][0])
      }
      #expect(abs(logLogSlope(coordinates.map { Double($0) }, gaps) + 1) <= 0.05, "\(gaps)")
    }
  }

  /// P(T > v), E max(T - v, 0) and E max(T - v, 0)^2 in closed form. Normal law: Q, n - v Q and
  /// (1 + v^2) Q - v n, n the density. p = 2: with s = v / sqrt(2 + v^2) the density
  /// 3 / (4 sqrt 2) (1 + t^2 / 2)^(-5/2) has Q = 1/2 - 3/4 s + s^3 / 4; integrating by parts with
  /// M = int_v t f = (2/3) (1 + v^2 / 2) f gives M - v Q and (1 + v^2) Q - v M / 2.
  @Test func kinkMomentsMatchClosedForms() {
    let normal = KinkMoments(.gaussian)
    let student = KinkMoments(.student(coordinates: 2))
    for v in [0, 0.01, 0.4, 1, 2.5, 6] {
      let n = exp(-v * v / 2) / (2 * Double.pi).squareRoot()
      let q = erfc(v * 0.5.squareRoot()) / 2
      #expect(
        largestDifference(normal(v), [q, n - v * q, (1 + v * v) * q - v * n]) <= 1e-15 * (1 + v * v)
      )
      let s = v / (2 + v * v).squareRoot()
      let tail = 0.5 - 0.75 * s + s * s * s / 4
      let first = 2.0 / 3 * 3 / 32.0.squareRoot() * pow(1 + v * v / 2, -1.5)
      #expect(
        largestDifference(
          student(v), [tail, first - v * tail, (1 + v * v) * tail - v * first / 2])
          <= 1e-15 * (1 + v * v))
    }
  }

  /// Largest errors of E max(T - v, 0), and of P(T > v) and E max(T - v, 0)^2.
  func tableErrors<Scalar: SmoothingScalar>(
    _ law: SmoothingLaw, _: Scalar.Type
  ) throws -> (value: Double, squares: Double) {
    // For z < 0 and slope 0 smoothed values and squares are the tables alone.
    let smoothed = try #require(SmoothedActivation<Scalar>(.relu, law))
    let moments = KinkMoments(law)
    let v = stride(from: 0.00037, to: 1, by: 0.00137).map { Scalar((1 - $0) / $0) }
    let tables = compiledMoments(smoothed, z: v.map { -$0 }, deviations: v.map { _ in 1 })
      .map { $0.map { Double($0) } }
    let exact = v.map { moments(Double($0)) }
    return (
      largestDifference(tables[0], exact.map { $0[1] }),
      max(
        largestDifference(tables[1], exact.map { $0[2] }),
        largestDifference(tables[2], exact.map { $0[0] }))
    )
  }

  /// Over the whole half line, tails included, between the interpolation points.
  @Test(arguments: [nil, 1, 2, 4, 20, 500, 100_000])
  func tablesReachTheirAccuracy(coordinates: Int?) throws {
    let law = coordinates.map { SmoothingLaw.student(coordinates: $0) } ?? .gaussian
    let double = try tableErrors(law, Double.self)
    #expect(double.value <= 1e-13)
    #expect(double.squares <= 4e-13)
    let single = try tableErrors(law, Float.self)
    #expect(single.value <= 1e-7)
    #expect(single.squares <= 1.5e-7)
  }
}
