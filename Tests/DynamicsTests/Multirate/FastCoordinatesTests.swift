import Execution
import LinearAlgebra
import Measures
import Networks
import TestSupport
import Testing

@testable import ParticleSystems

/// Particles whose leading coordinates move at every step and the others more rarely.
@Suite struct FastCoordinatesTests {
  static let workers = Workers(count: 2)
  static let steps = 512

  func settings(
    _ activation: Activation, outputs: Int = 1, steps: Int = Self.steps, slowScale: Double = 1
  ) -> TrainingSettings {
    var problem = outputs == 1 ? smallProblem() : smallProblemOfThreeClasses()
    var inputs = problem.trainingInputs
    for i in 0..<inputs.rows { for j in 1..<3 { inputs[i, j] *= slowScale } }
    // Test points are training points, so that weights and preactivations can be compared.
    problem = LearningProblem(
      trainingInputs: inputs, trainingLabels: problem.trainingLabels, testInputs: inputs,
      testLabels: problem.trainingLabels, task: problem.task)
    return TrainingSettings(
      problem: problem, architecture: Architecture(activation: activation, hasBias: false),
      loss: outputs == 1 ? .logistic : .softmax,
      step: .meanFieldLimit(of: ReferenceNetwork(width: 16, learningRate: 0.05)), steps: steps)
  }

  func transport(_ settings: TrainingSettings, _ fast: FastCoordinates?) -> any LogitTransport {
    let source = IndependentParticles(
      InitialSample(
        law: InitialLaw(shape: .gaussian, inputDimension: 3), seed: 5, use: .limit), features: 3,
      outputs: settings.outputs, count: 700)
    let inputs = TransportInputs<Double>(settings)
    return PreactivationTransport(
      PreactivationEnsemble<Double>(
        sources: [source], training: inputs.training, fastCoordinates: fast,
        workers: Self.workers), settings: settings, inputs: inputs, workers: Self.workers)
  }

  func logits(
    _ settings: TrainingSettings, _ fast: FastCoordinates?
  ) -> (training: [Double], test: [Double]) {
    let transport = transport(settings, fast)
    let request = EvaluationRequest(hasNextBatch: false, nextBatch: nil, isRecorded: true)
    var result = transport.advance(by: nil, evaluating: request)
    for step in 0..<settings.steps {
      result = transport.advance(
        by: GradientUpdate(
          batch: nil,
          gradients: [turningGradients(step: step, of: Self.steps, 20 * settings.outputs)]),
        evaluating: request)
    }
    return (result.training[0], result.test[0])
  }

  @Test(arguments: [Activation.tanh, .leakyReLU(slope: 0.1)], [1, 3])
  func movingAtEveryStepIsTheStepItself(activation: Activation, outputs: Int) {
    let settings = settings(activation, outputs: outputs, steps: 40)
    let plain = logits(settings, nil)
    for count in 1...3 {
      let other = logits(settings, FastCoordinates(count: count, slowSteps: 1))
      #expect(largestDifference(plain.training, other.training) < 1e-12)
      #expect(largestDifference(plain.test, other.test) < 1e-12)
    }
    let all = logits(settings, FastCoordinates(count: 3, slowSteps: 8))
    #expect(largestDifference(plain.test, all.test) < 1e-12)
    let slow = logits(settings, FastCoordinates(count: 1, slowSteps: 8))
    #expect(largestDifference(plain.test, slow.test) > 1e-6)
  }

  /// The weights are those that the preactivations belong to, also between two moves.
  @Test(arguments: [1, 3]) func weightsAndPreactivationsAgree(outputs: Int) {
    for steps in [29, 30, 31] {
      let (training, test) = logits(
        settings(.leakyReLU(slope: 0.1), outputs: outputs, steps: steps),
        FastCoordinates(count: 2, slowSteps: 8))
      #expect(largestDifference(training, test) < 1e-12)
    }
  }

  /// A number of steps in the middle of an interval: moves have neither anticipated nor left anything.
  private func middle(_ fast: FastCoordinates) -> Int {
    var move = 0
    while move < 440 { move += fast.interval(at: move) }
    return move + (fast.slowSteps + 1) / 2
  }

  /// The midpoint rule: in the middle of intervals second order in the number of steps that a move stands for,
  /// but for what slow coordinates do to their own moves, which is of the fourth order in their size.
  @Test(arguments: [Activation.tanh, .erf])
  func theErrorIsOfSecondOrder(activation: Activation) {
    let lengths = [9, 17, 33, 65]
    let errors = lengths.map {
      let fast = FastCoordinates(count: 1, slowSteps: $0)
      let settings = settings(activation, steps: middle(fast), slowScale: 0.2)
      return largestDifference(logits(settings, fast).test, logits(settings, nil).test)
    }
    let order = logLogSlope(lengths.map(Double.init), errors)
    #expect((1.7...2.4).contains(order), "\(order) \(errors)")
  }

  @Test func intervalsGrowWithTheRun() {
    let fast = FastCoordinates(count: 1, slowSteps: 16)
    #expect([0, 4, 7, 8, 12, 63, 64, 1000].map(fast.interval) == [1, 1, 1, 2, 3, 15, 16, 16])
    #expect(FastCoordinates(count: 1, slowSteps: 1).moves(inSteps: 9) == 9)
    #expect(fast.moves(inSteps: 0) == 0)
    // At steps 0 to 8, 10, 12, 15, 18, 22, ...
    #expect(fast.moves(inSteps: 16) == 12)
  }

  /// Moves are the gradients so far and those that the last one anticipates.
  @Test func movesAddUpToTheGradients() {
    let fast = FastCoordinates(count: 1, slowSteps: 8)
    var slow = SlowGradients(fast)
    var (moved, total) = (0.0, 0.0)
    var previous = 3.0
    for step in 0..<200 {
      let g = 3 + 0.1 * Double(step)
      defer { previous = g }
      total += g
      if let move = slow.move(with: [[g]]) {
        moved += move[0][0]
        let ahead = Double(fast.interval(at: step) - 1) / 2
        #expect(abs(moved - (total + ahead * (g + previous) / 2)) < 1e-9)
      }
    }
    #expect(abs(moved / total - 1) < 0.05)
  }

  /// Gradients that turn their sign at every step, as at the edge of stability, move slow coordinates no farther than
  /// steps do.
  @Test func turningGradientsAreNotAmplified() {
    var slow = SlowGradients(FastCoordinates(count: 1, slowSteps: 16))
    var moved = 0.0
    for step in 0..<200 {
      guard let move = slow.move(with: [[step % 2 == 0 ? 1 : -1]]) else { continue }
      moved += move[0][0]
      #expect(abs(moved) <= 1)
    }
  }
}
