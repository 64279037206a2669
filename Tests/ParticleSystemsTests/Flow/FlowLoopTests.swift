import Measures
import Testing

@testable import ParticleSystems

/// The compiled combinations of slopes against plain loops.
@Suite struct FlowLoopTests {
  /// Around the tiles of the loops and the lanes of the sums.
  static let counts = [0, 1, 15, 16, 511, 512, 513, 1300]

  func numbers<Scalar: ParticleScalar>(_ count: Int, _ series: Int, _: Scalar.Type) -> [Scalar] {
    RandomStream(seed: 8, stream: .syntheticData).normals(count, particle: series).map {
      Scalar($0)
    }
  }

  func check<Scalar: ParticleScalar>(_ count: Int, terms: Int, _ type: Scalar.Type) {
    let from = numbers(count, 100, type)
    let slopes = (0..<terms).map { numbers(count, $0, type) }
    let weights = (0..<terms).map { 0.3 - 0.2 * Double($0) }
    let sums = (0..<count).map { i in
      // In the loops' order and precision: equal bits.
      slopes.indices.reduce(Scalar(0)) { $0 + Scalar(weights[$1]) * slopes[$1][i] }
    }
    var result = from
    withPointers(slopes) { pointers in
      result.withUnsafeMutableBufferPointer {
        guard let base = $0.baseAddress else { return }
        // In place, as states move.
        Scalar.combine(
          into: base, from: base, slopes: pointers, weights: weights, count: count)
      }
      #expect(result == zip(from, sums).map(+))
      let squares = Scalar.combinedSquares(slopes: pointers, weights: weights, count: count)
      let expected = sums.reduce(0.0) { $0 + Double($1) * Double($1) }
      #expect(abs(squares - expected) <= 1e-14 * expected)
    }
  }

  private func withPointers<Scalar>(
    _ arrays: [[Scalar]], _ body: ([UnsafePointer<Scalar>]) -> Void
  ) {
    let copies = arrays.map { array in
      let copy = UnsafeMutableBufferPointer<Scalar>.allocate(capacity: max(array.count, 1))
      _ = copy.initialize(from: array)
      return copy
    }
    body(copies.map { UnsafePointer($0.baseAddress!) })
    for copy in copies { copy.deallocate() }
  }

  @Test(arguments: counts, [0, 1, 4, 7]) func combinationsAreThoseOfPlainLoops(
    count: Int, terms: Int
  ) {
    check(count, terms: terms, Float.self)
    check(count, terms: terms, Double.self)
  }
}
