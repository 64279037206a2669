import Foundation
import Networks
import Testing

@Suite struct LossTests {
  @Test(arguments: Loss.allCases, [-1.0, 1.0]) func derivativeMatchesCentralDifferences(
    loss: Loss, label: Double
  ) {
    let h = 1e-5
    for logit in [-3.0, -0.2, 0, 0.7, 2.5] {
      let difference =
        (loss.value(label: label, logit: logit + h) - loss.value(label: label, logit: logit - h))
        / (2 * h)
      #expect(abs(loss.derivative(label: label, logit: logit) - difference) < 1e-9)
    }
  }

  @Test func logisticNeitherOverflowsNorLosesSmallLosses() {
    #expect(Loss.logistic.value(label: 1, logit: -1e6) == 1e6)
    #expect(Loss.logistic.value(label: 1, logit: 0) == log(2))
    #expect(abs(Loss.logistic.value(label: -1, logit: -40) / exp(-40) - 1) < 1e-15)
    #expect(Loss.logistic.derivative(label: 1, logit: 1e6) == 0)
    #expect(Loss.logistic.derivative(label: 1, logit: -1e6) == -1)
  }

  @Test func accuracyCountsZeroLogitsAsHalf() {
    #expect(signAccuracy(labels: [1, -1, 1, -1], logits: [2, 1, 0, -3]) == 0.625)
    #expect(signAccuracy(labels: [1], logits: [.nan]).isNaN)
  }
}
