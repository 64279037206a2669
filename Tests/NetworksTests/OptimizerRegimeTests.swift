import Networks
import Testing

/// Exponents with an optimizer that normalizes its steps.
@Suite struct OptimizerRegimeTests {
  /// The thirteen limits keep their place under the exponents that take over the gradients' size.
  @Test(arguments: LimitCase.all) func theThirteenLimits(_ expected: LimitCase) {
    let scaling = Scaling(qSigma: expected.q.sigma, qEta: expected.q.eta)
    let regime = Regime(scaling.equivalent(.normalized), .normalized)
    let proportional = scaling.regime
    #expect(regime.limit == expected.limit)
    #expect(regime.measure == expected.measure)
    #expect(regime.lossGradientAtStart == expected.start)
    #expect(regime.lossGradientLater == expected.later)
    #expect(listed(regime.properties) == expected.properties)
    #expect(regime.alpha == proportional.alpha)
    #expect(regime.beta == proportional.beta)
    #expect(regime.gamma == proportional.gamma)
    #expect(regime != proportional || scaling.qSigma == 0)
  }

  @Test(arguments: [
    (Scaling.meanField(.normalized), -1 as ExactDecimal, 0 as ExactDecimal, -0.5 as ExactDecimal),
    (.ntk(.normalized), -0.5, -0.5, 0), (.symmetricDefault(.normalized), -0.5, 0, 0),
    (.intermediate(.normalized), -0.75, -0.25, -0.25),
  ]) func namedScalings(
    scaling: Scaling, qSigma: ExactDecimal, qEta: ExactDecimal, alpha: ExactDecimal
  ) {
    #expect(scaling == Scaling(qSigma: qSigma, qEta: qEta))
    let regime = Regime(scaling, .normalized)
    #expect(regime.gamma == qEta && regime.alpha == alpha)
    #expect(regime.beta == qSigma + 1 + qEta)
  }

  /// Standard practice: the learning rate of sigma a and of w stays.
  @Test func theDefaultScalingDiverges() {
    let regime = Regime(.standard(.normalized), .normalized)
    #expect(regime.scaling == Scaling(qSigma: -0.5, qA: 0.5, qW: 0))
    #expect(!regime.isStable && regime.limit == nil)
    #expect(
      regime.reasonWithoutLimit
        == "q_a = 0.5 > 0: relative increments of the output weights grow with the width as d^0.5, and"
        + " the dynamics diverges.")
    #expect(Scaling.standard(.proportional) == .standard)
  }

  @Test func meanFieldOfGradientDescentDivergesWhenStepsAreNormalized() {
    let regime = Regime(.meanField, .normalized)
    #expect(regime.gamma == 1 && regime.limit == nil)
  }

  @Test func initializationCorrectedMeanField() {
    let regime = Regime.initializationCorrectedMeanField(.normalized)
    #expect(regime.isInitializationCorrected && regime.limit == .meanField)
    #expect(regime.scaling == Scaling(qSigma: -1, qEta: 0))
    #expect(regime.lossGradientAtStart == .gaussianProcess)
    #expect(
      Regime.initializationCorrectedMeanField(.proportional) == .initializationCorrectedMeanField)
  }

  @Test func stepSizesOfOptimizers() {
    #expect(Optimizer.gradientDescent.stepSize == .proportional)
    #expect(Optimizer.momentum(0.9).stepSize == .proportional)
    #expect(Optimizer.rmsProp(smoothing: 0.99, epsilon: 1e-8).stepSize == .normalized)
  }
}
