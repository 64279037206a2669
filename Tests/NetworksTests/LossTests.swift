import Foundation
import Networks
import Testing

@Suite struct LossTests {
  @Test(arguments: [Loss.logistic, .squared], [-1.0, 1.0]) func derivativeMatchesCentralDifferences(
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

@Suite struct LossLimitTests {
  /// Each limit against the loss itself at logits t f~ with t very large or very small.
  @Test(arguments: [-1.0, 1.0], [-0.7, 0, 0.4]) func limitsOfTheLogisticLoss(
    label: Double, logit: Double
  ) {
    let loss = Loss.logistic
    let t = 1e5
    #expect(
      abs(
        loss.derivative(label: label, logit: logit, magnitude: .diverges)
          - loss.derivative(label: label, logit: t * logit)) < 1e-12)
    #expect(
      abs(
        loss.value(label: label, logit: logit, magnitude: .diverges)
          - loss.value(label: label, logit: t * logit) / t) < 1e-5)
    #expect(
      abs(
        loss.derivative(label: label, logit: logit, magnitude: .vanishes)
          - loss.derivative(label: label, logit: logit / t)) < 1e-5)
    #expect(
      loss.derivative(label: label, logit: logit, magnitude: .staysFinite)
        == loss.derivative(label: label, logit: logit))
  }

  @Test func onlyBoundedDerivativesHaveALimitAtDivergingLogits() {
    #expect(Loss.logistic.hasBoundedDerivative)
    #expect(!Loss.squared.hasBoundedDerivative)
  }
}
