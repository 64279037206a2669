import Dynamics
import Execution
import Foundation
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing
import TimeIntegration

@Suite struct MeasureFlowTests {
  static let corrected = TrainingRule(
    start: .staysFinite, later: .staysFinite, offset: .always)

  /// - Parameter refinement: so many times as many steps, each so many times smaller.
  func settings(
    _ activation: Activation, problem: LearningProblem, loss: Loss, refinement: Int = 1,
    steps: Int = 4
  ) -> TrainingSettings {
    let step = ParticleStep.meanFieldLimit(
      of: ReferenceNetwork(width: 16, learningRate: 0.4 / Double(refinement)))
    return TrainingSettings(
      problem: problem, architecture: Architecture(activation: activation, hasBias: false),
      loss: loss, step: step, steps: steps * refinement, recorded: .every(refinement), probes: 3,
      snapshots: [0, steps * refinement])
  }

  func limit(
    _ settings: TrainingSettings, rule: TrainingRule = .plain, particles: Int = 256,
    replicates: Int = 4, tolerance: Double? = nil
  ) -> MeasureLimit {
    let stream = RandomStream(seed: 4, stream: .syntheticData)
    let outputs = settings.outputs
    return MeasureLimit(
      particles: particles, replicates: replicates,
      law: InitialLaw(shape: .gaussian, inputDimension: 3), design: .independent, seed: 5,
      settings: settings, basis: ownCoordinates(settings), rule: rule,
      initialFunctions: rule.offset == .never
        ? nil
        : (
          training: (0..<2).map { stream.normals(20 * outputs, particle: $0) },
          test: (0..<2).map { stream.normals(15 * outputs, particle: 1000 + $0) }
        ), flowTolerance: tolerance)
  }

  /// Training steps are the explicit Euler method: their error falls like the step, in the function, the
  /// tangent kernel and the driving field. Single replicates: the flow has no control variates.
  @Test(arguments: [TrainingRule.plain, corrected], [Loss.logistic, .softmax])
  func trainingStepsConvergeToTheFlowAtFirstOrder(rule: TrainingRule, loss: Loss) {
    let problem = loss == .softmax ? smallProblemOfThreeClasses() : smallProblem()
    func run(refinement: Int, tolerance: Double?) -> Trajectory {
      limit(
        settings(.tanh, problem: problem, loss: loss, refinement: refinement), rule: rule,
        replicates: 1, tolerance: tolerance
      ).run(in: Double.self, workers: Workers(count: 2))
    }
    let flow = run(refinement: 1, tolerance: 1e-9)
    #expect(flow.members == (rule.offset == .never ? 1 : 2))
    #expect(flow.integration!.accepted > 3)
    let refinements = [8, 16, 32]
    let runs = refinements.map { run(refinement: $0, tolerance: nil) }
    for values in [
      \Trajectory.trainingLogits, \.testLogits, \.testLoss, \.tangentKernelDiagonal,
    ] {
      let errors = zip(refinements, runs).map { refinement, run in
        // The kernel of one step is proportional to the step.
        let factor = values == \.tangentKernelDiagonal ? Double(refinement) : 1
        return largestDifference(
          run[keyPath: values].map { factor * $0 }, flow[keyPath: values])
      }
      let order = -logLogSlope(refinements.map(Double.init), errors)
      #expect(abs(order - 1) < 0.1, "\(order), \(errors)")
    }
    let fields = zip(refinements, runs).map { refinement, run in
      // The field of every whole step of the flow.
      let points = 20 * problem.outputs
      var taken: [Double] = []
      for member in 0..<run.members {
        for update in stride(from: 0, to: 4 * refinement, by: refinement) {
          let first = (member * 4 * refinement + update) * points
          taken += run.lossGradient[first..<(first + points)]
        }
      }
      return largestDifference(taken, flow.lossGradient)
    }
    let order = -logLogSlope(refinements.map(Double.init), fields)
    #expect(abs(order - 1) < 0.1, "\(order), \(fields)")
  }

  /// The halves of replicates have the initial function of their realization: without it their
  /// difference from the replicates, and so the bias, would be of its size.
  @Test func replicatesAndHalvesHaveErrorAndBias() {
    let configuration = settings(.erf, problem: smallProblem(), loss: .logistic)
    func run(_ particles: Int) -> Trajectory {
      limit(configuration, rule: Self.corrected, particles: particles, tolerance: 1e-5)
        .run(in: Double.self, workers: Workers(count: 2))
    }
    let (small, large) = (run(512), run(4096))
    #expect(small.testLogitsError.allSatisfy { $0 > 0.01 && $0 < 1 })
    #expect(small.testLogitsBias.allSatisfy { $0 < 0.5 }, "\(small.testLogitsBias)")
    #expect(small.testLogitsBias[0] < 1e-12)
    let squares = zip(small.testLogits, large.testLogits).map { ($0 - $1) * ($0 - $1) }
    let gap = (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    let errors = small.testLogitsError
    #expect(gap < 2 * errors.max()! && gap > errors.min()! / 2, "\(gap), \(errors)")
  }

  /// Where logits vanish the driving field stands still, and a linear network's flow is that of a
  /// quadratic form: particles have a closed form.
  @Test func aConstantFieldMovesLinearParticlesHyperbolically() {
    let rule = TrainingRule(start: .vanishes, later: .vanishes, offset: .never)
    let configuration = settings(.linear, problem: smallProblem(), loss: .logistic)
    let problem = configuration.problem
    let run = limit(configuration, rule: rule, particles: 64, replicates: 1, tolerance: 1e-10)
    var initial: [[Double]] = []
    var final: [[Double]] = []
    _ = run.run(in: Double.self, workers: Workers(count: 1)) { step, measure in
      measure.forEachPart { _, a, w in
        let rows = a.indices.map { r in [a[r], w[3 * r], w[3 * r + 1], w[3 * r + 2]] }
        if step == 0 { initial += rows } else { final += rows }
      }
    }
    // da/dt = -p w.v, dw/dt = -r a v with v = sum_i g_i x_i, g_i = -y_i / (2 n).
    let v = (0..<3).map { j in
      (0..<20).reduce(0) {
        $0 - problem.trainingLabels[$1] / 40 * problem.trainingInputs[$1, j]
      }
    }
    let square = v.reduce(0) { $0 + $1 * $1 }
    let (p, r) = (configuration.step.outputStep, configuration.step.inputStep)
    let rate = (p * r * square).squareRoot()
    let t = 4.0
    #expect(initial.count == 64 && final.count == 64)
    for (before, after) in zip(initial, final) {
      let product = (0..<3).reduce(0) { $0 + before[1 + $1] * v[$1] }
      let a = before[0] * cosh(rate * t) - p * product / rate * sinh(rate * t)
      // int a dt, which w moves along.
      let integral =
        before[0] * sinh(rate * t) / rate - p * product / (rate * rate) * (cosh(rate * t) - 1)
      let w = (0..<3).map { before[1 + $0] - r * v[$0] * integral }
      #expect(largestDifference(after, [a] + w) < 1e-9)
    }
  }

  /// Particles too large for their precision diverge at once, and nothing else happens.
  @Test func overflowIsADivergence() {
    let configuration = settings(.linear, problem: smallProblem(), loss: .logistic)
    let run = MeasureLimit(
      particles: 64, replicates: 2,
      law: InitialLaw(
        shape: .gaussian, inputDimension: 3, outputWeightDeviation: 1e20,
        inputWeightDeviation: 1e20), design: .independent, seed: 5, settings: configuration,
      basis: ownCoordinates(configuration), flowTolerance: 1e-5
    ).run(in: Float.self, workers: Workers(count: 1))
    #expect(run.divergedAtStep == [0])
    #expect(run.integration?.accepted == 0)
    #expect(run.testLogits.allSatisfy { $0.isNaN })
  }
}
