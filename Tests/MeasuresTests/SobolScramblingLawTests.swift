import Foundation
import Measures
import TestSupport
import Testing

/// The law of the scrambled points over randomizations. Dimensions are scrambled independently, so
/// that each of the 4096 is one more randomization. Bounds are five standard errors.
@Suite struct SobolScramblingLawTests {
  let dimensions = SobolSequence.largestDimension

  /// Points `first ..< first + count` of every dimension less 1/2, for every randomization.
  func centred(first: Int, count: Int, randomizations: Int) -> [[Double]] {
    (0..<randomizations).map { number in
      let sequence = SobolSequenceTests.scrambled(dimensions, seed: 7, number: number)
      var points = [Double](repeating: 0, count: count * dimensions)
      sequence.fillUniforms(first: first, count: count, into: &points)
      return points.map { $0 - 0.5 }
    }
  }

  func mean(_ values: [Double]) -> (value: Double, error: Double) {
    let count = Double(values.count)
    let value = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - value) * ($1 - value) } / (count - 1)
    return (value, (variance / count).squareRoot())
  }

  @Test func aPointIsUniform() {
    let values = centred(first: 5, count: 1, randomizations: 10).flatMap { $0 }
    let first = mean(values)
    #expect(abs(first.value) < 5 * first.error)
    let square = mean(values.map { $0 * $0 })
    #expect(abs(square.value - 1 / 12.0) < 5 * square.error)
    var bins = [Double](repeating: 0, count: 64)
    for value in values { bins[Int((value + 0.5) * 64)] += 1 }
    let expected = Double(values.count) / 64
    let chiSquare = bins.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    // 63 degrees of freedom: standard deviation sqrt(126).
    #expect(abs(chiSquare - 63) < 5 * 126.0.squareRoot())
  }

  /// The covariance of two points that share j digits, differ in the next and are independent below:
  /// digit b contributes its variance 4^-b / 4 where they agree, less that where they differ.
  @Test(arguments: [(0, 1), (0, 2), (0, 3), (0, 15), (4, 7), (16, 31)])
  func aPairHasOwensCovariance(i: Int, j: Int) {
    let count = 32
    let plain = sobolNumerators(
      SobolSequence(dimensions: dimensions, randomization: .none), count: count)
    var deviations: [Double] = []
    for points in centred(first: 0, count: count, randomizations: 4) {
      for d in 0..<dimensions {
        let (a, b) = (i * dimensions + d, j * dimensions + d)
        let shared = (plain[a] ^ plain[b]).leadingZeroBitCount
        let differing = pow(0.25, Double(shared + 1)) / 4
        let covariance = (1 - pow(0.25, Double(shared))) / 12 - differing
        deviations.append(points[a] * points[b] - covariance)
      }
    }
    let deviation = mean(deviations)
    #expect(abs(deviation.value) < 5 * deviation.error)
  }

  /// One point uniform in each of N intervals, independent within them: the mean of x has variance
  /// 1 / (12 N^3) (pairs) and kurtosis 3 - 6 / (5 N) (quadruples of points).
  @Test(arguments: [1, 4, 32, 256]) func theMeanHasOwensMoments(count: Int) {
    let scale = 12 * pow(Double(count), 3)
    var squares: [Double] = []
    for points in centred(first: 0, count: count, randomizations: 4) {
      for d in 0..<dimensions {
        var sum = 0.0
        for i in 0..<count { sum += points[i * dimensions + d] }
        squares.append(scale * (sum / Double(count)) * (sum / Double(count)))
      }
    }
    let found = mean(squares)
    #expect(abs(found.value - 1) < 5 * found.error)
    #expect(found.error < 0.03)
    let kurtosis = mean(squares.map { $0 * $0 })
    #expect(abs(kurtosis.value - 3 + 1.2 / Double(count)) < 5 * kurtosis.error)
  }

  /// The 1 + 2 + 4 flips of the three highest digits are independent: all 128 patterns equally
  /// frequent. Points 0, ..., 7 of the sequence have all 8 patterns of these digits.
  @Test func theHighestDigitsFlipIndependently() {
    let plain = sobolNumerators(
      SobolSequence(dimensions: dimensions, randomization: .none), count: 8)
    var counts = [Double](repeating: 0, count: 128)
    let randomizations = 8
    for number in 0..<randomizations {
      let found = sobolNumerators(
        SobolSequenceTests.scrambled(dimensions, seed: 3, number: number), count: 8)
      for d in 0..<dimensions {
        var pattern = 0
        for i in 0..<8 {
          let before = Int(plain[i * dimensions + d] >> 29)
          let flips = before ^ Int(found[i * dimensions + d] >> 29)
          // The flip of digit k is number (higher digits) of its 2^k.
          for k in 0..<3 {
            let position = (1 << k) - 1 + (before >> (3 - k))
            pattern |= (flips >> (2 - k) & 1) << position
          }
        }
        counts[pattern] += 1
      }
    }
    let expected = Double(dimensions * randomizations) / 128
    let chiSquare = counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    #expect(abs(chiSquare - 127) < 5 * 254.0.squareRoot())
  }

  @Test func dimensionsRandomizationsAndSeedsAreUncorrelated() {
    let all = centred(first: 9, count: 1, randomizations: 9)
    let otherSeed = SobolSequenceTests.scrambled(dimensions, seed: 8, number: 0)
    var other = [Double](repeating: 0, count: dimensions)
    otherSeed.fillUniforms(first: 9, count: 1, into: &other)
    var products: [[Double]] = [[], [], []]
    for (number, points) in all.dropLast().enumerated() {
      for d in 1..<dimensions {
        products[0].append(points[d] * points[d - 1])
        products[1].append(points[d] * all[number + 1][d])
      }
    }
    for d in 0..<dimensions { products[2].append(all[0][d] * (other[d] - 0.5)) }
    for product in products {
      let correlation = mean(product.map { 12 * $0 })
      #expect(abs(correlation.value) < 5 * correlation.error)
      #expect(correlation.error < 0.02)
    }
  }

  /// A smooth function of two dimensions, the product of exp(x) / (e - 1): unbiased, and the
  /// standard deviation falls like N^-3/2 (variance N^-3 log N, Owen 1997).
  @Test func theErrorOfASmoothIntegralFallsLikeTheThreeHalvesPower() {
    let counts = [16, 64, 256, 1024]
    let randomizations = 200
    var deviations: [Double] = []
    for count in counts {
      var points = [Double](repeating: 0, count: 2 * count)
      let errors = (0..<randomizations).map { number in
        let sequence = SobolSequenceTests.scrambled(2, seed: 21, number: number)
        sequence.fillUniforms(first: 0, count: count, into: &points)
        var sum = 0.0
        for i in 0..<count { sum += exp(points[2 * i] + points[2 * i + 1]) }
        return sum / Double(count) / pow(M_E - 1, 2) - 1
      }
      let bias = mean(errors)
      #expect(abs(bias.value) < 5 * bias.error)
      deviations.append(bias.error * Double(randomizations).squareRoot())
    }
    #expect(abs(logLogSlope(counts.map { Double($0) }, deviations) + 1.5) < 0.15)
  }
}
