import Foundation
import LinearAlgebra
import Testing

@testable import KernelPredictions

@Suite struct ClassificationProbabilityTests {
  private func law(_ means: [[Double]], deviation: Double) -> GaussianPrediction {
    GaussianPrediction(
      mean: Matrix(rows: means.count, columns: means[0].count, elements: means.flatMap(\.self)),
      variances: means.map { _ in deviation * deviation }, covariance: nil)
  }

  private func normal(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

  @Test func oneOutput() {
    let law = law([[0.3], [0.3], [-1], [0]], deviation: 0.5)
    let values = law.classificationProbabilities(labels: [1, -1, -1, 1])
    let expected = [normal(0.6), normal(-0.6), normal(2), 0.5]
    for (a, b) in zip(values, expected) { #expect(abs(a - b) < 1e-15) }
  }

  /// The difference of two outputs is N(m_0 - m_1, 2 s^2).
  @Test(arguments: [1e-3, 0.1, 1, 30]) func twoOutputs(deviation: Double) {
    let gaps = [-3, -0.2, 0, 1e-4, 0.5, 4].map { $0 * max(deviation, 0.01) }
    let law = law(gaps.map { [$0 + 0.7, 0.7] }, deviation: deviation)
    let values = law.classificationProbabilities(labels: Array(repeating: 0, count: gaps.count))
    for (value, gap) in zip(values, gaps) {
      #expect(abs(value - normal(gap / deviation / 2.0.squareRoot())) < 2e-14)
    }
  }

  /// One class or another is right; equal means leave all classes alike.
  @Test(arguments: [3, 10, 100]) func probabilitiesSumToOne(outputs: Int) {
    let means = (0..<outputs).map { sin(Double(7 * $0)) }
    for deviation in [0.05, 0.4, 5] {
      let law = law(Array(repeating: means, count: outputs), deviation: deviation)
      let values = law.classificationProbabilities(labels: (0..<outputs).map(Double.init))
      #expect(abs(values.reduce(0, +) - 1) < 1e-13)
    }
    let equal = law([Array(repeating: 2, count: outputs)], deviation: 0.3)
    #expect(
      abs(equal.classificationProbabilities(labels: [1])[0] - 1 / Double(outputs)) < 1e-14)
  }

  /// Without spread the mean decides, as the accuracy of logits does.
  @Test func noSpread() {
    let law = law([[1, 2, 2], [1, 2, 2], [3, 1, 0]], deviation: 0)
    #expect(law.classificationProbabilities(labels: [1, 2, 0]) == [1, 0, 1])
    let one = GaussianPrediction(
      mean: Matrix(rows: 3, columns: 1, elements: [0.1, -0.1, 0]), variances: [0, 0, 0],
      covariance: nil)
    #expect(one.classificationProbabilities(labels: [1, 1, 1]) == [1, 0, 0.5])
  }
}
