import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

@testable import DeepMeanField

/// Passes and steps of layered particles, without a special step 0, against plain loops. Sizes differ from
/// layer to layer: exchanged means show.
@Suite struct LayeredGradientTests {
  struct Case: Sendable, CustomStringConvertible {
    let layers: [Int]
    let optimizer: Optimizer
    let activation: Activation
    let outputs: Int
    let batches: BatchSchedule
    var description: String { "\(layers) \(optimizer) \(activation) \(outputs) \(batches)" }
  }

  static let cases: [Case] = [
    Case(layers: [7], optimizer: .gradientDescent, activation: leaky, outputs: 1, batches: .full),
    Case(
      layers: [7, 4], optimizer: .gradientDescent, activation: leaky, outputs: 3, batches: .full),
    Case(
      layers: [300, 5], optimizer: .momentum(0.8), activation: .erf, outputs: 1, batches: .full),
    Case(
      layers: [5, 9, 270], optimizer: .rmsProp(smoothing: 0.9, epsilon: 0.01), activation: .tanh,
      outputs: 3, batches: .batches(size: 7, shuffleSeed: 3)),
    Case(
      layers: [6, 9, 4], optimizer: .rmsProp(smoothing: 0.9, epsilon: 0), activation: .relu,
      outputs: 1, batches: .full),
    Case(
      layers: [6, 9, 4], optimizer: .momentum(0.5), activation: .gelu, outputs: 1,
      batches: .batches(size: 6, shuffleSeed: nil)),
  ]

  @Test(arguments: cases) func trainsAsPlainLoops(_ given: Case) {
    let problem = given.outputs == 1 ? layeredProblem() : layeredProblemOfThreeClasses()
    let settings = layeredSettings(
      problem, activation: given.activation, steps: 6, batches: given.batches)
    let step = layeredStep(
      rate: given.optimizer.stepSize == .proportional ? 0.2 : 0.01, given.optimizer)
    let particles = randomWeights(given.layers, outputs: given.outputs)
    var slow = SlowLayers(particles, step, given.activation)
    let expected = slow.train(settings)
    let trajectory = train([particles], settings, step)
    for (number, logits) in expected.enumerated() {
      let found = trajectory.testLogits(step: number)
      #expect(
        largestDifference(found, logits) < 1e-11 * rootMeanSquare(logits), "step \(number)")
    }
    // They have moved.
    #expect(rootMeanSquare(expected[0], less: expected[6]) > 1e-3)
  }

  /// dL/dw = (s / N_1) / s ... of the hatted weights: the factors between sums and derivatives, which differ in
  /// N_l. With S the sums, dL/dw = (s / N_1) S_w, dL/dV^l = s^2 / (N_l N_{l-1}) S_V and dL/da = (s / N_L) S_a.
  @Test func sumsAreDerivatives() {
    let problem = layeredProblem()
    let settings = layeredSettings(problem, activation: .tanh, steps: 1)
    let step = layeredStep(rate: 0.2)
    var slow = SlowLayers(randomWeights([6, 5, 4], outputs: 1), step, .tanh)
    let points = (0..<problem.trainingCount).map { Array(problem.trainingInputs.row($0)) }
    func logits(_ layers: SlowLayers) -> [Double] { points.flatMap { layers.forward($0).logits } }
    func loss(_ layers: SlowLayers) -> Double {
      settings.loss.mean(
        labels: problem.trainingLabels, logits: logits(layers), outputs: 1,
        magnitude: .staysFinite)
    }
    let gradients = settings.lossGradients(
      labels: problem.trainingLabels, logits: logits(slow), magnitude: .staysFinite)
    let sums = slow.sums(points, gradients.map { [$0] })
    let s = step.scale
    let places: [(WritableKeyPath<SlowLayers, Double>, sum: Double, factor: Double)] = [
      (\.w[3][2], sums[0][3][2], s / 6),
      (\.v[0][4][3], sums[1][4][3], s * s / (5 * 6)),
      (\.v[1][2][1], sums[2][2][1], s * s / (4 * 5)),
      (\.a[1][0], sums[3][1][0], s / 4),
    ]
    for (path, sum, factor) in places {
      let value = slow[keyPath: path]
      let h = 1e-5
      slow[keyPath: path] = value + h
      let above = loss(slow)
      slow[keyPath: path] = value - h
      let below = loss(slow)
      slow[keyPath: path] = value
      let derivative = (above - below) / (2 * h)
      #expect(abs(derivative - factor * sum) < 1e-8 * abs(derivative) + 1e-11)
    }
  }

  private func randomWeights(_ layers: [Int], outputs: Int) -> LayeredParticles<Double> {
    let sizes = LayerSizes(features: 5, layers: layers, outputs: outputs)
    let result = LayeredParticles<Double>(sizes)
    let stream = RandomStream(seed: 5, stream: .deepNetworkWeights)
    for (number, block) in LayeredBlock.all(hiddenLayers: layers.count).enumerated() {
      let buffer = result.weights(block)
      let normals = stream.normals(buffer.count, particle: number)
      for i in 0..<buffer.count { buffer.base[i] = 0.7 * normals[i] }
    }
    return result
  }
}
