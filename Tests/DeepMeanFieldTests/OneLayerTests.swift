import Dynamics
import Execution
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

@testable import DeepMeanField

/// One hidden layer of layered particles is the limit that particles (a, w) make.
@Suite struct OneLayerTests {
  @Test(arguments: [
    Optimizer.gradientDescent, .momentum(0.9), .rmsProp(smoothing: 0.99, epsilon: 1e-3),
  ])
  func isTheMeanFieldLimit(_ optimizer: Optimizer) {
    let problem = layeredProblem()
    let reference = ReferenceNetwork(
      width: 16, learningRate: optimizer.stepSize == .proportional ? 0.2 : 0.003,
      optimizer: optimizer)
    var settings = layeredSettings(problem, steps: 12)
    settings.step = .meanFieldLimit(of: reference)
    let law = gaussianLaw(settings)
    let limit = MeasureLimit(
      particles: 600, replicates: 1, law: law, design: .independent, seed: 3, settings: settings,
      basis: InputBasis(problem, architecture: settings.architecture, span: .everything),
      representation: .direct
    ).run(in: Double.self, workers: Workers())

    let particles = LayeredParticles<Double>(LayerSizes(features: 5, layers: [600]))
    InitialSample(law: law, seed: 3, use: .limit).fill(
      first: 0, count: 600, features: 5, outputWeights: particles.outputWeights.base,
      inputWeights: particles.inputWeights.base)
    let found = train([particles], settings, LayeredStep(reference))
    #expect(largestDifference(found.testLogits, limit.testLogits) < 1e-12)
    #expect(rootMeanSquare(found.testLogits(step: 12), less: found.testLogits(step: 0)) > 0.1)
  }
}
