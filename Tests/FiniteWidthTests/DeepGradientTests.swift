import Execution
import FiniteWidth
import LinearAlgebra
import Networks
import ParticleSystems
import TestSupport
import Testing

/// The step of gradient descent against central differences of the loss, every second parameter.
@Suite struct DeepGradientTests {
  @Test(arguments: Parameterization.allCases, [1, 3])
  func stepsAreGradients(_ parameterization: Parameterization, outputs: Int) {
    let architecture = DeepArchitecture(
      activation: .gelu, hiddenLayers: 2, baseWidths: [3, 5], weightDeviation: 1.4,
      biasDeviation: 0.3, parameterization: parameterization)
    // More points than a block, so that several blocks are summed.
    let problem = DeepProblem.problem(training: 130, test: 1, outputs: outputs)
    let loss = outputs == 1 ? Loss.logistic : .softmax
    let rate = 0.5
    func layers(_ rate: Double) -> [DenseLayer] {
      architecture.layers(
        hiddenWidths: architecture.hiddenWidths(first: 6), inputDimension: 3, outputs: outputs,
        learningRate: rate, optimizer: .gradientDescent)
    }
    /// Parameters layer by layer, weights and then biases.
    func parameters(_ ensemble: DeepEnsemble<Double>) -> [Double] {
      layers(rate).enumerated().flatMap { number, layer -> [Double] in
        let weights = ensemble.weight(number, system: 0)
        let biases = ensemble.bias(number, system: 0)
        return (0..<(layer.inputs * layer.outputs)).map { weights[$0] }
          + (0..<layer.outputs).map { biases[$0] }
      }
    }
    var states: [[Double]] = []
    _ = DeepNetworks(
      layers: layers(rate), firstSeed: 2, seeds: 1,
      settings: DeepProblem.settings(problem, .gelu, loss: loss, steps: 1)
    ).train(in: Double.self, workers: Workers(count: 1), atStep: { states.append(parameters($1)) })

    func lossAt(_ values: [Double]) -> Double {
      let logits = (0..<problem.trainingCount).flatMap { point in
        plainForward(Array(problem.trainingInputs.row(point)), layers(rate), values, .gelu)
      }
      return loss.mean(
        labels: problem.trainingLabels, logits: logits, outputs: outputs, magnitude: .staysFinite)
    }
    let h = 1e-5
    var largest = 0.0
    for index in stride(from: 0, to: states[0].count, by: 2) {
      var (above, below) = (states[0], states[0])
      above[index] += h
      below[index] -= h
      let gradient = (lossAt(above) - lossAt(below)) / (2 * h)
      largest = max(largest, abs((states[0][index] - states[1][index]) / rate - gradient))
    }
    #expect(largest < 1e-8)
    #expect(largestDifference(states[0], states[1]) > 1e-3)
  }
}

/// The logits of one point, neuron by neuron.
func plainForward(
  _ x: [Double], _ layers: [DenseLayer], _ parameters: [Double], _ activation: Activation
) -> [Double] {
  var values = x
  var first = 0
  for (number, layer) in layers.enumerated() {
    let biases = first + layer.inputs * layer.outputs
    let z = (0..<layer.outputs).map { r in
      (0..<layer.inputs).reduce(layer.biasFactor * parameters[biases + r]) {
        $0 + layer.weightFactor * parameters[first + r * layer.inputs + $1] * values[$1]
      }
    }
    values = number + 1 < layers.count ? z.map { activation.value($0) } : z
    first += layer.parameters
  }
  return values
}
