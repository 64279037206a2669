import Execution
import FiniteWidth
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

/// Networks of one, two and three hidden layers in scalings of the width against PyTorch: its automatic gradients,
/// `SGD` with momentum and `RMSprop`, from the same initial parameters (`Fixtures/make_deep_scalings.py`).
@Suite struct DeepScalingOracleTests {
  struct Content: Decodable {
    let inputs: [[Double]]
    let experiments: [Entry]
  }

  struct Entry: Decodable, Sendable, CustomTestStringConvertible {
    let scaling: String
    let activation: String
    let loss: String
    let hiddenLayers: Int
    let width: Int
    let referenceWidth: Int
    let steps: Int
    let seed: UInt64
    let law: String?
    let inputStd: Double
    let hiddenStd: Double
    let outputStd: Double
    let learningRate: Double
    let momentum: Double?
    let smoothing: Double?
    let epsilon: Double?
    let batch: Int?
    let outputs: Int
    let labels: [Double]
    /// By step: 12 training points and then 4 test points, flat (point, output).
    let logits: [[Double]]

    var testDescription: String {
      "\(scaling), \(hiddenLayers), \(smoothing == nil ? "SGD" : "RMSprop \(epsilon!)"), \(activation)"
    }

    var optimizer: Optimizer {
      if let smoothing { return .rmsProp(smoothing: smoothing, epsilon: epsilon!) }
      return momentum.map { .momentum($0) } ?? .gradientDescent
    }

    var activationLaw: Activation {
      let activations: [String: Activation] = [
        "gelu": .gelu, "relu": .relu, "tanh": .tanh, "leaky_relu": .leakyReLU(slope: 0.1),
      ]
      return activations[activation]!
    }

    var layers: [DenseLayer] {
      DeepScaling(.init(rawValue: scaling)!, hiddenLayers: hiddenLayers, optimizer: optimizer)
        .layers(
          width: width, inputDimension: 4, outputs: outputs,
          reference: ReferenceNetwork(
            width: referenceWidth, learningRate: learningRate, optimizer: optimizer),
          law: InitialLaw(
            shape: law == "uniform" ? .uniform : .gaussian, inputDimension: 4,
            outputWeightDeviation: outputStd, inputWeightDeviation: inputStd),
          hiddenWeightDeviation: hiddenStd)
    }
  }

  static let content = try! fixture("deep_scalings", as: Content.self, in: .module)

  private func networks(_ entry: Entry) -> DeepNetworks {
    let problem = DeepProblem.oracle(
      inputs: Self.content.inputs, labels: entry.labels, outputs: entry.outputs)
    return DeepNetworks(
      layers: entry.layers, firstSeed: entry.seed, seeds: 1,
      settings: DeepProblem.settings(
        problem, entry.activationLaw, loss: Loss(rawValue: entry.loss)!, steps: entry.steps,
        batches: entry.batch.map { .batches(size: $0, shuffleSeed: nil) } ?? .full))
  }

  private func largestError(_ trajectory: Trajectory, _ entry: Entry) -> Double {
    let (n, t) = (12 * entry.outputs, 4 * entry.outputs)
    return entry.logits.enumerated().map { step, expected in
      largestDifference(
        Array(trajectory.trainingLogits[(step * n)..<((step + 1) * n)])
          + Array(trajectory.testLogits[(step * t)..<((step + 1) * t)]), expected)
    }.max()!
  }

  @Test func theyCoverDepthsAndOptimizers() {
    for layers in 1...3 {
      let own = Self.content.experiments.filter { $0.hiddenLayers == layers }
      #expect(own.contains { $0.momentum == 0.8 && $0.scaling == "mean_field" })
      #expect(own.contains { $0.epsilon == 0 } && own.contains { $0.epsilon == 1e-3 })
    }
  }

  @Test(arguments: content.experiments)
  func agreesInDoublePrecision(_ entry: Entry) {
    #expect(entry.logits.count == 11)
    let trajectory = networks(entry).train(in: Double.self, workers: Workers(count: 2))
    #expect(largestError(trajectory, entry) < 1e-12)
    // Training has moved the function by much more than that.
    #expect(largestDifference(entry.logits[0], entry.logits.last!) > 3e-3)
  }

  @Test(arguments: content.experiments)
  func agreesInSinglePrecision(_ entry: Entry) {
    let trajectory = networks(entry).train(in: Float.self, workers: Workers(count: 1))
    #expect(largestError(trajectory, entry) < 2e-6)
  }
}
