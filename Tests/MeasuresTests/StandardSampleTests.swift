import Measures
import Testing

@Suite struct StandardSampleTests {
  func rows(
    _ design: SampleDesign, shape: InitialLaw.Shape = .gaussian, outputs: Int = 1,
    features: Int, count: Int, first: Int = 0, part: Int? = nil, seed: UInt64 = 5,
    randomization: Int = 0
  ) -> [[Double]] {
    let sample = StandardSample(
      design: design, shape: shape, outputs: outputs, features: features, count: count,
      seed: seed, randomization: randomization)
    let part = part ?? count
    let width = outputs + features
    var numbers = [Double](repeating: 0, count: part * width)
    sample.fill(first: first, count: part, into: &numbers)
    return (0..<part).map { Array(numbers[($0 * width)..<(($0 + 1) * width)]) }
  }

  @Test func antitheticPairsShareWAndMirrorA() {
    let drawn = rows(.antithetic, features: 2, count: 6)
    for pair in 0..<3 {
      let (first, second) = (drawn[2 * pair], drawn[2 * pair + 1])
      #expect(second == [-first[0], first[1], first[2]])
    }
    #expect(drawn[0][0] != drawn[2][0])
  }
}
