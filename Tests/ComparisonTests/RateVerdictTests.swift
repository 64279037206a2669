import Comparison
import Foundation
import Testing

@Suite struct RateVerdictTests {
  func fit(slope: Double, error: Double) -> Result<RateFit, RateUnavailable> {
    RateFit.analytic(
      [1, 2, 4, 8].map {
        let gap = pow(Double($0), slope)
        return WidthGap(
          width: $0, gap: gap, standardError: gap * error * log(2.0) * 5.0.squareRoot())
      })
  }

  @Test func rule() throws {
    func verdict(_ slope: Double, _ error: Double) -> RateVerdict {
      RateVerdict(fit(slope: slope, error: error), predicted: -0.5)
    }
    #expect(abs(try fit(slope: -0.5, error: 0.1).get().standardError - 0.1) < 1e-12)
    if case .agrees(let s) = verdict(-0.6, 0.1) {
      #expect(abs(s + 1) < 1e-9)
    } else {
      Issue.record("\(verdict(-0.6, 0.1))")
    }
    if case .deviates(let s) = verdict(-1, 0.1) {
      #expect(abs(s + 5) < 1e-9)
    } else {
      Issue.record("\(verdict(-1, 0.1))")
    }
    if case .tooUncertain(let error) = verdict(-1, 0.3) {
      #expect(abs(error - 0.3) < 1e-9)
    } else {
      Issue.record("\(verdict(-1, 0.3))")
    }
    // Far off is far off, however large the error.
    if case .deviates(let s) = verdict(-2.5, 0.3) {
      #expect(s < -6)
    } else {
      Issue.record("\(verdict(-2.5, 0.3))")
    }
    #expect(RateVerdict(fit(slope: -1, error: 0.1), predicted: nil) == .noPrediction)
    #expect(RateVerdict(.failure(.oneSeed), predicted: -1) == .unavailable(.oneSeed))
  }
}

@Suite struct RatePredictionTests {
  func exponents(_ qSigma: Double, _ qEta: Double, corrected: Bool = false) -> ScalingExponents {
    ScalingExponents(
      alpha: qSigma + 0.5, beta: 2 * qSigma + qEta + 1, outputGamma: qSigma + qEta,
      inputGamma: qSigma + qEta, isInitializationCorrected: corrected)
  }

  /// The exponents of arXiv 2003.05884 for MF, NTK and the intermediate scaling.
  @Test func decomposition() {
    let terms: [RateMetric] = [
      .decompositionInitial, .decompositionOutput, .decompositionInput, .decompositionBoth,
    ]
    func predicted(_ qSigma: Double, _ qEta: Double) -> [Double?] {
      terms.map { $0.predictedExponent(exponents(qSigma, qEta)) }
    }
    #expect(predicted(-1, 1) == [0, 0, 0, 0])
    #expect(predicted(-0.5, 0) == [0, 0, 0, -1])
    #expect(predicted(-0.75, 0.5) == [-0.25, 0, 0, -0.5])
  }

  @Test func others() {
    let mf = exponents(-1, 1)
    #expect(RateMetric.logitFluctuation.predictedExponent(mf) == -0.5)
    #expect(RateMetric.logitBias.predictedExponent(mf) == -1)
    #expect(RateMetric.couplingDistanceSquared.predictedExponent(mf) == -1)
    #expect(RateMetric.initialLogits.predictedExponent(mf) == -0.5)
    let corrected = exponents(-1, 1, corrected: true)
    #expect(RateMetric.logitFluctuation.predictedExponent(corrected) == 0)
    #expect(RateMetric.logitBias.predictedExponent(corrected) == nil)
    let ntk = exponents(-0.5, 0)
    #expect(RateMetric.weightIncrement.predictedExponent(ntk) == -0.5)
    #expect(RateMetric.weightMarginalDistance.predictedExponent(mf) == -0.5)
    let quarter = ScalingExponents(alpha: 0, beta: 0, outputGamma: -0.2, inputGamma: -0.2)
    #expect(RateMetric.weightLawDistance.predictedExponent(quarter) == -0.2)
    #expect(RateMetric.weightMarginalDistance.predictedExponent(quarter) == -0.4)
    #expect(RateMetric.tangentKernelChange.predictedExponent(mf) == 0)
    #expect(RateMetric.tangentKernelChange.predictedExponent(ntk) == -1)
    let kinked = ScalingExponents(
      alpha: 0, beta: 0, outputGamma: -0.5, inputGamma: -0.5, hasKink: true)
    #expect(RateMetric.tangentKernelChange.predictedExponent(kinked) == -0.75)
    #expect(RateMetric.logits.predictedExponent(ntk) == 0)
    #expect(RateMetric.couplingDistanceSquared.predictedExponent(ntk) == nil)
    let symmetric = exponents(-0.5, 0.5)
    #expect(RateMetric.logits.predictedExponent(symmetric) == 0.5)
    #expect(RateMetric.tangentKernel.predictedExponent(symmetric) == 0.5)
    // Not dynamically stable, or two learning rates: no prediction.
    #expect(RateMetric.logits.predictedExponent(exponents(-0.5, 1)) == nil)
  }

  /// Two hidden layers, whose bias is as large as their fluctuation where increments remember the initial weights;
  /// three by gradient descent, whose logits vanish.
  @Test func predictionsOfSeveralLayers() {
    func exponents(_ initial: Double, _ increments: Double, remembers: Bool = true)
      -> ScalingExponents
    {
      ScalingExponents(
        layers: LayeredExponents(
          initialLogits: initial, logitIncrements: increments, remembersStart: remembers),
        hasKink: true)
    }
    let two = exponents(-1, 0)
    for metric: RateMetric in [
      .logitGap, .logitFluctuation, .logitBias, .lossGap, .weightLawDistance,
      .weightMarginalDistance,
    ] {
      #expect(metric.predictedExponent(two) == -0.5, "\(metric)")
    }
    #expect(RateMetric.logitBias.source(two).contains("remember the initial hidden weights"))
    #expect(RateMetric.logits.predictedExponent(two) == 0)
    #expect(RateMetric.initialLogits.predictedExponent(two) == -1)
    #expect(RateMetric.couplingDistanceSquared.predictedExponent(two) == nil)
    #expect(RateMetric.logitBias.predictedExponent(exponents(-1, 0, remembers: false)) == nil)
    let zero = exponents(-1.5, -1)
    #expect(RateMetric.logitGap.predictedExponent(zero) == -1)
    #expect(RateMetric.logitBias.predictedExponent(zero) == -1)
    #expect(RateMetric.logitFluctuation.predictedExponent(zero) == -1.5)
    #expect(RateMetric.lossGap.predictedExponent(zero) == -1)
    #expect(
      RateMetric.logits.predictedExponent(
        ScalingExponents(alpha: 0, beta: 0.5, outputGamma: 0, inputGamma: -0.5)) == nil)
  }
}
