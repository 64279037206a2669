import CKernels
import LinearAlgebra
import Measures
import Networks
import Testing

@testable import ParticleSystems

/// The compiled loops of several outputs and of the update rules against plain ones.
@Suite struct OutputLoopTests {
  func numbers(_ count: Int, _ particle: Int) -> [Double] {
    RandomStream(seed: 78, stream: .syntheticData).normals(count, particle: particle)
  }

  /// Odd and even numbers of rows; the paired product is that of the plain ones.
  @Test(arguments: PointwiseLoopTests.activations, [(1, 3), (4, 17), (7, 70)])
  func pairedProductsAreThoseOfThePlainOnes(activation: Activation, shape: (Int, Int)) {
    let (rows, points) = shape
    let (outputs, stride) = (3, points + 2)
    let block = BlockShape(rows: rows, points: points, stride: stride)
    let z = numbers(rows * stride, 1)
    let a = numbers(rows * outputs, 2)
    var values = z
    Double.pairValues(PointwiseLaw(activation), &values, block)
    var weights = a
    Double.pairWeights(a, rows: rows, outputs: outputs, into: &weights)
    for i in 0..<points {
      for c in 0..<outputs {
        var (paired, plain) = (0.0, 0.0)
        for r in 0..<rows {
          paired += values[r * stride + i] * weights[r * outputs + c]
          plain += activation.value(z[r * stride + i]) * a[r * outputs + c]
        }
        #expect(abs(paired - plain) < 1e-13)
      }
    }
  }

  @Test func pairsOfOppositeWeightsVanishToTheBit() {
    let z = numbers(9, 3)
    let a = numbers(2, 4)
    var values = z + z
    Double.pairValues(
      PointwiseLaw(.tanh), &values, BlockShape(rows: 2, points: 9, stride: 9))
    var weights = [0.0, 0, 0, 0]
    Double.pairWeights(a + a.map { -$0 }, rows: 2, outputs: 2, into: &weights)
    for i in 0..<9 {
      for c in 0..<2 {
        #expect(values[i] * weights[c] == 0 && values[9 + i] * weights[2 + c] == 0)
      }
    }
  }

  @Test(arguments: PointwiseLoopTests.activations) func backwardOutputs(activation: Activation) {
    let (rows, points, stride) = (5, 67, 70)
    let z = numbers(rows * stride, 5)
    let b = numbers(rows * stride, 6)
    var (values, backward) = (z, b)
    Double.backwardOutputs(
      PointwiseLaw(activation), &values, &backward,
      BlockShape(rows: rows, points: points, stride: stride))
    for r in 0..<rows {
      for i in 0..<stride {
        let k = r * stride + i
        if i >= points {
          #expect(values[k] == z[k] && backward[k] == b[k])
        } else {
          #expect(abs(values[k] - activation.value(z[k])) < 1e-14)
          #expect(abs(backward[k] - b[k] * activation.derivative(z[k])) < 1e-13)
        }
      }
    }
  }

  @Test func rowsOfOutputWeights() {
    let a = numbers(5 * 3, 7)
    var column = [Double](repeating: 0, count: 5)
    Double.gather(a, rows: 5, outputs: 3, column: 1, into: &column)
    #expect(column == (0..<5).map { a[$0 * 3 + 1] })
    Double.rowRMS(a, rows: 5, outputs: 3, into: &column)
    for r in 0..<5 {
      let squares = a[(3 * r)..<(3 * r + 3)].reduce(0) { $0 + $1 * $1 }
      #expect(abs(column[r] * column[r] - squares / 3) < 1e-14)
    }
    let g = numbers(10, 8)
    var scaled = g
    Double.scaleRows(&scaled, by: a, rows: 5, features: 2)
    #expect(scaled == g.indices.map { g[$0] * a[$0 / 2] })
  }

  /// Two steps of each rule by the definitions of PyTorch's SGD and RMSprop.
  @Test(arguments: [1, 31, 100]) func updateRules(count: Int) {
    let start = numbers(count, 9)
    let gradients = [numbers(count, 10), numbers(count, 11)]
    var descended = start
    var (moved, velocity) = (start, [Double](repeating: 0, count: count))
    var (scaled, square) = (start, velocity)
    for g in gradients {
      Double.descend(&descended, along: g, count: count, step: 0.3)
      Double.momentum(
        &moved, velocity: &velocity, along: g, count: count, coefficient: 0.9, step: 0.3)
      Double.rmsProp(
        &scaled, meanSquare: &square, along: g, count: count, smoothing: 0.99, step: 0.3,
        epsilon: 1e-3)
    }
    for i in 0..<count {
      let (g, h) = (gradients[0][i], gradients[1][i])
      #expect(abs(descended[i] - (start[i] - 0.3 * (g + h))) < 1e-14)
      #expect(abs(moved[i] - (start[i] - 0.3 * (g + (0.9 * g + h)))) < 1e-14)
      let first = 0.01 * g * g
      let second = 0.99 * first + 0.01 * h * h
      let change = g / (first.squareRoot() + 1e-3) + h / (second.squareRoot() + 1e-3)
      #expect(abs(scaled[i] - (start[i] - 0.3 * change)) < 1e-13)
      #expect(abs(square[i] - second) < 1e-15)
    }
  }
}
