import Execution
import Foundation
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

@testable import FiniteWidth

/// Networks of several hidden layers in scalings of the width: their gradients, threads, resumed runs, zero gradients,
/// and one hidden layer against networks of neurons.
@Suite struct DeepScalingNetworksTests {
  static let exact = Optimizer.rmsProp(smoothing: 0.99, epsilon: 0)

  static func layers(
    _ hiddenLayers: Int, _ optimizer: Optimizer, _ name: DeepScaling.Name = .meanField,
    width: Int, learningRate: Double, dimension: Int = 3, outputs: Int = 1,
    shape: InitialLaw.Shape = .gaussian, hiddenWeightDeviation: Double = 0.6
  ) -> [DenseLayer] {
    DeepScaling(name, hiddenLayers: hiddenLayers, optimizer: optimizer).layers(
      width: width, inputDimension: dimension, outputs: outputs,
      reference: ReferenceNetwork(width: 8, learningRate: learningRate, optimizer: optimizer),
      law: InitialLaw(shape: shape, inputDimension: dimension),
      hiddenWeightDeviation: hiddenWeightDeviation)
  }

  /// Every second parameter of each layer; the loss is of order one, and its rounding over 2 h 1e-11.
  @Test(arguments: [1, 2, 3], [DeepScaling.Name.meanField, .ntkPublished])
  func stepsAreGradients(_ hiddenLayers: Int, _ name: DeepScaling.Name) {
    let problem = DeepProblem.problem(training: 130, test: 1)
    let layers = Self.layers(hiddenLayers, .gradientDescent, name, width: 6, learningRate: 0.5)
    var states: [[[Double]]] = []
    _ = DeepNetworks(
      layers: layers, firstSeed: 2, seeds: 1,
      settings: DeepProblem.settings(problem, .gelu, loss: .logistic, steps: 1)
    ).train(in: Double.self, workers: Workers(count: 1), atStep: { states.append(weights($1)) })
    func lossAt(_ weights: [[Double]]) -> Double {
      let logits = (0..<problem.trainingCount).flatMap {
        plainSignals(Array(problem.trainingInputs.row($0)), layers, weights, .gelu).last!
      }
      return Loss.logistic.mean(
        labels: problem.trainingLabels, logits: logits, outputs: 1, magnitude: .staysFinite)
    }
    let h = 1e-5
    for (number, layer) in layers.enumerated() {
      var (largest, error) = (0.0, 0.0)
      for index in stride(from: 0, to: states[0][number].count, by: 2) {
        var (above, below) = (states[0], states[0])
        above[number][index] += h
        below[number][index] -= h
        let gradient = (lossAt(above) - lossAt(below)) / (2 * h)
        let step = (states[0][number][index] - states[1][number][index]) / layer.learningRate
        largest = max(largest, abs(gradient))
        error = max(error, abs(step - gradient))
      }
      #expect(error < 1e-10 + 1e-8 * largest, "layer \(number): \(error) of \(largest)")
      #expect(largest > 1e-5)
    }
  }

  /// The same initial weights W = sigma a as neurons of the mean-field scaling, whose rates and epsilons are those
  /// of hatted weights.
  @Test(
    arguments: [
      Optimizer.gradientDescent, .momentum(0.8), .rmsProp(smoothing: 0.9, epsilon: 1e-3),
    ], [DeepScaling.Name.meanField, .ntk])
  func oneHiddenLayerIsThatOfNeurons(_ optimizer: Optimizer, _ name: DeepScaling.Name) {
    let width = 21
    let problem = DeepProblem.problem(training: 30, test: 20)
    let reference = ReferenceNetwork(width: 8, learningRate: 0.05, optimizer: optimizer)
    let scaling: Scaling =
      name == .meanField ? .meanField(optimizer.stepSize) : .ntk(optimizer.stepSize)
    let layers = Self.layers(1, optimizer, name, width: width, learningRate: 0.05)
    var settings = DeepProblem.settings(
      problem, .leakyReLU(slope: 0.1), loss: .logistic, steps: 20,
      batches: .batches(size: 8, shuffleSeed: 5))
    settings.step = .network(width: width, scaling: scaling, reference: reference)
    settings.decomposes = true
    let workers = Workers(count: 2)
    var initial: [[Double]] = []
    var deepSettings = settings
    deepSettings.incrementLayers = 2
    let deep = DeepNetworks(layers: layers, firstSeed: 4, seeds: 1, settings: deepSettings)
      .train(
        in: Double.self, workers: workers,
        atStep: { step, ensemble in
          if step == 0 { initial = weights(ensemble) }
        })
    let ensemble = ParticleEnsemble<Double>(
      sources: [GivenNeurons(input: initial[0], output: initial[1], unit: layers[1].weightUnit)],
      workers: workers)
    let recorder = SeedRecorder(seeds: 1, settings: settings)
    runTraining(
      ParticleTransport(
        ensemble, settings: settings, inputs: TransportInputs(settings), workers: workers),
      settings: settings, recorder: recorder, atStep: { _ in })
    let neurons = recorder.trajectory
    #expect(largestDifference(deep.testLogits, neurons.testLogits) < 1e-12)
    #expect(
      largestDifference(
        deep.decompositionStandardDeviation, neurons.decompositionStandardDeviation) < 1e-12)
    #expect(
      largestDifference(Array(deep.testLogits.prefix(20)), Array(deep.testLogits.suffix(20)))
        > 0.01)
  }

  private static func several(_ optimizer: Optimizer, batches: BatchSchedule) -> DeepNetworks {
    var settings = DeepProblem.settings(
      DeepProblem.problem(training: 300, test: 200, outputs: 3), .leakyReLU(slope: 0.2),
      loss: .softmax, steps: 5, batches: batches)
    settings.decomposes = true
    settings.terms = .severalLayers
    settings.incrementLayers = 4
    return DeepNetworks(
      layers: layers(3, optimizer, width: 150, learningRate: 0.002, outputs: 3, shape: .uniform),
      firstSeed: 7, seeds: 3, settings: settings)
  }

  /// More points and neurons than a block.
  @Test(arguments: [BatchSchedule.full, .batches(size: 130, shuffleSeed: 4)])
  func bitsDoNotDependOnThreads(_ batches: BatchSchedule) {
    let networks = Self.several(Self.exact, batches: batches)
    let one = networks.train(in: Float.self, workers: Workers(count: 1))
    #expect(one == networks.train(in: Float.self, workers: Workers(count: 3)))
    #expect(one.testLogits.allSatisfy { $0.isFinite })
    #expect(one.weightIncrements.count == 3 * 6 * 4 && one.weightIncrements.last! > 0)
    #expect(one.decompositionStandardDeviation.count == 3 * 6 * 9)
  }

  /// Interrupted after each step: mean squares of RMSProp, velocities of momentum, and what is recorded.
  @Test(arguments: [exact, .momentum(0.8)]) func stateIsWhole(_ optimizer: Optimizer) throws {
    let networks = Self.several(optimizer, batches: .batches(size: 130, shuffleSeed: nil))
    let whole = networks.train(in: Double.self, workers: Workers(count: 2))
    for stop in 0..<4 {
      let continued = try resumed(afterStep: stop) { action, isSecond in
        try networks.train(
          in: Double.self, workers: Workers(count: isSecond ? 1 : 2), atBoundary: action,
          atStep: { _, _ in })
      }
      #expect(continued == whole)
    }
  }

  /// A feature that is zero at all points: its weights have zero gradients, and 0/0 leaves them where they are. All
  /// others make sign steps of full length.
  @Test func zeroGradientsMoveNothing() {
    let inputs = DeepProblem.inputs(20, dimension: 3)
    let silent = Matrix(
      rows: 20, columns: 3,
      elements: inputs.elements.enumerated().map { $0.offset % 3 == 1 ? 0 : $0.element })
    let problem = LearningProblem(
      trainingInputs: silent, trainingLabels: (0..<20).map { Double($0 % 2 * 2 - 1) },
      testInputs: silent, testLabels: (0..<20).map { Double($0 % 2 * 2 - 1) },
      task: .binary(classNames: ["a", "b"]))
    for precision in ["single", "double"] {
      let networks = DeepNetworks(
        layers: Self.layers(3, Self.exact, width: 16, learningRate: 1e-3), firstSeed: 1, seeds: 1,
        settings: DeepProblem.settings(
          problem, .leakyReLU(slope: 0.1), loss: .logistic, steps: 3))
      var states: [[[Double]]] = []
      let trajectory =
        precision == "single"
        ? networks.train(
          in: Float.self, workers: Workers(count: 1), atStep: { states.append(weights($1)) })
        : networks.train(
          in: Double.self, workers: Workers(count: 1), atStep: { states.append(weights($1)) })
      #expect(trajectory.divergedAtStep == [nil])
      for (index, weight) in states[0][0].enumerated() {
        let step = abs(states[1][0][index] - weight)
        // sqrt(1 - beta) = 1/10.
        #expect(index % 3 == 1 ? step == 0 : abs(step - 1e-2) < 1e-6, "weight \(index): \(step)")
      }
    }
  }
}

/// Weights layer by layer, of the first network.
func weights<Scalar: ParticleScalar>(_ ensemble: DeepEnsemble<Scalar>) -> [[Double]] {
  ensemble.layers.enumerated().map { number, layer in
    var result = [Double](repeating: 0, count: layer.inputs * layer.outputs)
    Scalar.widen(ensemble.weight(number, system: 0), count: result.count, to: &result)
    return result
  }
}

/// The preactivations of one point layer by layer, neuron by neuron; the last are the logits.
func plainSignals(
  _ x: [Double], _ layers: [DenseLayer], _ weights: [[Double]], _ activation: Activation
) -> [[Double]] {
  var values = x
  return zip(layers, weights).map { layer, weights in
    let z = (0..<layer.outputs).map { r in
      (0..<layer.inputs).reduce(0) { $0 + weights[r * layer.inputs + $1] * values[$1] }
    }
    values = z.map { activation.value($0) }
    return z
  }
}

/// Neurons of one output with given weights, those of the output in units.
private struct GivenNeurons: ParticleSource {
  let input: [Double]
  let output: [Double]
  let unit: Double

  var count: Int { output.count }
  var outputs: Int { 1 }
  var features: Int { input.count / output.count }

  func fill<Scalar: ParticleScalar>(
    first: Int, count: Int, outputWeights: UnsafeMutablePointer<Scalar>,
    inputWeights: UnsafeMutablePointer<Scalar>
  ) {
    let own = (first * features)..<((first + count) * features)
    Scalar.round(
      output[first..<(first + count)].map { $0 / unit }, count: count, to: outputWeights)
    Scalar.round(Array(input[own]), count: own.count, to: inputWeights)
  }
}
