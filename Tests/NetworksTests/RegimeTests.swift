import Networks
import Testing

/// One limit, a scaling that has it, and the answers that Golikov 2020 (arXiv 2006.06574) derives.
struct LimitCase: Sendable, CustomTestStringConvertible {
  let q: (sigma: ExactDecimal, eta: ExactDecimal)
  let limit: DynamicallyStableLimit
  let measure: MeasureMotion
  let start: LossGradientPoint
  let later: LossGradientPoint
  /// The four properties, in order.
  let properties: [Bool]

  var testDescription: String { limit.rawValue }

  static let all: [LimitCase] = [
    LimitCase((-1.5, 1.5), .beyondMeanField, .moves, .zero, .zero, "---4"),
    LimitCase((-10, 10), .beyondMeanField, .moves, .zero, .zero, "---4"),
    LimitCase((-1, 1), .meanField, .moves, .zero, .finite, "-2-4"),
    LimitCase(
      (-0.75, 0.75), .betweenMeanFieldAndSymmetricDefault, .moves, .zero, .sign, "---4"),
    LimitCase((-0.5, 0.5), .symmetricDefault, .moves, .gaussianProcess, .sign, "1--4"),
    LimitCase((0, 0), .beyondSymmetricDefault, .moves, .signOfGaussianProcess, .sign, "---4"),
    LimitCase((-1, 0.75), .interiorVanishing, .frozen, .zero, .zero, "----"),
    LimitCase((-0.75, 0.5), .intermediate, .frozen, .zero, .finite, "-2--"),
    LimitCase((-0.66, 0.5), .triangleInterior, .frozen, .zero, .sign, "----"),
    LimitCase(
      (-0.5, 0.25), .ntkToSymmetricDefaultLine, .frozen, .gaussianProcess, .sign, "1---"),
    LimitCase((0, -0.25), .interiorDiverging, .frozen, .signOfGaussianProcess, .sign, "----"),
    LimitCase((-1, 0.5), .beyondNTKVanishing, .frozen, .zero, .zero, "--3-"),
    LimitCase((-0.5, 0), .ntk, .frozen, .gaussianProcess, .finite, "123-"),
    LimitCase((0, -0.5), .beyondNTKDiverging, .frozen, .signOfGaussianProcess, .sign, "--3-"),
    LimitCase((10, -10.5), .beyondNTKDiverging, .frozen, .signOfGaussianProcess, .sign, "--3-"),
  ]

  init(
    _ q: (sigma: ExactDecimal, eta: ExactDecimal), _ limit: DynamicallyStableLimit,
    _ measure: MeasureMotion, _ start: LossGradientPoint, _ later: LossGradientPoint,
    _ properties: String
  ) {
    self.q = q
    self.limit = limit
    self.measure = measure
    self.start = start
    self.later = later
    self.properties = properties.map { $0 != "-" }
  }
}

func listed(_ properties: ScalingProperties) -> [Bool] {
  [
    properties.initialLogitsAreFinite, properties.kernelIsFinite,
    properties.logitsAndKernelAreOfOneOrder, properties.kernelEvolves,
  ]
}

@Suite struct RegimeTests {
  @Test(arguments: LimitCase.all) func theThirteenLimits(_ expected: LimitCase) {
    let regime = Scaling(qSigma: expected.q.sigma, qEta: expected.q.eta).regime
    #expect(regime.isStable)
    #expect(regime.limit == expected.limit)
    #expect(regime.measure == expected.measure)
    #expect(regime.lossGradientAtStart == expected.start)
    #expect(regime.lossGradientLater == expected.later)
    #expect(listed(regime.properties) == expected.properties)
    #expect(regime.reasonWithoutLimit == nil)
    #expect(regime.qEta == expected.q.eta)
  }

  @Test func thirteen() {
    #expect(DynamicallyStableLimit.allCases.count == 13)
    #expect(Set(LimitCase.all.map(\.limit)) == Set(DynamicallyStableLimit.allCases))
    #expect(Set(DynamicallyStableLimit.allCases.map(\.title)).count == 13)
    #expect(Set(DynamicallyStableLimit.allCases.map(\.summary)).count == 13)
    // Names that users write in configurations.
    #expect(DynamicallyStableLimit.meanField.rawValue == "mean_field")
    #expect(DynamicallyStableLimit.symmetricDefault.rawValue == "sym_default")
    #expect(
      DynamicallyStableLimit.betweenMeanFieldAndSymmetricDefault.title
        == "between MF and sym-default")
  }

  @Test func exponents() {
    let regime = Scaling(qSigma: -0.75, qEta: 0.6).regime
    #expect(regime.alpha == -0.25)
    #expect(regime.beta == 0.1)
    #expect(regime.gamma == -0.15)
    #expect(regime.initialLogitExponent == -0.25)
  }

  /// No scaling has all four properties; the initialization-corrected mean field has.
  @Test func initializationCorrectedMeanField() {
    let regime = Regime.initializationCorrectedMeanField
    #expect(listed(regime.properties) == [true, true, true, true])
    #expect(regime.scaling == .meanField)
    #expect(regime.isStable)
    #expect(regime.measure == .moves)
    #expect(regime.lossGradientAtStart == .gaussianProcess)
    #expect(regime.lossGradientLater == .finite)
    #expect(regime.initialLogitExponent == 0)
    #expect(regime.alpha == -0.5)
    #expect(regime != Scaling.meanField.regime)
  }

  @Test(arguments: [
    (
      Scaling(qSigma: 1, qEta: 1),
      "gamma = 2 > 0: relative increments of the weights grow with the width as d^2, and the dynamics"
        + " diverges."
    ),
    (
      Scaling(qSigma: -1, qEta: -1),
      "gamma = -2 < -1/2: increments of the logits, of order d^-2, are negligible against the initial"
        + " logits, of order d^-0.5, and the dynamics stagnates."
    ),
    (
      Scaling.standard,
      "q_sigma + q_a = 0.5 > 0: relative increments of the output weights grow with the width as"
        + " d^0.5, and the dynamics diverges."
    ),
    (
      Scaling(qSigma: -0.5, qA: -1, qW: 0.6),
      "q_sigma + q_w = 0.1 > 0: relative increments of the input weights grow with the width as d^0.1,"
        + " and the dynamics diverges."
    ),
    (
      Scaling(qSigma: -0.5, qA: -1, qW: -0.5),
      "q_sigma + q_w = -1 < -1/2: increments of the logits, of order d^-0.5, are negligible against"
        + " the initial logits, of order d^0, and the dynamics stagnates."
    ),
  ]) func unstableScalings(scaling: Scaling, reason: String) {
    let regime = scaling.regime
    #expect(!regime.isStable)
    #expect(regime.reasonWithoutLimit == reason)
    #expect(regime.limit == nil)
    #expect(regime.measure == nil)
    #expect(regime.lossGradientAtStart == nil)
    #expect(regime.lossGradientLater == nil)
  }

  /// Random features: the input weights of an NTK scaling do not move at all.
  @Test func stableWithTwoRates() {
    let regime = Scaling(qSigma: -0.5, qA: 0, qW: -1).regime
    #expect(regime.isStable)
    #expect(regime.limit == nil)
    #expect(regime.qEta == nil)
    #expect(regime.outputWeightGamma == -0.5)
    #expect(regime.inputWeightGamma == -1.5)
    #expect(regime.gamma == -0.5)
    #expect(regime.beta == 0)
    #expect(
      regime.reasonWithoutLimit
        == "q_a = 0 and q_w = -1 differ: the dynamics is stable, but the thirteen limits are defined"
        + " for one exponent of both learning rates.")
  }

  /// With different rates the kernel's leading part moves only if the input weights do: E[phi phi] does
  /// not depend on the output weights.
  @Test func theKernelEvolvesWithTheInputWeights() {
    let output = Regime(Scaling(qSigma: -0.5, qA: 0.5, qW: 0))
    let input = Regime(Scaling(qSigma: -0.5, qA: 0, qW: 0.5))
    #expect(output.gamma == 0 && !output.properties.kernelEvolves)
    #expect(input.gamma == 0 && input.properties.kernelEvolves)
    #expect(Regime(.symmetricDefault).properties.kernelEvolves)
  }
}
