import CKernels
import Foundation
import LinearAlgebra
import Measures
import Networks
import Testing

@testable import ParticleSystems

/// Every compiled loop against a plain one in double precision, on shapes that leave remainders in
/// every unrolled direction.
@Suite struct PointwiseLoopTests {
  static let activations: [Activation] = [
    .linear, .relu, .leakyReLU(slope: 0.1), .erf, .tanh, .gelu, .sin, .softplus,
  ]
  static let shapes = [(1, 1), (2, 3), (5, 17), (7, 64), (6, 129), (9, 200)]

  func numbers<Scalar: ParticleScalar>(_ count: Int, _ particle: Int) -> [Scalar] {
    RandomStream(seed: 77, stream: .syntheticData).normals(count, particle: particle)
      .map { Scalar($0) }
  }

  func check<Scalar: ParticleScalar>(
    _ activation: Activation, rows: Int, points: Int, _ type: Scalar.Type, tolerance: Double
  ) {
    let stride = points + 3
    let shape = BlockShape(rows: rows, points: points, stride: stride)
    let law = PointwiseLaw<Scalar>(activation)
    let z: [Scalar] = numbers(rows * stride, 1)
    let a: [Scalar] = numbers(rows, 2)
    let g: [Scalar] = numbers(points, 3)
    let phi = z.map { activation.value(Double($0)) }
    let dphi = z.map { activation.derivative(Double($0)) }
    func near(_ x: [Scalar], _ y: [Double], _ what: String) {
      for (u, v) in zip(x, y) {
        #expect(abs(Double(u) - v) < tolerance * (1 + abs(v)), "\(what)")
      }
    }

    var sums = [Scalar](repeating: 1, count: points)
    Scalar.forward(law, z, shape, coefficients: a, sums: &sums)
    near(
      sums,
      (0..<points).map { i in
        1 + (0..<rows).reduce(0) { $0 + Double(a[$1]) * phi[$1 * stride + i] }
      }, "forward")

    var expanded = z
    var dots = [Scalar](repeating: 2, count: rows)
    Scalar.backward(law, &expanded, shape, gradient: g, sums: &dots)
    let field = (0..<rows).flatMap { r in
      (0..<points).map { Double(g[$0]) * dphi[r * stride + $0] }
    }
    let fieldOf = { (x: [Scalar]) in
      (0..<rows).flatMap { r in Array(x[(r * stride)..<(r * stride + points)]) }
    }
    near(fieldOf(expanded), field, "backward")
    near(
      dots,
      (0..<rows).map { r in
        2 + (0..<points).reduce(0) { $0 + Double(g[$1]) * phi[r * stride + $1] }
      }, "backward sums")

    if activation.negativeSlope != nil {
      let words = (points + 63) / 64 + 1
      var mask = [UInt64](repeating: 0, count: rows * words)
      Scalar.packMask(z, shape, mask: &mask, words: words)
      for r in 0..<rows {
        for i in 0..<points {
          #expect((mask[r * words + i / 64] >> (i % 64)) & 1 == (z[r * stride + i] >= 0 ? 1 : 0))
        }
      }
      var fromMask = z
      Scalar.expandMask(law, mask: mask, words: words, shape, gradient: g, into: &fromMask)
      near(fieldOf(fromMask), field, "expandMask")
    }

    let masses: [Scalar] = numbers(rows, 4).map { abs($0) }
    var values = [Scalar](repeating: 0, count: points)
    var derivatives = values
    Scalar.tangentSums(
      law, z, shape, outputWeights: a, masses: masses, valueSums: &values,
      derivativeSums: &derivatives)
    near(
      values,
      (0..<points).map { i in
        (0..<rows).reduce(0) { $0 + Double(masses[$1]) * pow(phi[$1 * stride + i], 2) }
      }, "tangent values")
    near(
      derivatives,
      (0..<points).map { i in
        (0..<rows).reduce(0) {
          $0 + Double(masses[$1]) * pow(Double(a[$1]) * dphi[$1 * stride + i], 2)
        }
      }, "tangent derivatives")
  }

  @Test(arguments: activations, shapes) func doubleMatchesThePlainLoop(
    activation: Activation, shape: (Int, Int)
  ) {
    check(activation, rows: shape.0, points: shape.1, Double.self, tolerance: 1e-13)
  }

  @Test(arguments: activations, shapes) func singleMatchesThePlainLoop(
    activation: Activation, shape: (Int, Int)
  ) {
    check(activation, rows: shape.0, points: shape.1, Float.self, tolerance: 2e-5)
  }

  func checkPreactivationStep<Scalar: ParticleScalar>(
    _ activation: Activation, rows: Int, points: Int, _ type: Scalar.Type, tolerance: Double
  ) {
    let z: [Scalar] = numbers(rows * points, 1)
    let a: [Scalar] = numbers(rows, 2)
    let g: [Scalar] = numbers(points, 3)
    let c: [Scalar] = numbers(rows * points, 4)
    var newC = c
    let stride = points + 3
    var delta = [Scalar](repeating: 9, count: rows * stride)
    var sums = [Scalar](repeating: 9, count: rows)
    Scalar.preactivationStep(
      PointwiseLaw(activation), z, rows: rows, points: points, gradient: g, outputWeights: a,
      step: 0.3, delta: &delta, deltaStride: stride, coefficients: &newC, sums: &sums)
    for r in 0..<rows {
      var sum = 0.0
      for i in 0..<points {
        let k = r * points + i
        let (x, weight) = (Double(z[k]), Double(g[i]))
        let change = 0.3 * Double(a[r]) * weight * activation.derivative(x)
        sum += weight * activation.value(x)
        #expect(abs(Double(delta[r * stride + i]) - change) < tolerance * (1 + abs(change)))
        #expect(abs(Double(newC[k]) - (Double(c[k]) + change)) < tolerance * (1 + abs(change)))
      }
      #expect(abs(Double(sums[r]) - sum) < tolerance * (1 + abs(sum)))
    }
  }

  /// delta = step a g phi'(z), c + delta and sum_i g_i phi(z_i), overwriting delta and the sums.
  @Test(arguments: activations, shapes) func preactivationStepMatchesThePlainLoop(
    activation: Activation, shape: (Int, Int)
  ) {
    checkPreactivationStep(
      activation, rows: shape.0, points: shape.1, Double.self, tolerance: 1e-13)
    checkPreactivationStep(
      activation, rows: shape.0, points: shape.1, Float.self, tolerance: 2e-5)
  }

  @Test(arguments: [1, 5, 31, 64, 100]) func rowLoopsMatchThePlainLoop(features: Int) {
    let rows = 3
    let w: [Double] = numbers(rows * features, 1)
    let v: [Double] = numbers(rows * features, 2)
    let a: [Double] = numbers(rows, 3)
    var sums = [Double](repeating: 0, count: rows)
    Double.rowDots(w, v, rows: rows, features: features, sums: &sums)
    var newW = w
    var newA = a
    Double.update(
      &newW, v, &newA, sums: sums, rows: rows, features: features, inputStep: 0.3,
      outputStep: 0.7)
    for r in 0..<rows {
      var dot = 0.0
      for j in 0..<features {
        let index = r * features + j
        dot += w[index] * v[index]
        #expect(abs(newW[index] - (w[index] - 0.3 * a[r] * v[index])) < 1e-14)
      }
      #expect(abs(sums[r] - dot) < 1e-13)
      #expect(abs(newA[r] - (a[r] - 0.7 * dot)) < 1e-13)
    }
  }

  @Test func decompositionMatchesThePlainLoop() {
    let (rows, points, slope) = (5, 9, 0.1)
    let shape = BlockShape(rows: rows, points: points, stride: points)
    let z: [Double] = numbers(rows * points, 1)
    let z0: [Double] = numbers(rows * points, 2)
    let a: [Double] = numbers(rows, 3)
    let a0: [Double] = numbers(rows, 4)
    var terms = [Double](repeating: 0, count: 4 * points)
    Double.decomposition(
      PointwiseLaw(.leakyReLU(slope: slope)), z, initial: z0, shape, outputWeights: a,
      initialOutputWeights: a0, terms: &terms)
    for i in 0..<points {
      var expected = [0.0, 0.0, 0.0, 0.0]
      for r in 0..<rows {
        let m = z[r * points + i] >= 0 ? 1 : slope
        let (u, du) = (z0[r * points + i], z[r * points + i] - z0[r * points + i])
        expected[0] += a0[r] * m * u
        expected[1] += (a[r] - a0[r]) * m * u
        expected[2] += a0[r] * m * du
        expected[3] += (a[r] - a0[r]) * m * du
      }
      for t in 0..<4 { #expect(abs(terms[t * points + i] - expected[t]) < 1e-13) }
    }
  }
}
