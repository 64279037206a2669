import CKernels
import Foundation
import Measures
import Testing

@Suite struct RandomStreamTests {
  struct KnownAnswer: Sendable {
    let counter: [UInt32]
    let key: [UInt32]
    let answer: [UInt32]
  }

  /// The published vectors of philox4x32-10: file `kat_vectors` of Random123, the authors'
  /// implementation.
  static let knownAnswers = [
    KnownAnswer(
      counter: [0, 0, 0, 0], key: [0, 0],
      answer: [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
    KnownAnswer(
      counter: [.max, .max, .max, .max], key: [.max, .max],
      answer: [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
    KnownAnswer(
      counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
      key: [0xa409_3822, 0x299f_31d0],
      answer: [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]),
  ]

  @Test(arguments: knownAnswers) func philoxGivesThePublishedVectors(_ known: KnownAnswer) {
    var out = [UInt32](repeating: 0, count: 4)
    iw_philox4x32_10(known.counter, known.key, &out)
    #expect(out == known.answer)
  }

  /// The two 64-bit words of a block, from the generator alone.
  func words(_ seed: UInt64, _ stream: UInt32, _ particle: UInt64, block: UInt32) -> (
    UInt64, UInt64
  ) {
    var out = [UInt32](repeating: 0, count: 4)
    let counter = [block, stream, UInt32(truncatingIfNeeded: particle), UInt32(particle >> 32)]
    let key = [UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)]
    iw_philox4x32_10(counter, key, &out)
    return (UInt64(out[1]) << 32 | UInt64(out[0]), UInt64(out[3]) << 32 | UInt64(out[2]))
  }

  @Test func uniformsAreTheDocumentedFunctionOfTheWords() {
    let seed: UInt64 = 0x0123_4567_89ab_cdef
    let particle = 5_000_000_007
    let numbers = RandomStream(seed: seed, stream: .limitInputWeights)
      .uniforms(201, particle: particle)
    for index in 0..<201 {
      let pair = words(
        seed, StreamIdentifier.limitInputWeights.rawValue, UInt64(particle),
        block: UInt32(index / 2))
      let word = index % 2 == 0 ? pair.0 : pair.1
      #expect(numbers[index] == (Double(word >> 11) + 0.5) / 9_007_199_254_740_992)
    }
  }

  @Test func normalsAreBoxAndMullerOfTheWordsToRounding() {
    let numbers = RandomStream(seed: 42, stream: .networkInputWeights).normals(4000, particle: 3)
    var worst = 0.0
    for block in 0..<2000 {
      let pair = words(42, StreamIdentifier.networkInputWeights.rawValue, 3, block: UInt32(block))
      let v = (Double(pair.0 >> 11) + 0.5) / 9_007_199_254_740_992
      let u = (Double(pair.1 >> 11) + 0.5) / 9_007_199_254_740_992
      let radius = (-2 * log(v)).squareRoot()
      worst = max(worst, abs(numbers[2 * block] - radius * cos(2 * .pi * u)) / radius)
      worst = max(worst, abs(numbers[2 * block + 1] - radius * sin(2 * .pi * u)) / radius)
    }
    // The reference's own angle 2 pi u carries a rounding error of up to 2^-51.
    #expect(worst < 2e-15)
  }

  @Test(arguments: [(0, 1), (1, 1), (7, 130), (64, 64), (63, 3)])
  func anyPartOfASequenceCanBeMadeAlone(first: Int, count: Int) {
    let stream = RandomStream(seed: 9, stream: .limitInputWeights)
    let all = stream.normals(300, particle: 11)
    let part = stream.normals(count, particle: 11, first: first)
    #expect(part == Array(all[first..<(first + count)]))
    let uniforms = stream.uniforms(300, particle: 11)
    #expect(
      stream.uniforms(count, particle: 11, first: first)
        == Array(uniforms[first..<(first + count)]))
  }

  /// Moments of 200,000 normals against their Gaussian values, five standard errors wide.
  @Test func normalMoments() {
    let stream = RandomStream(seed: 1, stream: .limitInputWeights)
    let count = 200_000
    let numbers = (0..<20).flatMap { stream.normals(count / 20, particle: $0) }
    func mean(_ power: Int) -> Double {
      numbers.reduce(0) { $0 + pow($1, Double(power)) } / Double(count)
    }
    let root = Double(count).squareRoot()
    #expect(abs(mean(1)) < 5 * 1 / root)
    #expect(abs(mean(2) - 1) < 5 * 2.0.squareRoot() / root)
    #expect(abs(mean(3)) < 5 * 15.0.squareRoot() / root)
    #expect(abs(mean(4) - 3) < 5 * 96.0.squareRoot() / root)
  }

  @Test func streamsSeedsAndParticlesDiffer() {
    let reference = RandomStream(seed: 1, stream: .limitInputWeights).uniforms(8, particle: 0)
    let others = [
      RandomStream(seed: 2, stream: .limitInputWeights).uniforms(8, particle: 0),
      RandomStream(seed: 1, stream: .networkInputWeights).uniforms(8, particle: 0),
      RandomStream(seed: 1, stream: .limitInputWeights).uniforms(8, particle: 1),
      RandomStream(seed: 1 << 32, stream: .limitInputWeights).uniforms(8, particle: 0),
    ]
    for other in others { #expect(Set(other).isDisjoint(with: reference)) }
    #expect(Set(StreamIdentifier.allCases.map(\.rawValue)).count == StreamIdentifier.allCases.count)
  }

  @Test func permutationsAreUniform() {
    let stream = RandomStream(seed: 3, stream: .batchOrder)
    var counts: [[Int]: Int] = [:]
    for particle in 0..<6000 { counts[stream.permutation(3, particle: particle), default: 0] += 1 }
    #expect(counts.count == 6)
    // Binomial(6000, 1/6): standard deviation 29.
    for (_, count) in counts { #expect(abs(count - 1000) < 150) }
    #expect(stream.permutation(50, particle: 4).sorted() == Array(0..<50))
  }
}
