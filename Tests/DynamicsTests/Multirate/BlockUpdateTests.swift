import Dynamics
import Execution
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

/// One update by the summed gradients of a block of steps, against the steps.
@Suite struct BlockUpdateTests {
  static let workers = Workers(count: 2)

  func settings(_ activation: Activation, outputs: Int = 1) -> TrainingSettings {
    TrainingSettings(
      problem: outputs == 1 ? smallProblem() : smallProblemOfThreeClasses(),
      architecture: Architecture(activation: activation, hasBias: false),
      loss: outputs == 1 ? .logistic : .softmax,
      step: .meanFieldLimit(of: ReferenceNetwork(width: 16, learningRate: 0.05)), steps: Self.steps)
  }

  func transport(
    _ settings: TrainingSettings, _ representation: MeasureLimit.Representation
  ) -> any LogitTransport {
    let source = IndependentParticles(
      InitialSample(
        law: InitialLaw(shape: .gaussian, inputDimension: 3), seed: 5, use: .limit), features: 3,
      outputs: settings.outputs, count: 700)
    let inputs = TransportInputs<Double>(settings)
    switch representation {
    case .direct:
      return ParticleTransport(
        ParticleEnsemble<Double>(sources: [source], workers: Self.workers), settings: settings,
        inputs: inputs, workers: Self.workers)
    case .preactivations:
      return PreactivationTransport(
        PreactivationEnsemble<Double>(
          sources: [source], training: inputs.training, workers: Self.workers),
        settings: settings, inputs: inputs, workers: Self.workers)
    }
  }

  static let steps = 512

  /// Test logits after all steps in blocks.
  func logits(
    _ settings: TrainingSettings, _ representation: MeasureLimit.Representation, blocks: Int
  ) -> [Double] {
    let transport = transport(settings, representation)
    let count = 20 * settings.outputs
    var result = EvaluatedLogits()
    for first in stride(from: 0, through: Self.steps, by: blocks) {
      let sum = (max(first - blocks, 0)..<first).reduce([Double](repeating: 0, count: count)) {
        zip($0, turningGradients(step: $1, of: Self.steps, count)).map { $0 + $1 }
      }
      result = transport.advance(
        by: first == 0 ? nil : GradientUpdate(batch: nil, gradients: [sum], steps: blocks),
        evaluating: EvaluationRequest(hasNextBatch: true, nextBatch: nil, isRecorded: true))
    }
    return result.test[0]
  }

  /// Second order in the length of blocks for a run, also with kinks.
  @Test(
    arguments: [Activation.tanh, .erf, .leakyReLU(slope: 0.1)],
    MeasureLimit.Representation.allCases)
  func theErrorOfARunIsOfSecondOrder(
    activation: Activation, representation: MeasureLimit.Representation
  ) {
    let settings = settings(activation)
    let exact = logits(settings, representation, blocks: 1)
    let lengths = [16, 32, 64, 128]
    let errors = lengths.map {
      largestDifference(logits(settings, representation, blocks: $0), exact)
    }
    let start = transport(settings, representation).advance(
      by: nil,
      evaluating: EvaluationRequest(hasNextBatch: true, nextBatch: nil, isRecorded: true))
    #expect(largestDifference(start.test[0], exact) > 0.1)
    let order = logLogSlope(lengths.map(Double.init), errors)
    #expect((1.8...2.3).contains(order), "\(order) \(errors)")
  }

  /// Equal gradients for a linear network: the error that is left is of the third order in the steps, far
  /// below what half of a block as the midpoint would leave.
  @Test func theMidpointIsTheMeanPosition() {
    #expect(GradientUpdate.midpoint(ofSteps: 1) == 0)
    #expect(GradientUpdate.midpoint(ofSteps: 2) == 0.25)
    let settings = settings(.linear)
    func error(_ scale: Double) -> Double {
      let g = turningGradients(step: 0, of: Self.steps, 20).map { 8 * scale * $0 }
      let (one, four) = (transport(settings, .direct), transport(settings, .direct))
      let request = EvaluationRequest(hasNextBatch: true, nextBatch: nil, isRecorded: true)
      _ = four.advance(by: nil, evaluating: request)
      _ = one.advance(by: nil, evaluating: request)
      var steps = EvaluatedLogits()
      for _ in 0..<4 {
        steps = one.advance(by: GradientUpdate(batch: nil, gradients: [g]), evaluating: request)
      }
      let block = four.advance(
        by: GradientUpdate(batch: nil, gradients: [g.map { 4 * $0 }], steps: 4),
        evaluating: request)
      return largestDifference(block.test[0], steps.test[0])
    }
    let scales = [1.0, 0.5, 0.25]
    let order = logLogSlope(scales, scales.map(error))
    #expect((2.8...3.2).contains(order), "\(order)")
  }

  @Test(arguments: [Activation.tanh, .leakyReLU(slope: 0.1)], [1, 3])
  func representationsAgree(activation: Activation, outputs: Int) {
    let settings = settings(activation, outputs: outputs)
    for blocks in [1, 8] {
      let direct = logits(settings, .direct, blocks: blocks)
      let preactivations = logits(settings, .preactivations, blocks: blocks)
      #expect(largestDifference(direct, preactivations) < 1e-11)
    }
  }
}
