import Dynamics
import Execution
import FiniteWidth
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

@Suite struct SeveralOutputsTests {
  let reference = ReferenceNetwork(width: 16, learningRate: 0.1)
  let law = InitialLaw(shape: .gaussian, inputDimension: 3)

  func settings(
    _ activation: Activation = .leakyReLU(slope: 0.1), loss: Loss = .softmax, steps: Int = 10,
    step: ParticleStep? = nil, batches: BatchSchedule = .full, decomposes: Bool = false
  ) -> TrainingSettings {
    TrainingSettings(
      problem: smallProblemOfThreeClasses(),
      architecture: Architecture(activation: activation, hasBias: false), loss: loss,
      step: step ?? .meanFieldLimit(of: reference), steps: steps, batches: batches, probes: 3,
      decomposes: decomposes)
  }

  @Test(arguments: [Activation.leakyReLU(slope: 0.1), .gelu]) func initialLogitsVanishExactly(
    activation: Activation
  ) {
    let workers = Workers(count: 2)
    let run = smallLimit(particles: 1100, replicates: 2, settings(activation, steps: 1))
    for trajectory in [
      run.run(in: Float.self, workers: workers), run.run(in: Double.self, workers: workers),
    ] {
      #expect(trajectory.outputs == 3)
      #expect(trajectory.testLogits[..<45].allSatisfy { $0 == 0 })
      #expect(trajectory.trainingLogits[..<60].allSatisfy { $0 == 0 })
      #expect(trajectory.testLogits[45...].allSatisfy { $0 != 0 })
      // Ties go to the first class.
      let first = run.settings.problem.testLabels.filter { $0 == 0 }.count
      #expect(trajectory.testAccuracy[0] == Double(first) / 15)
    }
  }

  /// The gap of one network to the limit falls like d^{-1/2}, the rate of its fluctuations.
  @Test func networksApproachTheLimit() {
    let workers = Workers(count: 2)
    let target = smallLimit(particles: 65536, replicates: 4, settings())
      .run(in: Double.self, workers: workers)
    let widths = [32, 128, 512, 2048]
    let gaps = gapsToLimit(target, widths: widths, reference: reference) { settings(step: $0) }
    #expect(abs(logLogSlope(widths.map { Double($0) }, gaps) + 0.5) < 0.12)
    #expect(target.testLogitsError[10] < gaps[3] / 2)
    // The limit learns: the loss of equal logits is log 3.
    #expect(target.trainingLoss[10] < 0.95 * target.trainingLoss[0])
  }

  /// The first output of a network of three outputs, trained on the squared loss with the others'
  /// gradients, is not that of a network of one; but before any step all of them are the same numbers.
  @Test func theFirstOutputStartsAsThatOfANetworkOfOneOutput() {
    let step = ParticleStep.network(width: 40, scaling: .ntk, reference: reference)
    func train(_ settings: TrainingSettings) -> Trajectory {
      FiniteNetworks(width: 40, firstSeed: 3, seeds: 2, law: law, settings: settings)
        .train(in: Double.self, workers: Workers(count: 1))
    }
    var single = settings(loss: .squared, steps: 1, step: step)
    single.problem = smallProblem()
    let one = train(single)
    let three = train(settings(loss: .squared, steps: 1, step: step))
    let first = (0..<15).map { three.testLogits[3 * $0] }
    #expect(largestDifference(first, Array(one.testLogits[..<15])) < 1e-14)
    #expect(abs(three.testLogits[3 * 15] - one.testLogits[15]) > 1e-4)
  }

  /// Root mean square over outputs of the deviations over points, from the definition.
  @Test func decompositionOfSeveralOutputs() {
    let step = ParticleStep.network(width: 40, scaling: .ntk, reference: reference)
    let trajectory = FiniteNetworks(
      width: 40, firstSeed: 3, seeds: 1, law: law,
      settings: settings(steps: 2, step: step, decomposes: true)
    ).train(in: Double.self, workers: Workers(count: 1))
    var variance = 0.0
    for output in 0..<3 {
      let values = (0..<15).map { trajectory.testLogits[3 * $0 + output] }
      let mean = values.reduce(0, +) / 15
      variance += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 15 / 3
    }
    // At step 0 all is f_0.
    #expect(abs(trajectory.decompositionStandardDeviation[0] - variance.squareRoot()) < 1e-14)
    #expect(trajectory.decompositionStandardDeviation[1...3].allSatisfy { $0 == 0 })
    #expect(trajectory.decompositionStandardDeviation[4...7].allSatisfy { $0 > 0 })
  }
}
