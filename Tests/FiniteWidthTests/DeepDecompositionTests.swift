import Execution
import FiniteWidth
import LinearAlgebra
import Networks
import ParticleSystems
import TestSupport
import Testing

/// The terms of the logits of several layers against plain sums, and what they add up to.
@Suite struct DeepDecompositionTests {
  private static let activation = Activation.leakyReLU(slope: 0.3)
  private static let problem = DeepProblem.problem(training: 20, test: 140)

  /// Trained networks, and their first one's weights before and after.
  private static func train(
    _ hiddenLayers: Int
  ) -> (layers: [DenseLayer], trajectory: Trajectory, states: [[[Double]]]) {
    var settings = DeepProblem.settings(problem, activation, loss: .logistic, steps: 6)
    settings.decomposes = true
    settings.terms = LogitTerms(hiddenLayers: hiddenLayers)
    settings.incrementLayers = hiddenLayers + 1
    let layers = DeepScalingNetworksTests.layers(
      hiddenLayers, DeepScalingNetworksTests.exact, width: 30, learningRate: 3e-3)
    var states: [[[Double]]] = []
    let trajectory = DeepNetworks(layers: layers, firstSeed: 3, seeds: 2, settings: settings)
      .train(in: Double.self, workers: Workers(count: 2), atStep: { states.append(weights($1)) })
    return (layers, trajectory, states)
  }

  /// The product with the masks of the last weights.
  private static func term(
    _ point: Int, _ layers: [DenseLayer], factors: [[Double]], last: [[Double]]
  ) -> Double {
    let x = Array(problem.testInputs.row(point))
    let masks = plainSignals(x, layers, last, activation)
    var values = x
    for (number, layer) in layers.enumerated() {
      values = (0..<layer.outputs).map { r in
        let sum = (0..<layer.inputs).reduce(0) {
          $0 + factors[number][r * layer.inputs + $1] * values[$1]
        }
        if number == layers.count - 1 { return sum }
        return sum * (masks[number][r] >= 0 ? 1 : 0.3)
      }
    }
    return values[0]
  }

  private static func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return
      (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
  }

  @Test(arguments: [1, 2, 3, 4]) func theyArePlainSums(_ hiddenLayers: Int) {
    let (layers, trajectory, states) = Self.train(hiddenLayers)
    let (initial, last) = (states.first!, states.last!)
    let increments = zip(last, initial).map { zip($0, $1).map { $0 - $1 } }
    let names = LogitTerms(hiddenLayers: hiddenLayers).names
    #expect(names.count == (hiddenLayers == 1 ? 4 : 9))
    let points = 0..<Self.problem.testCount
    var rest = Array(trajectory.testLogits[(6 * points.count)..<(7 * points.count)])
    for (index, name) in names.enumerated() {
      let own = trajectory.decompositionStandardDeviation[6 * names.count + index]
      if name == "f_mixed" {
        #expect(abs(own - Self.deviation(rest)) < 1e-13)
        // Two hidden layers have one of weights between them: nothing is mixed.
        #expect(hiddenLayers == 2 ? own < 1e-14 : own > 1e-3, "\(own)")
        continue
      }
      let letters = name.dropFirst(2)
      let factors = layers.indices.map { number in
        let letter: Character = number == 0 ? "w" : number == layers.count - 1 ? "a" : "v"
        return letters.contains(letter) ? increments[number] : initial[number]
      }
      let values = points.map { Self.term($0, layers, factors: factors, last: last) }
      for point in points { rest[point] -= values[point] }
      #expect(abs(own - Self.deviation(values)) < 1e-13, "\(name)")
      #expect(own > 1e-4, "\(name)")
    }
    if hiddenLayers <= 2 { #expect(rest.allSatisfy { abs($0) < 1e-13 }) }
  }

  /// In units of the hatted weights, and zero at first.
  @Test func incrementsAreRootMeanSquares() {
    let (layers, trajectory, states) = Self.train(3)
    #expect(Array(trajectory.weightIncrements.prefix(4)) == [0, 0, 0, 0])
    for (number, layer) in layers.enumerated() {
      let squares = zip(states.last!, states.first!).map { zip($0, $1).map { $0 - $1 } }[number]
        .map { $0 * $0 / (layer.weightUnit * layer.weightUnit) }
      let expected = (squares.reduce(0, +) / Double(squares.count)).squareRoot()
      #expect(abs(trajectory.weightIncrements[6 * 4 + number] - expected) < 1e-13 * expected)
    }
    // d^{-1/2} (d/d*)^{-1/2} above the first layer.
    #expect(layers.map(\.weightUnit)[0] == 1)
    #expect(
      layers.dropFirst().allSatisfy { abs($0.weightUnit - 8.0.squareRoot() / 30) < 1e-15 })
  }
}
