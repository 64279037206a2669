import Dynamics
import Foundation
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing
import TimeIntegration

@Suite struct KernelFlowTests {
  let problem = smallProblem()
  static let finite = TrainingRule(start: .staysFinite, later: .staysFinite, offset: .always)

  func settings(
    _ loss: Loss, steps: Int = 12, refinement: Int = 1, problem: LearningProblem? = nil
  ) -> TrainingSettings {
    TrainingSettings(
      problem: problem ?? self.problem,
      architecture: Architecture(activation: .relu, hasBias: false), loss: loss,
      step: ParticleStep(logitScale: 1, outputStep: 1, inputStep: 1), steps: steps * refinement,
      recorded: .every(refinement), probes: 2)
  }

  /// exp(-|x - y|^2) is positive definite.
  func kernel(strength: Double) -> TangentKernelMatrices {
    func entry(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>) -> Double {
      strength * exp(-zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) })
    }
    func matrix(_ other: Matrix<Double>) -> Matrix<Double> {
      Matrix(
        rows: 20, columns: other.rows,
        elements: (0..<20).flatMap { i in
          (0..<other.rows).map { entry(problem.trainingInputs.row(i), other.row($0)) }
        })
    }
    return TangentKernelMatrices(
      trainingTraining: matrix(problem.trainingInputs), trainingTest: matrix(problem.testInputs),
      probeDiagonal: [strength, strength])
  }

  func functions(_ realizations: Int, outputs: Int = 1) -> (
    training: [[Double]], test: [[Double]]
  ) {
    let stream = RandomStream(seed: 4, stream: .syntheticData)
    return (
      (0..<realizations).map { stream.normals(20 * outputs, particle: $0) },
      (0..<realizations).map { stream.normals(15 * outputs, particle: 1000 + $0) }
    )
  }

  func run(
    _ settings: TrainingSettings, _ kernels: [TangentKernelMatrices],
    rule: TrainingRule = finite, initial: (training: [[Double]], test: [[Double]])?,
    tolerance: Double?
  ) -> Trajectory {
    KernelLimit(
      kernels: kernels, settings: settings, rule: rule, initialFunctions: initial,
      flowTolerance: tolerance
    ).run()
  }

  /// Squared loss: f - y = exp(-K k / n) (f_0 - y) on the training points, and on others, with the
  /// eigenvectors v and eigenvalues l of K, f = f_0 - sum_v K(x, .) v (1 - exp(-l k / n)) / l v.(f_0 - y).
  @Test func squaredLossDecaysInTheEigenbasis() throws {
    let strength = 3.0
    let matrices = kernel(strength: strength)
    let initial = functions(2)
    let steps = 12
    let trajectory = run(settings(.squared), [matrices], initial: initial, tolerance: 1e-11)
    let eigen = try #require(SymmetricEigen(matrices.trainingTraining))
    #expect(eigen.values.allSatisfy { $0 > 1e-6 })
    for member in 0..<2 {
      let gap = zip(initial.training[member], problem.trainingLabels).map { $0 - $1 }
      for step in 0...steps {
        var training = problem.trainingLabels
        var test = initial.test[member]
        for (number, value) in eigen.values.enumerated() {
          let vector = Array(eigen.vectors.row(number))
          let share = zip(vector, gap).reduce(0) { $0 + $1.0 * $1.1 }
          let decay = exp(-value * Double(step) / 20)
          for i in 0..<20 { training[i] += decay * share * vector[i] }
          for j in 0..<15 {
            let image = (0..<20).reduce(0) { $0 + matrices.trainingTest[$1, j] * vector[$1] }
            test[j] -= image * (1 - decay) / value * share
          }
        }
        let row = member * (steps + 1) + step
        #expect(
          largestDifference(
            Array(trajectory.trainingLogits[(row * 20)..<((row + 1) * 20)]), training) < 1e-9)
        #expect(
          largestDifference(Array(trajectory.testLogits[(row * 15)..<((row + 1) * 15)]), test)
            < 1e-9)
      }
    }
    #expect(trajectory.testLogitsError == Array(repeating: 0, count: steps + 1))
    #expect(trajectory.tangentKernelDiagonal.allSatisfy { $0 == strength })
  }

  /// Several kernels, realizations and outputs at once.
  @Test(arguments: [Loss.logistic, .softmax]) func trainingStepsConvergeAtFirstOrder(loss: Loss) {
    let problem = loss == .softmax ? smallProblemOfThreeClasses() : self.problem
    let initial = functions(3, outputs: problem.outputs)
    let flow = run(
      settings(loss, problem: problem), [kernel(strength: 4), kernel(strength: 6)],
      initial: initial, tolerance: 1e-10)
    let refinements = [8, 16, 32]
    let errors = refinements.map { refinement in
      let size = 1 / Double(refinement)
      let steps = run(
        settings(loss, refinement: refinement, problem: problem),
        [kernel(strength: 4 * size), kernel(strength: 6 * size)], initial: initial, tolerance: nil)
      #expect(steps.integration == nil)
      return max(
        largestDifference(steps.testLogits, flow.testLogits),
        largestDifference(steps.testLogitsError, flow.testLogitsError))
    }
    let order = -logLogSlope(refinements.map(Double.init), errors)
    #expect(abs(order - 1) < 0.1, "\(order), \(errors)")
    #expect(flow.testLogitsError.last! > 0.01)
  }

  /// Where logits vanish with the width the gradient is constant: the flow is a straight line, on which
  /// training steps lie.
  @Test func aConstantGradientMakesAStraightLine() {
    let rule = TrainingRule(start: .vanishes, later: .vanishes, offset: .always)
    let initial = functions(2)
    let flow = run(
      settings(.logistic), [kernel(strength: 3)], rule: rule, initial: initial, tolerance: 1e-9)
    let steps = run(
      settings(.logistic), [kernel(strength: 3)], rule: rule, initial: initial, tolerance: nil)
    #expect(largestDifference(flow.testLogits, steps.testLogits) < 1e-13)
    #expect(largestDifference(flow.trainingLogits, steps.trainingLogits) < 1e-13)
    #expect(flow.lossGradient == steps.lossGradient)
    #expect(flow.integration!.accepted <= 8)
  }

  @Test func onlyGradientsThatDoNotJumpFlow() {
    func rule(_ later: PowerOfWidth, _ offset: TrainingRule.OffsetUse) -> TrainingRule {
      TrainingRule(start: .staysFinite, later: later, offset: offset)
    }
    #expect(TrainingRule.plain.allowsFlow && Self.finite.allowsFlow)
    #expect(rule(.vanishes, .always).allowsFlow)
    #expect(!rule(.diverges, .always).allowsFlow && !rule(.diverges, .never).allowsFlow)
    #expect(!rule(.diverges, .atStart).allowsFlow)
  }
}
