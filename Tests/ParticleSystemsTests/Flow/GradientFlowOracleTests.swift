import Execution
import LinearAlgebra
import Networks
import TestSupport
import Testing

@testable import ParticleSystems

/// Flows of a few particles against scipy (`Fixtures/make_gradient_flow.py`).
@Suite struct GradientFlowOracleTests {
  struct Entry: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let activation: String
    let loss: String
    let outputs: Int
    let logitScale: Double
    let outputStep: Double
    let inputStep: Double
    let inputs: [Double]
    let labels: [Double]
    let testInputs: [Double]
    let outputWeights: [Double]
    let inputWeights: [Double]
    let steps: [Int]
    let trainLogits: [[Double]]
    let testLogits: [[Double]]
    let finalOutputWeights: [Double]
    let finalInputWeights: [Double]

    var testDescription: String { name }

    func problem() -> LearningProblem {
      func matrix(_ elements: [Double]) -> Matrix<Double> {
        Matrix(rows: elements.count / 3, columns: 3, elements: elements)
      }
      return LearningProblem(
        trainingInputs: matrix(inputs), trainingLabels: labels, testInputs: matrix(testInputs),
        testLabels: Array(repeating: 1, count: testInputs.count / 3),
        task: outputs == 1
          ? .binary(classNames: ["a", "b"])
          : .multiclass(classNames: (0..<outputs).map { "\($0)" }))
    }
  }

  /// Particles with given weights.
  struct Given: ParticleSource {
    let a: [Double]
    let w: [Double]
    let outputs: Int
    let features = 3
    var count: Int { w.count / 3 }

    func fill<Scalar: ParticleScalar>(
      first: Int, count: Int, outputWeights: UnsafeMutablePointer<Scalar>,
      inputWeights: UnsafeMutablePointer<Scalar>
    ) {
      for i in 0..<(count * outputs) { outputWeights[i] = Scalar(a[first * outputs + i]) }
      for i in 0..<(count * features) { inputWeights[i] = Scalar(w[first * features + i]) }
    }
  }

  static let activations: [String: Activation] = ["linear": .linear, "tanh": .tanh, "sin": .sin]

  static func entries() throws -> [Entry] {
    try fixture("gradient_flow", as: [Entry].self, in: .module)
  }

  @Test func flowsAreThoseOfScipy() throws {
    for entry in try Self.entries() {
      for tolerance in [1e-6, 1e-11] { try check(entry, tolerance: tolerance) }
    }
  }

  private func check(_ entry: Entry, tolerance: Double) throws {
    let settings = TrainingSettings(
      problem: entry.problem(),
      architecture: Architecture(
        activation: try #require(Self.activations[entry.activation]), hasBias: false),
      loss: try #require(Loss(rawValue: entry.loss)),
      step: ParticleStep(
        logitScale: entry.logitScale, outputStep: entry.outputStep, inputStep: entry.inputStep),
      steps: entry.steps.last!, recorded: .every(1))
    let workers = Workers(count: 1)
    let inputs = TransportInputs<Double>(settings)
    let field = FlowField(settings, rule: .plain, offset: .none, systems: 1)
    let flow = ParticleFlow(
      ParticleEnsemble<Double>(
        sources: [
          Given(a: entry.outputWeights, w: entry.inputWeights, outputs: entry.outputs)
        ], workers: workers),
      settings: settings, inputs: inputs, movingFeatures: 3, field: field, workers: workers)
    let recorder = PlainRecorder()
    var a: [Double] = []
    var w: [Double] = []
    _ = runFlow(
      flow, field: field, settings: settings, rule: .plain, tolerance: tolerance,
      recorder: recorder,
      atStep: { step in
        guard step == settings.steps else { return }
        flow.stage.forEachPart { _, output, input in
          a += output
          w += input
        }
      })
    let bound = max(20 * tolerance, 1e-9)
    for (index, step) in entry.steps.enumerated() {
      #expect(
        largestDifference(recorder.training[step][0], entry.trainLogits[index]) < bound,
        "\(entry.name), step \(step)")
      #expect(
        largestDifference(recorder.test[step][0], entry.testLogits[index]) < bound,
        "\(entry.name), step \(step)")
    }
    #expect(largestDifference(a, entry.finalOutputWeights) < bound)
    #expect(largestDifference(w, entry.finalInputWeights) < bound)
    // The flow goes somewhere: errors are far below its changes.
    #expect(largestDifference(entry.trainLogits[0], entry.trainLogits.last!) > 0.05)
  }
}
