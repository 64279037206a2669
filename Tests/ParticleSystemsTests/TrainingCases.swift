import Measures
import Networks

@testable import ParticleSystems

extension TrainingRunTests {
  struct Case: Sendable {
    var activation: Activation = .leakyReLU(slope: 0.1)
    var bias = false
    var loss: Loss = .logistic
    var training = 13
    var test = 5
    var dimension = 4
    var particles = 6
    var steps = 4
    var batches: BatchSchedule = .full
    var outputs = 1
    var update = ParticleUpdate.gradient

    var probes: Int { update == rmsProp ? 0 : 2 }

    var problem: LearningProblem {
      randomProblem(training: training, test: test, dimension: dimension, outputs: outputs)
    }

    func plain(_ sample: InitialSample, _ settings: TrainingSettings) -> PlainTraining {
      PlainTraining(
        sample: sample, particles: particles, features: dimension + (bias ? 1 : 0),
        outputs: outputs, activation: activation, loss: loss, step: settings.step)
    }
  }

  static let rmsProp = ParticleUpdate.rmsProp(
    smoothing: 0.7, outputEpsilon: 0.02, inputEpsilon: 0.03)

  /// All activations, losses and update rules, one output and several; batches that do not divide the set; more particles than a block;
  /// more points than a chunk; a set so large for its dimension that no signs are kept.
  static let cases: [Case] = [
    Case(), Case(activation: .linear), Case(activation: .relu), Case(activation: .erf, bias: true),
    Case(activation: .tanh), Case(activation: .softplus), Case(loss: .squared),
    Case(activation: .relu, bias: true),
    Case(batches: .batches(size: 5, shuffleSeed: nil)),
    Case(activation: .tanh, batches: .batches(size: 5, shuffleSeed: 3)),
    Case(batches: .batches(size: 20, shuffleSeed: nil)),
    Case(dimension: 3, particles: 1030, steps: 2),
    Case(training: 1100, test: 1030, dimension: 40, particles: 3, steps: 2),
    Case(training: 1100, test: 3, dimension: 2, particles: 3, steps: 2),
    Case(activation: .erf, training: 1100, test: 3, dimension: 2, particles: 3, steps: 2),
    Case(update: .momentum(0.8)), Case(activation: .tanh, update: .momentum(0.8)),
    Case(update: rmsProp),
    Case(activation: .gelu, batches: .batches(size: 5, shuffleSeed: 3), update: rmsProp),
    Case(loss: .softmax, outputs: 3),
    Case(activation: .relu, bias: true, loss: .squared, outputs: 2),
    Case(activation: .tanh, loss: .softmax, particles: 7, outputs: 4, update: .momentum(0.6)),
    Case(
      loss: .softmax, batches: .batches(size: 5, shuffleSeed: nil), outputs: 3, update: rmsProp),
    Case(loss: .softmax, dimension: 3, particles: 1031, steps: 2, outputs: 3),
    Case(
      activation: .sin, loss: .softmax, training: 1100, test: 1030, dimension: 40, particles: 3,
      steps: 2, outputs: 5),
  ]
}
