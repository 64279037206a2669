import Execution
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

@testable import DeepMeanField

/// Finite networks and the limit, which share nothing but the passes and steps of layered particles:
/// networks have initial hidden weights and no special step 0.
///
/// Initial weights of the networks are small, v = 3^{-1/2} / 16: the limit does not depend on them, and
/// networks of the usual ones get near it at widths of 10^4 and more.
@Suite struct ApproachTests {
  struct Case: Sendable, CustomStringConvertible {
    let hiddenLayers: Int
    let rate: Double
    let optimizer: Optimizer
    var activation = leaky
    var outputs = 1
    var description: String {
      "\(hiddenLayers) layers, \(optimizer), \(activation), \(outputs) outputs"
    }

    var firstStep: any FirstStep {
      if case .rmsProp(_, let epsilon) = optimizer {
        return RMSPropFirstStep(hiddenLayers: hiddenLayers, hasEpsilon: epsilon > 0)
      }
      return GradientDescentFirstStep()
    }
    var step: LayeredStep { layeredStep(width: 16, rate: rate, optimizer) }
  }

  static let descent = Case(hiddenLayers: 2, rate: 0.3, optimizer: .gradientDescent)
  static let momentum = Case(hiddenLayers: 2, rate: 0.1, optimizer: .momentum(0.9))
  static let smooth = Case(
    hiddenLayers: 2, rate: 0.3, optimizer: .gradientDescent, activation: .erf)
  static let signs2 = Case(hiddenLayers: 2, rate: 1e-3, optimizer: signs)
  static let signs3 = Case(hiddenLayers: 3, rate: 1e-3, optimizer: signs)
  static let smoothSigns2 = Case(
    hiddenLayers: 2, rate: 1e-3, optimizer: signs, activation: .erf)
  /// An epsilon of the order of later gradients: w and a rest at step 0.
  static let epsilon = Case(
    hiddenLayers: 2, rate: 1e-3, optimizer: .rmsProp(smoothing: 0.99, epsilon: 1e-2))

  static let descentOfThree = Case(
    hiddenLayers: 2, rate: 0.6, optimizer: .gradientDescent, outputs: 3)
  static let signsOfThree = Case(hiddenLayers: 3, rate: 1e-3, optimizer: signs, outputs: 3)

  static let steps = 6

  static func settings(_ given: Case) -> TrainingSettings {
    layeredSettings(
      given.outputs == 1 ? layeredProblem() : layeredProblemOfThreeClasses(),
      activation: given.activation, steps: steps)
  }

  static func limit(_ given: Case, firstStep: (any FirstStep)? = nil, replicates: Int = 8)
    -> Trajectory
  {
    let settings = settings(given)
    let sizes = given.hiddenLayers == 2 ? [2048, 512] : [768, 768, 256]
    return LayeredLimit(
      sizes: LayerSizes(features: 5, layers: sizes, outputs: given.outputs),
      replicates: replicates,
      law: gaussianLaw(settings),
      design: .full(isControlled: given.optimizer.stepSize == .proportional), seed: 1,
      settings: settings, step: given.step, firstStep: firstStep ?? given.firstStep
    ).run(in: Float.self, workers: Workers())
  }

  static func networks(
    _ given: Case, width: Int, seeds: Int, hidden: Double = 0.036, areSigns: Bool = false
  ) -> Trajectory {
    train(
      (1...seeds).map {
        network(
          width: width, hiddenLayers: given.hiddenLayers, features: 5, outputs: given.outputs,
          seed: UInt64($0), hidden: hidden, areSigns: areSigns)
      }, settings(given), given.step, workers: Workers())
  }

  /// Root mean square over seeds and test points of the distance to the limit at a step.
  static func gap(_ networks: Trajectory, _ limit: Trajectory, step: Int) -> Double {
    rootMeanSquare(
      (0..<networks.members).map {
        rootMeanSquare(
          networks.testLogits(member: $0, step: step), less: limit.testLogits(step: step))
      })
  }

  /// By d^{-1/2}, at the first steps and at a later one.
  @Test(arguments: [
    descent, momentum, smooth, signs2, signs3, smoothSigns2, epsilon, descentOfThree, signsOfThree,
  ])
  func networksApproachTheLimit(_ given: Case) {
    let limit = Self.limit(given)
    let widths = [64, 256, 1024]
    let networks = widths.map { Self.networks(given, width: $0, seeds: 2048 / $0 + 4) }
    for step in [2, 6] {
      let gaps = networks.map { Self.gap($0, limit, step: step) }
      let slope = logLogSlope(widths.map(Double.init), gaps)
      let size = rootMeanSquare(limit.testLogits(step: step))
      #expect(
        (-0.75...(-0.35)).contains(slope), "step \(step): \(slope), gaps \(gaps), limit \(size)")
      #expect(gaps[2] < 0.25 * size, "step \(step): \(gaps), limit \(size)")
    }
  }

  /// Neither the size nor the shape of the initial hidden weights is in the limit: means of networks whose
  /// weights differ in both are equally far from it.
  @Test func limitDoesNotKnowTheHiddenWeights() {
    let limit = Self.limit(Self.descent)
    let size = rootMeanSquare(limit.testLogits(step: 6))
    for (hidden, areSigns) in [(0.01, false), (0.02, true), (0.05, false), (0.05, true)] {
      let networks = Self.networks(
        Self.descent, width: 768, seeds: 6, hidden: hidden, areSigns: areSigns)
      let mean = (0..<10).map { point in
        (0..<6).reduce(0) { $0 + networks.testLogits(member: $1, step: 6)[point] / 6 }
      }
      let gap = rootMeanSquare(mean, less: limit.testLogits(step: 6))
      #expect(gap < 0.12 * size, "\(hidden) \(areSigns): \(gap) of \(size)")
    }
  }

  /// A first step that keeps or forgets other mean squares than it should.
  struct Mistaken: FirstStep {
    let right: RMSPropFirstStep
    let kept: [LayeredBlock]
    var hiddenLayers: Int { right.hiddenLayers }
    var forwardLayers: [Int] { right.forwardLayers }
    var backwardLayers: [Int] { right.backwardLayers }
    func moves(_ block: LayeredBlock) -> Bool { right.moves(block) }
    func remembers(_ block: LayeredBlock) -> Bool { kept.contains(block) }
  }

  /// Of two layers, mean squares of step 0 stay in the hidden weights alone: networks tell this from limits
  /// that forget all of them and from those that keep all.
  @Test func meanSquaresOfStepZero() {
    let given = Self.signs2
    let right = RMSPropFirstStep(hiddenLayers: 2, hasEpsilon: false)
    let networks = Self.networks(given, width: 1024, seeds: 8)
    let mean = (0..<10).map { point in
      (0..<8).reduce(0) { $0 + networks.testLogits(member: $1, step: 6)[point] / 8 }
    }
    func distance(_ firstStep: any FirstStep) -> Double {
      rootMeanSquare(
        mean, less: Self.limit(given, firstStep: firstStep).testLogits(step: 6))
    }
    let own = distance(right)
    let forgetsAll = distance(Mistaken(right: right, kept: []))
    let keepsAll = distance(Mistaken(right: right, kept: LayeredBlock.all(hiddenLayers: 2)))
    #expect(own < 0.5 * forgetsAll, "\(own) \(forgetsAll)")
    #expect(own < 0.5 * keepsAll, "\(own) \(keepsAll)")
  }

  /// Three layers of signs need a kink: without one, signs of step 0 of neighbouring layers are
  /// independent, the means that step 1 takes its signs of vanish, and particles of any number disagree.
  @Test(arguments: [Activation.linear, .erf, leaky]) func signsOfNoise(_ activation: Activation) {
    let settings = layeredSettings(layeredProblem(), activation: activation, steps: 6)
    let runs = [128, 2048].map { widest in
      LayeredLimit(
        sizes: LayerSizes(features: 5, widest: widest, hiddenLayers: 3), replicates: 8,
        law: gaussianLaw(settings), design: .full(isControlled: false), seed: 1,
        settings: settings, step: Self.signs3.step,
        firstStep: RMSPropFirstStep(hiddenLayers: 3, hasEpsilon: false)
      ).run(in: Float.self, workers: Workers())
    }
    let spreads = runs.map { rootMeanSquare($0.standardErrors(step: 6)) }
    let isDetermined = RMSPropFirstStep.hasLimit(hiddenLayers: 3, activation: activation)
    #expect(isDetermined == (activation == leaky))
    #expect(isDetermined == (spreads[1] < 0.6 * spreads[0]), "\(spreads)")
    if !isDetermined { #expect(spreads[1] > 0.7 * spreads[0], "\(spreads)") }
  }
}
