import Measures
import Testing

@Suite struct InitialSampleTests {
  func draw(
    _ sample: InitialSample, first: Int, count: Int, features: Int
  ) -> (a: [Double], w: [Double]) {
    var a = [Double](repeating: 0, count: count)
    var w = [Double](repeating: 0, count: count * features)
    sample.fill(
      first: first, count: count, features: features, outputWeights: &a, inputWeights: &w)
    return (a, w)
  }

  @Test(arguments: InitialLaw.Shape.allCases)
  func aParticleIsTheSameInEverySampleAndBlock(shape: InitialLaw.Shape) {
    let sample = InitialSample(
      law: InitialLaw(shape: shape, inputDimension: 7), seed: 5, use: .network)
    let all = draw(sample, first: 0, count: 64, features: 7)
    let part = draw(sample, first: 21, count: 10, features: 7)
    #expect(part.a == Array(all.a[21..<31]))
    #expect(part.w == Array(all.w[(21 * 7)..<(31 * 7)]))
  }

  @Test func singlePrecisionRoundsTheSameNumbers() {
    let sample = InitialSample(
      law: InitialLaw(shape: .gaussian, inputDimension: 3), seed: 5,
      use: .limit)
    let double = draw(sample, first: 0, count: 5, features: 3)
    var a = [Float](repeating: 0, count: 5)
    var w = [Float](repeating: 0, count: 15)
    sample.fill(first: 0, count: 5, features: 3, outputWeights: &a, inputWeights: &w)
    #expect(a == double.a.map { Float($0) })
    #expect(w == double.w.map { Float($0) })
  }

  /// Means, variances and (uniform) bounds of both coordinates; bounds are five standard errors.
  @Test(arguments: InitialLaw.Shape.allCases) func lawHasItsDeviations(shape: InitialLaw.Shape) {
    let law = InitialLaw(
      shape: shape, inputDimension: 4, outputWeightDeviation: 2, inputWeightDeviation: 0.25)
    let drawn = draw(
      InitialSample(law: law, seed: 8, use: .limit), first: 0,
      count: 40_000, features: 4)
    for (values, deviation) in [(drawn.a, 2.0), (drawn.w, 0.25)] {
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      let variance = values.reduce(0) { $0 + $1 * $1 } / count
      let kurtosis = shape == .gaussian ? 3 : 1.8
      #expect(abs(mean) < 5 * deviation / count.squareRoot())
      #expect(
        abs(variance - deviation * deviation)
          < 5 * deviation * deviation * ((kurtosis - 1) / count).squareRoot())
      if shape == .uniform {
        #expect(values.allSatisfy { abs($0) <= 3.0.squareRoot() * deviation })
      }
    }
  }

  @Test func defaultsArePyTorchs() {
    let law = InitialLaw(shape: .uniform, inputDimension: 3072)
    #expect(abs(law.outputWeightDeviation - 0.5773502691896257) < 1e-15)
    #expect(abs(law.inputWeightDeviation - 0.010416666666666666) < 1e-15)
  }
}
