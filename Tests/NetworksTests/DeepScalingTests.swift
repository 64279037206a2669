import Networks
import Testing

/// Exponents of the published code, and which limits the scalings of deep networks have.
@Suite struct DeepScalingTests {
  static let exact = Optimizer.rmsProp(smoothing: 0.99, epsilon: 0)
  static let stabilized = Optimizer.rmsProp(smoothing: 0.99, epsilon: 1e-8)

  struct Exponents: Sendable {
    let name: DeepScaling.Name
    let optimizer: Optimizer
    let weights: ExactDecimal
    /// First, hidden, last.
    let rates: [ExactDecimal]
  }

  /// `utils/scale_hyperparams.py` of arXiv 2003.05884: mean_field as the product of its two halves, ntk of the
  /// earlier version and, as ntk_published, of the later one.
  static let table: [Exponents] = [
    Exponents(
      name: .meanField, optimizer: .gradientDescent, weights: -0.5, rates: [1, 0, -1]),
    Exponents(name: .meanField, optimizer: .momentum(0.9), weights: -0.5, rates: [1, 0, -1]),
    Exponents(name: .meanField, optimizer: exact, weights: -0.5, rates: [0, -1, -1]),
    Exponents(name: .ntk, optimizer: .gradientDescent, weights: 0, rates: [0, -1, -1]),
    Exponents(name: .ntk, optimizer: exact, weights: 0, rates: [-0.5, -1, -1]),
    Exponents(
      name: .ntkPublished, optimizer: .gradientDescent, weights: 0, rates: [0, -0.5, -1]),
    Exponents(name: .ntkPublished, optimizer: exact, weights: 0, rates: [-0.5, -1, -1]),
    Exponents(name: .default, optimizer: .gradientDescent, weights: 0, rates: [0, 0, 0]),
    Exponents(name: .default, optimizer: exact, weights: 0, rates: [0, 0, 0]),
  ]

  @Test(arguments: table, [1, 2, 3]) func exponents(expected: Exponents, layers: Int) {
    let scaling = DeepScaling(
      expected.name, hiddenLayers: layers, optimizer: expected.optimizer)
    #expect(scaling.weightExponent == expected.weights)
    #expect(scaling.firstRateExponent == expected.rates[0])
    #expect(scaling.hiddenRateExponent == expected.rates[1])
    #expect(scaling.lastRateExponent == expected.rates[2])
    #expect(scaling.epsilonExponent == (expected.name == .meanField ? -1 : -0.5))
    let initial: [ExactDecimal] = [-0.5, -1, -1.5]
    #expect(scaling.initialLogitExponent == (expected.name == .meanField ? initial[layers - 1] : 0))
  }

  /// Sigma = d^{-1/2} kappa^{weightExponent} and the rate of sigma a, against those of the hatted parameters.
  @Test(
    arguments: [
      (DeepScaling.Name.meanField, Scaling.meanField), (.ntk, .ntk), (.ntkPublished, .ntk),
      (.default, .standard),
    ], [Optimizer.gradientDescent, exact])
  func oneHiddenLayer(_ names: (DeepScaling.Name, Scaling), optimizer: Optimizer) {
    let deep = DeepScaling(names.0, hiddenLayers: 1, optimizer: optimizer)
    let steps = optimizer.stepSize
    let scaling = names.1 == .standard ? Scaling.standard(steps) : names.1.equivalent(steps)
    #expect(deep.weightExponent - 0.5 == scaling.qSigma)
    #expect(deep.firstRateExponent == scaling.qW)
    let gradients = steps == .proportional ? scaling.qSigma + scaling.qSigma : scaling.qSigma
    #expect(deep.lastRateExponent == scaling.qA + gradients)
  }

  @Test(arguments: [Optimizer.gradientDescent, .momentum(0.9), exact, stabilized], [1, 2, 3, 4])
  func verdictsOfMeanField(optimizer: Optimizer, layers: Int) {
    let verdict = DeepScaling(.meanField, hiddenLayers: layers, optimizer: optimizer).verdict
    if layers <= 2 || optimizer == Self.exact {
      #expect(verdict == .moving(layers: layers + 1))
    } else {
      guard case .zero = verdict else {
        Issue.record("\(verdict)")
        return
      }
    }
  }

  @Test func reasonsOfZeroLimits() {
    func verdict(_ layers: Int, _ optimizer: Optimizer) -> DeepScaling.Verdict {
      DeepScaling(.meanField, hiddenLayers: layers, optimizer: optimizer).verdict
    }
    #expect(
      verdict(3, .momentum(0.9))
        == .zero(
          reason:
            "gradient descent with 3 hidden layers has no non-trivial mean-field limit: logits vanish as"
            + " d^(-1) (initial function d^(-3/2)), hidden increments as d^(-1/2); RMSProp with epsilon = 0"
            + " has one"))
    #expect(
      verdict(5, .gradientDescent)
        == .zero(
          reason:
            "gradient descent with 5 hidden layers has no non-trivial mean-field limit: logits vanish as"
            + " d^(-5/2) (initial function d^(-5/2)), hidden increments as d^(-3/2); RMSProp with epsilon = 0"
            + " has one"))
    #expect(
      verdict(3, Self.stabilized)
        == .zero(
          reason:
            "RMSProp with epsilon > 0 and 3 hidden layers has no non-trivial mean-field limit:"
            + " gradients vanish as d^(-1/2) at step 0, epsilon exceeds them and nothing moves; RMSProp with"
            + " epsilon = 0 has one"))
  }

  @Test func verdictsOfTheOtherScalings() {
    func verdict(
      _ name: DeepScaling.Name, _ layers: Int, _ optimizer: Optimizer = .gradientDescent
    ) -> DeepScaling.Verdict {
      DeepScaling(name, hiddenLayers: layers, optimizer: optimizer).verdict
    }
    for layers in 1...3 {
      #expect(verdict(.ntk, layers) == .kernel)
      #expect(verdict(.default, layers) == .none(reason: "the tangent kernel grows as d"))
      #expect(
        verdict(.default, layers, Self.exact)
          == .none(reason: "increments of the logits grow with d"))
      #expect(verdict(.ntkPublished, layers, Self.exact) == verdict(.ntk, layers, Self.exact))
    }
    #expect(verdict(.ntkPublished, 1) == .kernel)
    #expect(
      verdict(.ntkPublished, 2)
        == .none(
          reason:
            "the part of the tangent kernel that belongs to the hidden layers grows as d^(1/2), and"
            + " features move"))
    #expect(
      verdict(.ntk, 1, Self.exact)
        == .none(
          reason:
            "rmsprop has no limit of constant kernel, since its steps are not linear in the loss gradient"
        ))
    #expect(
      verdict(.ntk, 2, Self.exact)
        == .none(
          reason:
            "with rmsprop increments of hidden layers are of order one and increments of the logits grow as"
            + " d^(1/2)"))
  }

  /// Of the logits' and of the largest weights' increments, by layers.
  @Test func exponentsOfIncrements() {
    func expect(
      _ name: DeepScaling.Name, _ optimizer: Optimizer, logits: [ExactDecimal?],
      weights: [ExactDecimal?]
    ) {
      for layers in 1...4 {
        let scaling = DeepScaling(name, hiddenLayers: layers, optimizer: optimizer)
        #expect(scaling.logitIncrementExponent == logits[layers - 1], "\(name) \(layers)")
        #expect(scaling.weightIncrementExponent == weights[layers - 1], "\(name) \(layers)")
      }
    }
    expect(.meanField, .gradientDescent, logits: [0, 0, -1, -2], weights: [0, 0, -0.5, -1])
    expect(.meanField, Self.stabilized, logits: [0, 0, -1, -2], weights: [0, 0, -0.5, -1])
    expect(.meanField, Self.exact, logits: [0, 0, 0, 0], weights: [0, 0, 0, 0])
    let half: [ExactDecimal?] = [-0.5, -0.5, -0.5, -0.5]
    expect(.ntk, .gradientDescent, logits: [0, 0, 0, 0], weights: half)
    expect(.ntkPublished, .gradientDescent, logits: [0, 0.5, 0.5, 0.5], weights: half)
    expect(.ntk, Self.exact, logits: [0, 0.5, 0.5, 0.5], weights: half)
    expect(.default, .gradientDescent, logits: [1, 1, 1, 1], weights: [0.5, 0.5, 0.5, 0.5])
    expect(.default, Self.exact, logits: [1, nil, nil, nil], weights: [0.5, nil, nil, nil])
  }

  /// Layer by layer, of logits and of their terms.
  @Test func predictions() {
    func scaling(
      _ name: DeepScaling.Name, _ layers: Int, _ optimizer: Optimizer = .gradientDescent
    ) -> DeepScaling { DeepScaling(name, hiddenLayers: layers, optimizer: optimizer) }
    let (three, two) = (scaling(.meanField, 3), scaling(.meanField, 2))
    #expect(three.incrementExponents == [-1, -0.5, -0.5, -1])
    #expect(scaling(.meanField, 4).incrementExponents == [-1.5, -1, -1, -1, -1.5])
    #expect(two.incrementExponents == [0, 0, 0])
    #expect(scaling(.ntk, 2).incrementExponents == [-0.5, -1, -0.5])
    #expect(scaling(.ntkPublished, 2).incrementExponents == [-0.5, -0.5, -0.5])
    #expect(scaling(.default, 2).incrementExponents == [-0.5, 0, 0.5])
    #expect(scaling(.default, 2, Self.exact).incrementExponents == [nil, nil, nil])
    for name in DeepScaling.Name.allCases {
      for optimizer in [Optimizer.gradientDescent, Self.exact, Self.stabilized] {
        for layers in 1...4 {
          let own = scaling(name, layers, optimizer)
          let largest = own.incrementExponents.compactMap { $0 }.max()
          if layers > 1 { #expect(largest == own.weightIncrementExponent, "\(own)") }
        }
      }
    }
    #expect(three.logitExponent == -1 && scaling(.meanField, 5).logitExponent == -2.5)
    #expect(two.logitExponent == 0 && scaling(.ntkPublished, 2).logitExponent == 0.5)
    #expect(two.termExponent(letters: ["a", "w"]) == -0.5)
    #expect(two.termExponent(letters: ["a", "v"]) == 0 && two.mixedTermExponent == nil)
    let exact = scaling(.meanField, 3, Self.exact)
    #expect(exact.termExponent(letters: []) == -1 && exact.mixedTermExponent == -0.5)
    #expect(three.termExponent(letters: []) == nil && three.mixedTermExponent == nil)
  }

  /// Each says what has a limit; there is nothing to say where there is one.
  @Test func sentences() {
    func reason(_ name: DeepScaling.Name, _ layers: Int, _ optimizer: Optimizer) -> String? {
      DeepScaling(name, hiddenLayers: layers, optimizer: optimizer).reasonWithoutLimit
    }
    #expect(reason(.meanField, 2, .gradientDescent) == nil)
    #expect(reason(.meanField, 3, Self.exact) == nil)
    #expect(reason(.ntk, 3, .gradientDescent) == nil)
    #expect(
      reason(.default, 2, .gradientDescent)
        == "the tangent kernel grows as d; with gradient descent ntk has a limit, and mean_field with one or"
        + " two hidden layers")
    #expect(
      reason(.default, 3, Self.exact)
        == "increments of the logits grow with d; with rmsprop mean_field has a limit, with three hidden"
        + " layers or more where epsilon is 0")
    #expect(
      reason(.meanField, 4, .gradientDescent)?.hasSuffix("; RMSProp with epsilon = 0 has one")
        == true)
  }
}
