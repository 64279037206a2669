import Execution
import FiniteWidth
import Foundation
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import Testing

/// Powers of the width that increments of weights, initial functions and terms of the logits follow, fitted.
///
/// Predicted are powers of signals at step 0, d^{-1/2} a layer that they go through forward or backward, and order one
/// where there is a limit. Weights between hidden layers start small where the limit exists, since it does not depend
/// on them and is approached where they are small against increments.
@Suite struct DeepScalingExponentTests {
  static let widths = [32, 64, 128, 256]
  static let standard = (1 / 3.0).squareRoot()

  static let problem: LearningProblem = {
    let stream = RandomStream(seed: 5, stream: .deepNetworkWeights)
    func points(_ count: Int, _ first: Int) -> Matrix<Double> {
      Matrix(
        rows: count, columns: 16,
        elements: (0..<count).flatMap { stream.normals(16, particle: 1 << 60 | (first + $0)) })
    }
    func labels(_ inputs: Matrix<Double>) -> [Double] {
      (0..<inputs.rows).map { inputs[$0, 0] + inputs[$0, 1] * inputs[$0, 2] > 0 ? 1 : -1 }
    }
    let (training, test) = (points(64, 0), points(64, 64))
    return LearningProblem(
      trainingInputs: training, trainingLabels: labels(training), testInputs: test,
      testLabels: labels(test), task: .binary(classNames: ["a", "b"]))
  }()

  /// Networks of all widths.
  static func networks(
    _ name: DeepScaling.Name, _ layers: Int, _ optimizer: Optimizer, learningRate: Double,
    deviation: Double, steps: Int
  ) -> [Trajectory] {
    widths.map { width in
      var settings = DeepProblem.settings(
        problem, .leakyReLU(slope: 0.1), loss: .logistic, steps: steps,
        probes: optimizer.stepSize == .proportional ? 8 : 0)
      settings.decomposes = true
      settings.terms = LogitTerms(hiddenLayers: layers)
      settings.incrementLayers = layers + 1
      return DeepNetworks(
        layers: DeepScaling(name, hiddenLayers: layers, optimizer: optimizer).layers(
          width: width, inputDimension: 16, outputs: 1,
          reference: ReferenceNetwork(
            width: 8, learningRate: learningRate, optimizer: optimizer),
          law: InitialLaw(shape: .gaussian, inputDimension: 16),
          hiddenWeightDeviation: deviation), firstSeed: 1, seeds: 8, settings: settings
      ).train(in: Double.self, workers: Workers(count: 2))
    }
  }

  static func slope(_ values: [Double]) -> Double {
    let (x, y) = (widths.map { log(Double($0)) }, values.map { log($0) })
    let means = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(x.count))
    return zip(x, y).reduce(0) { $0 + ($1.0 - means.0) * ($1.1 - means.1) }
      / x.reduce(0) { $0 + ($1 - means.0) * ($1 - means.0) }
  }

  /// Fitted to the means over seeds of one step's numbers.
  static func exponents(
    _ array: KeyPath<Trajectory, [Double]>, _ runs: [Trajectory], step: Int
  ) -> [Double] {
    let rows = runs[0].members * runs[0].steps.count
    let size = runs[0][keyPath: array].count / rows
    return (0..<size).map { index in
      slope(
        runs.map { run in
          (0..<run.members).reduce(0.0) {
            $0 + run[keyPath: array][($1 * run.steps.count + step) * size + index]
          }
        })
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let layers: Int
    let optimizer: Optimizer
    let learningRate: Double
    var deviation = standard
    let step: Int
    /// First layer to last, each to 0.1.
    let increments: [Double]
    /// Terms, what they are predicted to follow and how well they are found to.
    let terms: [(String, Double, Double)]
  }

  static let exact = DeepScalingNetworksTests.exact
  static let limitTerms = ["f_v", "f_vw", "f_av", "f_avw"].map { ($0, 0.0, 0.25) }

  static let cases = [
    Case(
      testDescription: "gradient descent, two layers, first step", layers: 2,
      optimizer: .gradientDescent, learningRate: 0.3, deviation: standard / 32, step: 1,
      increments: [-0.5, 0, -0.5], terms: [("f_w", -1, 0.2), ("f_v", 0, 0.25)]),
    Case(
      testDescription: "gradient descent, two layers", layers: 2, optimizer: .gradientDescent,
      learningRate: 0.3, deviation: standard / 32, step: 10, increments: [0, 0, 0],
      terms: limitTerms),
    Case(
      testDescription: "RMSProp, three layers", layers: 3, optimizer: exact, learningRate: 3e-4,
      deviation: standard / 32, step: 10, increments: [0, 0, 0, 0],
      terms: limitTerms + [("f_mixed", -0.5, 0.25)]),
    Case(
      testDescription: "gradient descent, three layers", layers: 3, optimizer: .gradientDescent,
      learningRate: 0.2, step: 5, increments: [-1, -0.5, -0.5, -1],
      terms: [("f_0", -1.5, 0.15), ("f_w", -2, 0.2), ("f_a", -2, 0.4), ("f_mixed", -1, 0.25)]),
    Case(
      testDescription: "RMSProp of positive epsilon, three layers", layers: 3,
      optimizer: .rmsProp(smoothing: 0.99, epsilon: 1e-2), learningRate: 3e-4, step: 5,
      increments: [-1, -0.5, -0.5, -1], terms: [("f_0", -1.5, 0.15), ("f_mixed", -1, 0.25)]),
    Case(
      testDescription: "RMSProp of positive epsilon, two layers, first step", layers: 2,
      optimizer: .rmsProp(smoothing: 0.99, epsilon: 1e-2), learningRate: 3e-4, step: 1,
      increments: [-0.5, 0, -0.5], terms: []),
    Case(
      testDescription: "gradient descent, four layers", layers: 4, optimizer: .gradientDescent,
      learningRate: 0.2, step: 1, increments: [-1.5, -1, -1, -1, -1.5],
      terms: [("f_0", -2, 0.2)]),
  ]

  @Test(arguments: cases) func meanField(_ expected: Case) {
    let runs = Self.networks(
      .meanField, expected.layers, expected.optimizer, learningRate: expected.learningRate,
      deviation: expected.deviation, steps: expected.step)
    let increments = Self.exponents(\.weightIncrements, runs, step: expected.step)
    for (found, predicted) in zip(increments, expected.increments) {
      #expect(abs(found - predicted) < 0.1, "increments \(increments)")
    }
    let terms = Self.exponents(\.decompositionStandardDeviation, runs, step: expected.step)
    let names = LogitTerms.severalLayers.names
    for (name, predicted, tolerance) in expected.terms {
      let found = terms[names.firstIndex(of: name)!]
      #expect(abs(found - predicted) < tolerance, "\(name) \(found)")
    }
    if expected.increments.allSatisfy({ $0 == 0 }) {
      for name in ["f_0", "f_a", "f_w", "f_aw"] {
        // -1/2 for each layer above the first at least, approached from -1.
        #expect(terms[names.firstIndex(of: name)!] < -0.4, "\(name)")
      }
    }
    // The initial function loses d^{-1/2} in every hidden layer.
    let initial = Self.exponents(\.decompositionStandardDeviation, runs, step: 0)[0]
    #expect(abs(initial + Double(expected.layers) / 2) < 0.15, "\(initial)")
  }

  /// The tangent kernel stays in the NTK scaling; in the published one its part of the hidden layer grows as
  /// kappa^{1/2}, and so by that much less 1 times the part that it is in the NTK scaling.
  @Test func tangentKernels() {
    func networks(_ name: DeepScaling.Name) -> [Trajectory] {
      Self.networks(
        name, 2, .gradientDescent, learningRate: 0.1, deviation: Self.standard, steps: 1)
    }
    func traces(_ runs: [Trajectory]) -> [Double] {
      runs.map { run in
        (0..<run.members).reduce(0) {
          $0
            + run.tangentKernelDiagonal[($1 * 2 * 8)..<(($1 * 2 + 1) * 8)].reduce(0, +)
        }
      }
    }
    let (ntk, published, constant) = (
      networks(.ntk), networks(.ntkPublished), networks(.default)
    )
    let own = traces(ntk)
    #expect(abs(Self.slope(own)) < 0.1)
    let hidden = zip(zip(traces(published), own), Self.widths).map { pair, width in
      (pair.0 - pair.1) / ((Double(width) / 8).squareRoot() - 1)
    }
    #expect(abs(Self.slope(hidden)) < 0.1)
    #expect(zip(hidden, own).allSatisfy { $0 > 0.1 * $1 && $0 < $1 })
    #expect(abs(Self.slope(traces(constant)) - 1) < 0.2)
    for (runs, increments) in [
      (ntk, [-0.5, -1, -0.5]), (published, [-0.5, -0.5, -0.5]), (constant, [-0.5, 0, 0.5]),
    ] {
      let found = Self.exponents(\.weightIncrements, runs, step: 1)
      #expect(zip(found, increments).allSatisfy { abs($0 - $1) < 0.1 }, "\(found)")
    }
    // f_aw, f_av, f_vw and f_avw lose d^{-1/2} for each pair of layers that moved.
    let terms = Self.exponents(\.decompositionStandardDeviation, ntk, step: 1)
    for (index, predicted) in [(4, -1.0), (5, -1), (6, -1), (7, -2)] {
      #expect(abs(terms[index] - predicted) < 0.3, "\(terms)")
    }
  }
}
