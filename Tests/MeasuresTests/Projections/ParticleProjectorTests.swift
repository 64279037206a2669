import Foundation
import Measures
import TestSupport
import Testing

@Suite struct ParticleProjectorTests {
  static let count = 700
  static let outputs = 3
  static let features = 11
  let a: [Double]
  let w: [Double]
  let e: [Double]

  init() {
    let stream = RandomStream(seed: 5, stream: .networkInputWeights)
    a = (0..<Self.count).flatMap { stream.normals(Self.outputs, particle: $0) }
    w = (0..<Self.count).flatMap { stream.normals(Self.features, particle: 10_000 + $0) }
    e = stream.normals(Self.features, particle: 99_999)
  }

  func project(_ axes: [ProjectionAxis]) -> [[Double]] {
    let projector = ParticleProjector(axes, outputs: Self.outputs, features: Self.features)
    var results = [Double](repeating: -1, count: axes.count * (Self.count + 5))
    projector.project(
      count: Self.count, outputWeights: a, inputWeights: w, into: &results,
      stride: Self.count + 5)
    return axes.indices.map {
      Array(results[($0 * (Self.count + 5))..<($0 * (Self.count + 5) + Self.count)])
    }
  }

  /// Every axis against its formula, particle by particle.
  @Test func plainFormulas() {
    let other = (0..<Self.features).map { Double($0) - 4 }
    let columns = project([
      ProjectionAxis(.angle(.file("e")), direction: e), ProjectionAxis(.outputWeight(2)),
      ProjectionAxis(.dot(.meanDifference), direction: other), ProjectionAxis(.norm),
      ProjectionAxis(.inputWeight(10)), ProjectionAxis(.dot(.file("e")), direction: e),
      ProjectionAxis(.outputWeight(nil)),
    ])
    func length(_ v: [Double]) -> Double { v.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    func dot(_ u: [Double], _ v: [Double]) -> Double { zip(u, v).reduce(0) { $0 + $1.0 * $1.1 } }
    for r in 0..<Self.count {
      let row = Array(w[(r * Self.features)..<((r + 1) * Self.features)])
      let expected = [
        acos(dot(row, e) / length(row) / length(e)), a[3 * r + 2], dot(row, other) / length(other),
        length(row), row[10], dot(row, e) / length(e), a[3 * r],
      ]
      #expect(largestDifference(columns.map { $0[r] }, expected) < 1e-13)
    }
  }

  /// Particles of a layer in the middle have preactivations alone.
  @Test func preactivations() {
    let axes = [
      ProjectionAxis(.preactivation(layer: 2, probe: 3)),
      ProjectionAxis(.preactivation(layer: 2, probe: 0)),
    ]
    let projector = ParticleProjector(axes, outputs: 0, features: 0, probes: 4)
    var result = [Double](repeating: 0, count: 6)
    projector.project(
      count: 3, outputWeights: [0], inputWeights: [0],
      preactivations: (0..<12).map { Double($0) }, into: &result, stride: 3)
    #expect(result == [3, 7, 11, 0, 4, 8])
    #expect(axes[0].longName == "preactivation of hidden layer 2 at test point 3")
    #expect(axes[0].bounds == (nil, nil) && axes[0].units == "1" && axes[0].label == "z2[3]")
  }

  /// Small and straight angles to full relative accuracy, where the arc cosine has half the digits.
  @Test func smallAngles() {
    let axis = ProjectionAxis(.angle(.file("e")), direction: [1, 0])
    let projector = ParticleProjector([axis], outputs: 1, features: 2)
    let rows = [2.0, 2e-9, -3, 3e-7, 0, 5, 0, 0, -4, 0]
    var result = [Double](repeating: 0, count: 5)
    projector.project(
      count: 5, outputWeights: [0, 0, 0, 0, 0], inputWeights: rows, into: &result, stride: 5)
    #expect(abs(result[0] / 1e-9 - 1) < 1e-14)
    #expect(abs((Double.pi - result[1]) / 1e-7 - 1) < 1e-8)
    #expect(result[2] == .pi / 2)
    #expect(result[3].isNaN)
    #expect(result[4] == .pi)
  }

  /// Directions count by where they point, not by their length.
  @Test func lengthOfTheDirection() {
    let columns = project([
      ProjectionAxis(.dot(.file("e")), direction: e),
      ProjectionAxis(.dot(.file("e")), direction: e.map { 1e6 * $0 }),
    ])
    #expect(largestDifference(columns[0], columns[1]) < 1e-14)
  }

  @Test func whatAxesKnow() {
    let norm = ProjectionAxis(.norm)
    #expect(norm.bounds == (0, nil) && norm.units == "1" && norm.label == "norm(w)")
    #expect(norm.longName == "length of the hatted input weight w")
    let angle = ProjectionAxis(.angle(.principalComponent(2)), direction: e)
    #expect(angle.bounds == (0, .pi) && angle.units == "radian")
    #expect(
      angle.longName
        == "angle between the hatted input weight w and principal component 2 of the centred"
        + " training inputs")
    let a = ProjectionAxis(.outputWeight(nil))
    #expect(a.bounds == (nil, nil) && a.longName == "hatted output weight a")
  }
}
