import Measures
import Testing

@testable import Comparison
@testable import Experiments

/// Which particles are in the halves of a law, whose distance states how well particles know it.
@Suite struct WeightLawHalvesTests {
  private static let axes = [
    ProjectionAxis(.outputWeight(nil)), ProjectionAxis(.inputWeight(1)),
  ]

  /// Weights that name the particle, from several replicates: those of one replicate depend on each other, and none may
  /// be in both halves.
  @Test(arguments: [(1, []), (2, [0..<4, 4..<8]), (3, [0..<4, 8..<12]), (5, [0..<8, 12..<20])])
  func ofReplicates(replicates: Int, expected: [Range<Int>]) throws {
    let count = 4 * replicates
    let collector = WeightLawCollector(
      ParticleProjector(Self.axes, outputs: 1, features: 2), particles: count,
      replicates: replicates, masses: nil)
    for first in stride(from: 0, to: count, by: 4) {
      let a = (first..<(first + 4)).map(Double.init)
      a.withUnsafeBufferPointer { a in
        (a.flatMap { [$0, -$0] }).withUnsafeBufferPointer { w in
          collector.add(first: first, outputWeights: a, inputWeights: w)
        }
      }
    }
    let halves = try collector.law().halves ?? []
    #expect(halves.map { $0.lines[0].values } == expected.map { $0.map(Double.init) })
    #expect(
      halves.map { $0.lines[1].values } == expected.map { $0.reversed().map { -Double($0) } })
    #expect(halves.map { $0.cloud?.count } == expected.map(\.count))
  }

  /// Layers of several sizes, whose replicates end at other places.
  @Test func ofLayers() throws {
    let collector = LayerLawCollector(
      ParticleProjector(Self.axes, outputs: 1, features: 2), layers: [4, 2], replicates: 3)
    let (w, a) = ((0..<12).flatMap { [Double($0), -Double($0)] }, (0..<6).map(Double.init))
    w.withUnsafeBufferPointer { collector.add(first: 0, inputWeights: $0) }
    a.withUnsafeBufferPointer { collector.add(first: 0, outputWeights: $0) }
    let halves = try #require(try collector.law().halves)
    #expect(halves.map { $0.lines[0].values } == [[0, 1], [4, 5]])
    #expect(halves.map { $0.lines[1].values } == [[-3, -2, -1, 0], [-11, -10, -9, -8]])
  }
}
