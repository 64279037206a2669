import CKernels
import Foundation
import TestSupport
import Testing

@Suite struct NormalQuantileTests {
  func quantiles(_ probabilities: [Double]) -> [Double] {
    var values = probabilities
    iw_normal_quantiles(values.count, &values)
    return values
  }

  /// Centre, tails and far tails, their borders, both ends of 32-bit and 53-bit uniforms.
  @Test func agreesWithFortyDigits() throws {
    let pairs = try fixture("normal_quantiles", as: [[Double]].self, in: .module)
    #expect(pairs.count > 150)
    let found = quantiles(pairs.map { $0[0] })
    for (pair, x) in zip(pairs, found) {
      #expect(abs(x - pair[1]) < 1e-15 * abs(pair[1]), "p = \(pair[0])")
    }
  }

  @Test func theMedianIsZeroAndTailsMirror() {
    #expect(quantiles([0.5]) == [0])
    let lower = (1...40).map { pow(2, -Double($0)) }
    let upper = lower.map { 1 - $0 }
    #expect(quantiles(upper) == quantiles(lower).map { -$0 })
  }

  /// The loop works on blocks: a number's quantile must not depend on its neighbours, far tails
  /// among them.
  @Test func aNumberIsTheSameInEveryBlock() {
    var probabilities = (0..<100).map { (Double($0) + 0.5) / 100 }
    for k in stride(from: 7, to: 100, by: 23) { probabilities[k] = pow(2, -40 - Double(k) / 10) }
    let alone = probabilities.map { quantiles([$0])[0] }
    for count in [1, 15, 16, 17, 31, 100] {
      #expect(quantiles(Array(probabilities[..<count])) == Array(alone[..<count]))
    }
  }
}
