import CKernels
import Foundation
import Measures
import TestSupport
import Testing

/// The numerators v of points `first ..< first + count`, coordinates (v + 1/2) / 2^32, row by row.
func sobolNumerators(_ sequence: SobolSequence, first: Int = 0, count: Int) -> [UInt32] {
  var points = [Double](repeating: 0, count: count * sequence.dimensions)
  sequence.fillUniforms(first: first, count: count, into: &points)
  return points.map { UInt32($0 * 4_294_967_296 - 0.5) }
}

@Suite struct SobolSequenceTests {
  struct Fixture: Decodable {
    let dimensions: [Int]
    let points: [[UInt32]]
    let checksums: [String]
  }

  static func scrambled(_ dimensions: Int, seed: UInt64 = 1, number: Int = 0) -> SobolSequence {
    SobolSequence(
      dimensions: dimensions, randomization: .nestedUniform(seed: seed, number: number))
  }

  @Test func unscrambledPointsAreSciPys() throws {
    let reference = try fixture("sobol_points", as: Fixture.self, in: .module)
    let sequence = SobolSequence(
      dimensions: SobolSequence.largestDimension, randomization: .none)
    let found = sobolNumerators(sequence, count: reference.points.count)
    for (row, expected) in reference.points.enumerated() {
      #expect(reference.dimensions.map { found[row * sequence.dimensions + $0] } == expected)
    }
  }

  /// Point 2^(b + 1) - 1 in Gray code order is direction number b itself.
  @Test func everyDirectionNumberIsSciPys() throws {
    let reference = try fixture("sobol_points", as: Fixture.self, in: .module)
    let sequence = SobolSequence(
      dimensions: SobolSequence.largestDimension, randomization: .none)
    for bit in 0..<32 {
      let directions = sobolNumerators(sequence, first: (2 << bit) - 1, count: 1)
      var sum: UInt64 = 0
      for (d, direction) in directions.enumerated() {
        sum &+= UInt64(2 * d + 1) &* UInt64(direction)
      }
      #expect("\(sum)" == reference.checksums[bit])
    }
  }

  @Test func fewerDimensionsAreTheFirstOfMore() {
    let many = sobolNumerators(Self.scrambled(300), first: 77, count: 9)
    let few = sobolNumerators(Self.scrambled(7), first: 77, count: 9)
    for row in 0..<9 {
      #expect(Array(few[(7 * row)..<(7 * row + 7)]) == Array(many[(300 * row)..<(300 * row + 7)]))
    }
  }

  @Test func aPointIsTheSameInEveryBlock() {
    let sequence = Self.scrambled(260)
    let all = sobolNumerators(sequence, count: 200)
    for (first, count) in [(0, 1), (1, 64), (63, 3), (127, 73), (199, 1), (50, 0)] {
      let part = sobolNumerators(sequence, first: first, count: count)
      #expect(part == Array(all[(260 * first)..<(260 * (first + count))]))
    }
  }

  @Test func theLastPointsExist() {
    let sequence = Self.scrambled(2)
    let end = SobolSequence.largestCount
    let two = sobolNumerators(sequence, first: end - 2, count: 2)
    #expect(Array(two[2...]) == sobolNumerators(sequence, first: end - 1, count: 1))
  }

  /// The documented steps on reversed digits, from Philox words 8 d ... 8 d + 7.
  @Test func scramblingIsTheDocumentedFunctionOfTheKeys() {
    let seed: UInt64 = 0x0123_4567_89ab_cdef
    let number = 5_000_000_007
    let plain = SobolSequence(dimensions: 3, randomization: .none)
    let points = sobolNumerators(plain, count: 50)
    let found = sobolNumerators(Self.scrambled(3, seed: seed, number: number), count: 50)
    for d in 0..<3 {
      var keys: [UInt32] = []
      for block in [2 * d, 2 * d + 1] {
        var words: [UInt32] = [0, 0, 0, 0]
        iw_philox4x32_10(
          [
            UInt32(block), StreamIdentifier.sobolScrambling.rawValue,
            UInt32(truncatingIfNeeded: number), UInt32(number >> 32),
          ], [UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)], &words)
        keys += words
      }
      let expected = (0..<50).map { row in
        var x = reversed(points[3 * row + d])
        x = x &+ keys[0]
        x ^= x &* (keys[1] & ~1)
        x = x &+ keys[2]
        x = x &+ 2 &* x &* x &* keys[3]
        x ^= x &* (keys[4] & ~1)
        x = x &+ keys[5]
        x ^= x &* (keys[1] & ~1)
        x = x &* (keys[6] | 1) &+ keys[7]
        return reversed(x)
      }
      #expect((0..<50).map { found[3 * $0 + d] } == expected)
    }
  }

  func reversed(_ x: UInt32) -> UInt32 {
    var result: UInt32 = 0
    for bit in 0..<32 where x & (1 << bit) != 0 { result |= 1 << (31 - bit) }
    return result
  }

  /// In every dimension, each interval of length 2^-m holds one of 2^m points of an aligned block.
  @Test(arguments: [(0, 10), (3, 8), (1_000_001, 6)])
  func everyDimensionIsStratified(block: Int, m: Int) {
    let dimensions = 200
    let count = 1 << m
    let found = sobolNumerators(Self.scrambled(dimensions), first: block * count, count: count)
    for d in 0..<dimensions {
      let strata = (0..<count).map { found[$0 * dimensions + d] >> UInt32(32 - m) }
      #expect(strata.sorted() == Array(0..<UInt32(count)))
    }
  }

  /// The first two dimensions are a (0, 2)-sequence: rectangles 2^-p x 2^-(m - p) hold one point each.
  @Test(arguments: [SobolSequence.Randomization.none, .nestedUniform(seed: 4, number: 2)], [0, 5])
  func elementaryRectanglesHoldOnePoint(
    randomization: SobolSequence.Randomization, block: Int
  ) {
    let m = 8
    let sequence = SobolSequence(dimensions: 2, randomization: randomization)
    let found = sobolNumerators(sequence, first: block << m, count: 1 << m)
    for p in 0...m {
      var cells = Set<[UInt32]>()
      for i in 0..<(1 << m) {
        // A shift by 32 digits leaves 0.
        cells.insert([found[2 * i] >> (32 - p), found[2 * i + 1] >> (32 - m + p)])
      }
      #expect(cells.count == 1 << m)
    }
  }

  /// A digit's flip depends on the higher digits alone: two points that first differ in digit j
  /// before scrambling do so after it.
  @Test func scramblingIsNested() {
    let dimensions = 5
    let plain = sobolNumerators(
      SobolSequence(dimensions: dimensions, randomization: .none), count: 256)
    let found = sobolNumerators(Self.scrambled(dimensions, seed: 12), count: 256)
    func firstDifferences(_ numerators: [UInt32], dimension: Int) -> [Int] {
      let digits = (0..<256).map { numerators[$0 * dimensions + dimension] }
      return digits.flatMap { a in digits.map { (a ^ $0).leadingZeroBitCount } }
    }
    for d in 0..<dimensions {
      #expect(firstDifferences(found, dimension: d) == firstDifferences(plain, dimension: d))
      #expect((0..<256).contains { found[$0 * dimensions + d] != plain[$0 * dimensions + d] })
    }
  }
}
