import Foundation
import Measures
import Networks
import TestSupport
import Testing

@testable import ParticleSystems

/// One entry of `smoothed_activations.json`: rows of z, tau, E phi(x), E phi(x)^2, E phi'(x)^2.
struct SmoothedEntry: Decodable {
  let activation: String
  let coordinates: Int?
  let rows: [[Double]]

  var subject: (Activation, SmoothingLaw) {
    let activations: [String: Activation] = [
      "relu": .relu, "leaky": .leakyReLU(slope: 0.1), "erf": .erf, "gelu": .gelu, "sin": .sin,
    ]
    return (
      activations[activation]!, coordinates.map { .student(coordinates: $0) } ?? .gaussian
    )
  }
}

@Suite struct SmoothedActivationTests {
  static let smooth: [Activation] = [.erf, .gelu, .sin]
  static let kinked: [Activation] = [.relu, .leakyReLU(slope: 0.1), .leakyReLU(slope: -0.7)]
  static let cases: [(Activation, SmoothingLaw)] =
    (smooth + kinked + [.linear]).map { ($0, .gaussian) }
    + (kinked + [.linear]).flatMap { activation in
      [1, 2, 7, 784].map { (activation, .student(coordinates: $0)) }
    }

  func numbers(_ count: Int, _ particle: Int) -> [Double] {
    RandomStream(seed: 78, stream: .syntheticData).normals(count, particle: particle)
  }

  @Test func doubleMatchesMPMath() throws {
    for entry in try fixture("smoothed_activations", as: [SmoothedEntry].self, in: .module) {
      let (activation, law) = entry.subject
      let smoothed = try #require(SmoothedActivation<Double>(activation, law))
      let (z, deviations) = (entry.rows.map { $0[0] }, entry.rows.map { $0[1] })
      let moments = compiledMoments(smoothed, z: z, deviations: deviations)
      for (i, row) in entry.rows.enumerated() {
        let (u, tau) = (row[0], row[1])
        let place = "\(activation), \(law), z \(u), tau \(tau)"
        #expect(abs(moments[0][i] - row[2]) <= 1e-12 * tau + 4e-16 * (1 + abs(u)), "\(place)")
        let scale = 1 + u * u + tau * tau
        #expect(abs(moments[1][i] - row[3]) <= 1e-12 * tau * tau + 1e-15 * scale, "\(place)")
        #expect(abs(moments[2][i] - row[4]) <= 1e-12, "\(place)")
      }
    }
  }

  @Test func singleMatchesMPMath() throws {
    for entry in try fixture("smoothed_activations", as: [SmoothedEntry].self, in: .module) {
      let (activation, law) = entry.subject
      let smoothed = try #require(SmoothedActivation<Float>(activation, law))
      // Inputs that single precision holds: rounding them would show phi's slope, not the loops.
      let rows = entry.rows.filter {
        $0[0] == Double(Float($0[0])) && $0[1] == Double(Float($0[1]))
      }
      try #require(rows.count >= 20)
      let moments = compiledMoments(
        smoothed, z: rows.map { Float($0[0]) }, deviations: rows.map { Float($0[1]) })
      for (i, row) in rows.enumerated() {
        let (u, tau) = (row[0], row[1])
        let place = "\(activation), \(law), z \(u), tau \(tau)"
        #expect(
          abs(Double(moments[0][i]) - row[2]) <= 1e-7 * tau + 2e-7 * (1 + abs(u)), "\(place)")
        let scale = 1 + u * u + tau * tau
        #expect(abs(Double(moments[1][i]) - row[3]) <= 1e-6 * scale, "\(place)")
        #expect(abs(Double(moments[2][i]) - row[4]) <= 1e-6, "\(place)")
      }
    }
  }

  @Test(arguments: cases) func doubleMatchesPlainQuadrature(
    activation: Activation, law: SmoothingLaw
  ) throws {
    let smoothed = try #require(SmoothedActivation<Double>(activation, law))
    let z = numbers(12, 1).map { 2 * $0 }
    let deviations = numbers(12, 2).map { exp($0) }
    let moments = compiledMoments(smoothed, z: z, deviations: deviations)
    for i in z.indices {
      let plain = plainMoments(activation, law, z: z[i], deviation: deviations[i])
      let scale = 1 + z[i] * z[i] + deviations[i] * deviations[i]
      for k in 0..<3 {
        #expect(abs(moments[k][i] - plain[k]) <= 3e-12 * scale, "\(z[i]) \(deviations[i]) \(k)")
      }
    }
  }

  func checkZeroDeviation<Scalar: ParticleScalar>(
    _ activation: Activation, _ law: SmoothingLaw, _: Scalar.Type
  ) throws {
    let smoothed = try #require(SmoothedActivation<Scalar>(activation, law))
    let z = numbers(301, 3).map { Scalar(3 * $0) } + [0]
    let shape = BlockShape(rows: 1, points: z.count, stride: z.count)
    let zeros = [Scalar](repeating: 0, count: z.count)
    var (phi, squares, slopes) = (zeros, zeros, zeros)
    let pointwise = PointwiseLaw<Scalar>(activation)
    Scalar.forward(pointwise, z, shape, coefficients: [1], sums: &phi)
    Scalar.tangentSums(
      pointwise, z, shape, outputWeights: [1], masses: [1], valueSums: &squares,
      derivativeSums: &slopes)
    let moments = compiledMoments(smoothed, z: z, deviations: zeros)
    #expect(moments[0] == phi)
    for i in z.indices {
      #expect(abs(moments[1][i] - squares[i]) <= 8 * Scalar.ulpOfOne * (1 + squares[i]))
      #expect(abs(moments[2][i] - slopes[i]) <= 8 * Scalar.ulpOfOne)
    }
  }

  /// The activation itself, to the last bit; phi'(0) = 1 at the kink as everywhere.
  @Test(arguments: cases) func zeroDeviationIsTheActivation(
    activation: Activation, law: SmoothingLaw
  ) throws {
    try checkZeroDeviation(activation, law, Double.self)
    try checkZeroDeviation(activation, law, Float.self)
  }

  /// E phi(z + tau T) - phi(z) = tau^2 phi''(z) / 2 + O(tau^4) where phi is smooth.
  @Test(arguments: smooth) func smallDeviationsActThroughTheCurvature(
    activation: Activation
  ) throws {
    let smoothed = try #require(SmoothedActivation<Double>(activation, .gaussian))
    let h = 1e-5
    for z in [-1.1, 0.3, 0.9] {
      let curvature = (activation.derivative(z + h) - activation.derivative(z - h)) / (2 * h)
      for tau in [0.01, 0.02] {
        let moments = compiledMoments(smoothed, z: [z], deviations: [tau])
        let shift = (moments[0][0] - activation.value(z)) / (tau * tau / 2)
        #expect(abs(shift - curvature) <= 3 * tau * tau, "\(z) \(tau)")
      }
    }
  }

  /// At z = 0 the value is (1 - slope) tau E max(T, 0), whatever tau. E max(T, 0) is 1 / sqrt(2 pi) for
  /// the normal law and 1 / sqrt 8 for p = 2, of density 3 / (4 sqrt 2) (1 + t^2 / 2)^(-5/2).
  @Test(arguments: [1e-308, 1e-30, 1e-3, 1, 1e5]) func kinkItselfIsLinearInTheDeviation(
    tau: Double
  ) throws {
    let halves: [(SmoothingLaw, Double)] = [
      (.gaussian, 1 / (2 * Double.pi).squareRoot()), (.student(coordinates: 2), 0.125.squareRoot()),
    ]
    for (law, half) in halves {
      let smoothed = try #require(SmoothedActivation<Double>(.leakyReLU(slope: 0.25), law))
      let value = compiledMoments(smoothed, z: [0], deviations: [tau])[0][0]
      #expect(abs(value / tau - 0.75 * half) <= 1e-13)
    }
  }

  @Test func sumsAreWeightedAndAddedTo() throws {
    let (rows, points, stride) = (5, 3, 7)
    let shape = BlockShape(rows: rows, points: points, stride: stride)
    let z = numbers(rows * stride, 4)
    let a = numbers(rows, 5)
    let masses = numbers(rows, 6).map { abs($0) }
    let deviations = [0.3, 0, 2]
    for (activation, law) in Self.cases {
      let smoothed = try #require(SmoothedActivation<Double>(activation, law))
      var values = [1.0, 2, 3]
      var slopes = [4.0, 5, 6]
      smoothed.addTangentSums(
        z, shape, outputWeights: a, masses: masses, deviations: deviations, valueSums: &values,
        derivativeSums: &slopes)
      for i in 0..<points {
        var expected = (Double(1 + i), Double(4 + i))
        for r in 0..<rows {
          let one = compiledMoments(
            smoothed, z: [z[r * stride + i]], deviations: [deviations[i]])
          expected.0 += masses[r] * one[1][0]
          expected.1 += masses[r] * a[r] * a[r] * one[2][0]
        }
        #expect(abs(values[i] - expected.0) <= 1e-13 * expected.0)
        #expect(abs(slopes[i] - expected.1) <= 1e-13 * expected.1)
      }
    }
  }

  func checkPlaces<Scalar: SmoothingScalar>(
    _ activation: Activation, _ law: SmoothingLaw, _: Scalar.Type
  ) throws {
    let smoothed = try #require(SmoothedActivation<Scalar>(activation, law))
    // More columns than are worked on at a time, and a remainder.
    let (rows, points, stride) = (3, 531, 540)
    var z = numbers(rows * stride, 7).map { Scalar(3 * $0) }
    z[5] = .nan
    let deviations = numbers(points, 8).map { Scalar(abs($0)) }
    var values = z
    smoothed.apply(
      &values, BlockShape(rows: rows, points: points, stride: stride), deviations: deviations)
    for r in 0..<rows {
      for i in 0..<stride {
        let place = r * stride + i
        if place == 5 {
          #expect(values[place].isNaN)
        } else if i >= points {
          #expect(values[place] == z[place])
        } else {
          let alone = compiledMoments(smoothed, z: [z[place]], deviations: [deviations[i]])
          #expect(values[place] == alone[0][0])
        }
      }
    }
  }

  @Test(arguments: [Activation.leakyReLU(slope: 0.1), .erf, .gelu, .sin])
  func bitsDependOnTheElementOnly(activation: Activation) throws {
    try checkPlaces(activation, .gaussian, Double.self)
    try checkPlaces(activation, .gaussian, Float.self)
  }

  @Test func noClosedFormIsNil() {
    #expect((SmoothedActivation<Double>(.tanh, .gaussian)) == nil)
    #expect((SmoothedActivation<Double>(.softplus, .gaussian)) == nil)
    #expect((SmoothedActivation<Float>(.tanh, .student(coordinates: 5))) == nil)
    for activation in Self.smooth {
      #expect((SmoothedActivation<Double>(activation, .student(coordinates: 5))) == nil)
    }
  }
}
