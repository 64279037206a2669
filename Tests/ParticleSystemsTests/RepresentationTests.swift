import Execution
import LinearAlgebra
import Measures
import Networks
import TestSupport
import Testing

@testable import ParticleSystems

/// The same initial particles kept in three ways (weights in the inputs' own coordinates, weights in
/// a basis of the inputs, training preactivations) follow the same dynamics. A uniform law is drawn
/// in the inputs' own coordinates whatever the basis, so its draw is the same.
@Suite struct RepresentationTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var activation: Activation
    var outputs = 1
    var update = ParticleUpdate.gradient
    var batches = BatchSchedule.full
    /// Training points and dimension: more or fewer than coordinates.
    var size = (points: 13, dimension: 20)
    var bias = false
    /// Of each of two systems.
    var particles = 70

    var testDescription: String { "\(activation) \(outputs) \(update) \(batches) \(size) \(bias)" }
  }

  static let cases: [Case] =
    [Activation.leakyReLU(slope: 0.1), .tanh, .erf].flatMap { activation in
      [1, 3].flatMap { outputs in
        [ParticleUpdate.gradient, .momentum(0.7)].flatMap { update in
          [BatchSchedule.full, .batches(size: 5, shuffleSeed: 3)].map {
            Case(activation: activation, outputs: outputs, update: update, batches: $0)
          }
        }
      }
    } + [
      Case(activation: .leakyReLU(slope: 0.1), size: (30, 6), particles: 530),
      Case(activation: .tanh, outputs: 3, size: (30, 6), bias: true, particles: 530),
      Case(activation: .gelu, update: .momentum(0.7), size: (9, 9), bias: true),
    ]

  static let steps = 50

  func settings(_ item: Case) -> TrainingSettings {
    TrainingSettings(
      problem: randomProblem(
        training: item.size.points, test: 4, dimension: item.size.dimension,
        outputs: item.outputs),
      architecture: Architecture(activation: item.activation, hasBias: item.bias),
      loss: item.outputs == 1 ? .logistic : .softmax,
      step: ParticleStep(logitScale: 3, outputStep: 0.2, inputStep: 0.1, update: item.update),
      steps: Self.steps, batches: item.batches, recorded: .every(10), probes: 2,
      snapshots: [0, Self.steps], pairsProbes: true)
  }

  struct Run {
    let recorder: PlainRecorder
    /// At the first and the last step, in the inputs' own coordinates.
    var snapshots: [(a: [Double], w: [Double])] = []
  }

  func run(_ item: Case, _ span: InputBasis.Span, preactivations: Bool) -> Run {
    let settings = settings(item)
    let workers = Workers(count: 2)
    let basis = InputBasis(settings.problem, architecture: settings.architecture, span: span)
    let law = InitialLaw(
      shape: .uniform, inputDimension: item.size.dimension, inputWeightDeviation: 0.4)
    let sources = [3, 4].map { randomization in
      JoinedParticles([
        DesignedParticles(
          law: law, design: .independent, basis: basis, outputs: item.outputs,
          count: item.particles,
          seed: 8, randomization: randomization, workers: workers)
      ])
    }
    let inputs = TransportInputs<Double>(
      settings, basis: basis, deviation: law.inputWeightDeviation)
    let measure = MeasureParticles(sources, seed: 8)
    let (store, transport) = kept(
      sources, byPreactivations: preactivations, settings, inputs, workers)
    var result = Run(recorder: PlainRecorder())
    runTraining(
      transport, settings: settings, recorder: result.recorder,
      atStep: { step in
        if settings.snapshots.contains(step) { result.snapshots.append(measure.lifted(store)) }
      })
    return result
  }

  @Test(arguments: cases) func allFollowTheSameDynamics(_ item: Case) {
    let direct = run(item, .everything, preactivations: false)
    let others = [
      ("basis", run(item, .allInputs, preactivations: false)),
      ("preactivations", run(item, .allInputs, preactivations: true)),
      ("preactivations, own coordinates", run(item, .everything, preactivations: true)),
    ]
    // Something is learnt, so that the paths are not trivially equal.
    let start = direct.recorder.training[0][0]
    let end = direct.recorder.training[5][0]
    #expect(largestDifference(start, end) > 0.1)
    for (name, other) in others {
      for (one, two) in [
        (direct.recorder.training, other.recorder.training),
        (direct.recorder.test, other.recorder.test),
        (direct.recorder.diagonals, other.recorder.diagonals),
      ] {
        #expect(one.count == 6)
        #expect(
          largestDifference(one.flatMap { $0.flatMap { $0 } }, two.flatMap { $0.flatMap { $0 } })
            < 1e-12, "\(name)")
      }
      for (one, two) in zip(direct.snapshots, other.snapshots) {
        #expect(largestDifference(one.a, two.a) < 1e-12, "\(name)")
        #expect(largestDifference(one.w, two.w) < 1e-12, "\(name)")
      }
      #expect(other.snapshots.count == 2)
    }
  }
}

extension MeasureParticles {
  /// All particles in the inputs' own coordinates.
  func lifted(_ store: any ParticleStore<Double>) -> (a: [Double], w: [Double]) {
    var result: (a: [Double], w: [Double]) = ([], [])
    store.forEachPart { first, outputWeights, inputWeights in
      let count = outputWeights.count / store.layout.outputs
      var a = [Double](repeating: .nan, count: outputWeights.count)
      var w = [Double](repeating: .nan, count: count * features)
      lift(
        first: first, count: count, outputWeights: outputWeights.baseAddress!,
        inputWeights: inputWeights.baseAddress!, intoOutput: &a, intoInput: &w)
      result.a += a
      result.w += w
    }
    return result
  }
}
