import Execution
import FiniteWidth
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

/// The finite initialization-corrected mean-field network.
@Suite struct CorrectedNetworkTests {
  let reference = ReferenceNetwork(width: 16, learningRate: 0.1)
  let law = InitialLaw(shape: .gaussian, inputDimension: 3)

  func settings(_ step: ParticleStep) -> TrainingSettings {
    TrainingSettings(
      problem: smallProblem(), architecture: Architecture(activation: .tanh, hasBias: false),
      loss: .logistic, step: step, steps: 8)
  }

  func train(width: Int, scaling: Scaling, correction: Int?) -> Trajectory {
    FiniteNetworks(
      width: width, firstSeed: 3, seeds: 2, law: law,
      settings: settings(.network(width: width, scaling: scaling, reference: reference)),
      initializationCorrection: correction
    ).train(in: Double.self, workers: Workers(count: 2))
  }

  /// At d = d* the correction vanishes and every scaling is the reference network.
  @Test func isTheReferenceNetworkAtItsWidth() {
    let corrected = train(width: 16, scaling: .meanField, correction: 16)
    let plain = train(width: 16, scaling: .ntk, correction: nil)
    #expect(largestDifference(corrected.testLogits, plain.testLogits) < 1e-13)
  }

  /// At another width, against the definition written out neuron by neuron:
  /// f = sigma sum a phi(w x) - sigma sum a0 phi(w0 x) + sigma* (d/d*)^{-1/2} sum a0 phi(w0 x).
  @Test func followsItsDefinition() {
    let width = 50
    let trajectory = train(width: width, scaling: .meanField, correction: 16)
    let problem = smallProblem()
    var a = [Double](repeating: 0, count: width)
    var w = [Double](repeating: 0, count: 3 * width)
    InitialSample(law: law, seed: 3, use: .network)
      .fill(first: 0, count: width, features: 3, outputWeights: &a, inputWeights: &w)
    let (a0, w0) = (a, w)
    let sigma = 0.25 * 16 / 50
    let correction = 0.25 * (16.0 / 50).squareRoot()
    func sum(_ a: [Double], _ w: [Double], _ x: [Double]) -> Double {
      (0..<width).reduce(0.0) { total, r in
        let z = w[3 * r] * x[0] + w[3 * r + 1] * x[1] + w[3 * r + 2] * x[2]
        return total + a[r] * Activation.tanh.value(z)
      }
    }
    func logit(_ x: [Double]) -> Double {
      sigma * sum(a, w, x) + (correction - sigma) * sum(a0, w0, x)
    }
    // Mean field: eta_a = eta / sigma*^2 d/d*, eta_w = eta d/d*.
    let outputRate = 0.1 / 0.0625 * 50 / 16
    let inputRate = 0.1 * 50 / 16
    for step in 0...8 {
      let test = (0..<15).map { logit(Array(problem.testInputs.row($0))) }
      #expect(
        largestDifference(Array(trajectory.testLogits[(15 * step)..<(15 * step + 15)]), test)
          < 1e-12)
      let inputs = (0..<20).map { Array(problem.trainingInputs.row($0)) }
      let g = inputs.indices.map {
        Loss.logistic.derivative(label: problem.trainingLabels[$0], logit: logit(inputs[$0])) / 20
      }
      for r in 0..<width {
        var da = 0.0
        var dw = [0.0, 0.0, 0.0]
        for (i, x) in inputs.enumerated() {
          let z = w[3 * r] * x[0] + w[3 * r + 1] * x[1] + w[3 * r + 2] * x[2]
          da += g[i] * Activation.tanh.value(z)
          for j in 0..<3 { dw[j] += g[i] * a[r] * Activation.tanh.derivative(z) * x[j] }
        }
        a[r] -= outputRate * sigma * da
        for j in 0..<3 { w[3 * r + j] -= inputRate * sigma * dw[j] }
      }
    }
  }
}
