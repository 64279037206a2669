import Execution
import FiniteWidth
import Networks
import ParticleSystems
import TestSupport
import Testing

/// Training against PyTorch: automatic gradients and its optimizers, from the same initial parameters
/// (`Fixtures/make_deep_training.py`).
@Suite struct DeepTrainingOracleTests {
  struct Content: Decodable {
    let inputs: [[Double]]
    let experiments: [Entry]
  }

  struct Entry: Decodable, Sendable, CustomTestStringConvertible {
    let parameterization: String
    let activation: String
    let baseWidths: [Int]
    let widths: [Int]
    let weightStd: Double
    let biasStd: Double
    let loss: String
    let momentum: Double?
    let rmsprop: Bool?
    let batch: Int?
    let learningRate: Double
    let steps: Int
    let seed: UInt64
    let outputs: Int
    let labels: [Double]
    /// By step: 12 training points and then 4 test points, flat (point, output).
    let logits: [[Double]]
    /// Before and after training, at the test points.
    let kernels: [[[Double]]]

    var testDescription: String { "\(parameterization), \(activation), \(loss)" }

    var architecture: DeepArchitecture {
      let activations: [String: Activation] = [
        "erf": .erf, "gelu": .gelu, "relu": .relu, "tanh": .tanh, "sin": .sin,
        "leaky_relu": .leakyReLU(slope: 0.1),
      ]
      return DeepArchitecture(
        activation: activations[activation]!, hiddenLayers: widths.count, baseWidths: baseWidths,
        weightDeviation: weightStd, biasDeviation: biasStd,
        parameterization: Parameterization(rawValue: parameterization)!)
    }

    var optimizer: Optimizer {
      rmsprop == true
        ? .rmsProp(smoothing: 0.9, epsilon: 1e-3)
        : momentum.map { .momentum($0) } ?? .gradientDescent
    }
  }

  static let content = try! fixture("deep_training", as: Content.self, in: .module)

  private func networks(_ entry: Entry) -> DeepNetworks {
    let problem = DeepProblem.oracle(
      inputs: Self.content.inputs, labels: entry.labels, outputs: entry.outputs)
    // With RMSProp the kernel is that of gradient descent at the same learning rate.
    let settings = DeepProblem.settings(
      problem, entry.architecture.activation, loss: Loss(rawValue: entry.loss)!,
      steps: entry.steps,
      batches: entry.batch.map { .batches(size: $0, shuffleSeed: nil) } ?? .full, probes: 4,
      pairsProbes: true)
    #expect(entry.architecture.hiddenWidths(first: entry.widths[0]) == entry.widths)
    return DeepNetworks(
      layers: entry.architecture.layers(
        hiddenWidths: entry.widths, inputDimension: 4, outputs: entry.outputs,
        learningRate: entry.learningRate, optimizer: entry.optimizer),
      firstSeed: entry.seed, seeds: 1, settings: settings)
  }

  @Test(arguments: content.experiments)
  func agreesInDoublePrecision(_ entry: Entry) {
    let trajectory = networks(entry).train(in: Double.self, workers: Workers(count: 2))
    let outputs = entry.outputs
    for (step, expected) in entry.logits.enumerated() {
      let training = trajectory.trainingLogits[(step * 12 * outputs)..<((step + 1) * 12 * outputs)]
      let test = trajectory.testLogits[(step * 4 * outputs)..<((step + 1) * 4 * outputs)]
      #expect(largestDifference(Array(training + test), expected) < 1e-12, "step \(step)")
    }
    // Training has moved the function by much more than that.
    #expect(largestDifference(entry.logits[0], entry.logits.last!) > 0.01)
    for (step, expected) in [(0, entry.kernels[0]), (entry.steps, entry.kernels[1])] {
      let kernel = Array(trajectory.tangentKernel[(step * 16)..<((step + 1) * 16)])
      let scale = expected.flatMap { $0 }.map { abs($0) }.max()!
      #expect(largestDifference(kernel, expected.flatMap { $0 }) < 1e-12 * max(scale, 1))
      #expect(
        largestDifference(
          Array(trajectory.tangentKernelDiagonal[(step * 4)..<((step + 1) * 4)]),
          (0..<4).map { expected[$0][$0] }) < 1e-12 * max(scale, 1))
    }
  }

  @Test(arguments: content.experiments)
  func agreesInSinglePrecision(_ entry: Entry) {
    let trajectory = networks(entry).train(in: Float.self, workers: Workers(count: 1))
    let last = trajectory.testLogits.suffix(4 * entry.outputs)
    #expect(largestDifference(Array(last), entry.logits.last!.suffix(4 * entry.outputs)) < 1e-4)
  }
}

private func largestDifference(_ a: [Double], _ b: ArraySlice<Double>) -> Double {
  TestSupport.largestDifference(a, Array(b))
}
