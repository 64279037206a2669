import Dynamics
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

@Suite struct KernelLimitTests {
  let problem = smallProblem()

  func settings(
    loss: Loss = .logistic, steps: Int = 12, batches: BatchSchedule = .full,
    problem: LearningProblem? = nil, update: ParticleUpdate = .gradient
  ) -> TrainingSettings {
    TrainingSettings(
      problem: problem ?? self.problem,
      architecture: Architecture(activation: .relu, hasBias: false), loss: loss,
      step: ParticleStep(logitScale: 1, outputStep: 1, inputStep: 1, update: update), steps: steps,
      batches: batches, probes: 2)
  }

  /// Any positive semi-definite kernel will do: linear and squared inner products.
  func entry(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>, _ strength: Double) -> Double {
    let inner = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    return strength * (inner + 0.3 * inner * inner)
  }

  func kernel(strength: Double) -> TangentKernelMatrices {
    func matrix(_ other: Matrix<Double>) -> Matrix<Double> {
      Matrix(
        rows: 20, columns: other.rows,
        elements: (0..<20).flatMap { i in
          (0..<other.rows).map {
            entry(problem.trainingInputs.row(i), other.row($0), strength)
          }
        })
    }
    return TangentKernelMatrices(
      trainingTraining: matrix(problem.trainingInputs), trainingTest: matrix(problem.testInputs),
      probeDiagonal: (0..<2).map {
        entry(problem.testInputs.row($0), problem.testInputs.row($0), strength)
      })
  }

  func functions(_ realizations: Int) -> (training: [[Double]], test: [[Double]]) {
    let stream = RandomStream(seed: 4, stream: .syntheticData)
    return (
      (0..<realizations).map { stream.normals(20, particle: $0) },
      (0..<realizations).map { stream.normals(15, particle: 1000 + $0) }
    )
  }

  /// The equation as it is written, entry by entry.
  func plain(
    strength: Double, _ settings: TrainingSettings, _ rule: TrainingRule, _ training0: [Double],
    _ test0: [Double]
  ) -> (training: [[Double]], test: [[Double]]) {
    var f = [Double](repeating: 0, count: 20)
    var t = [Double](repeating: 0, count: 15)
    var training: [[Double]] = []
    var test: [[Double]] = []
    for step in 0...settings.steps {
      let adds = rule.offset == .always || rule.offset == .atStart && step == 0
      let shown = adds ? zip(f, training0).map { $0 + $1 } : f
      training.append(shown)
      test.append(adds ? zip(t, test0).map { $0 + $1 } : t)
      let batch = settings.batches.indices(update: step, points: 20) ?? Array(0..<20)
      for i in batch {
        let g =
          settings.loss.derivative(
            label: problem.trainingLabels[i], logit: shown[i],
            magnitude: step == 0 ? rule.start : rule.later) / Double(batch.count)
        let x = problem.trainingInputs.row(i)
        for j in 0..<20 { f[j] -= g * entry(problem.trainingInputs.row(j), x, strength) }
        for j in 0..<15 { t[j] -= g * entry(problem.testInputs.row(j), x, strength) }
      }
    }
    return (training, test)
  }

  static let rules: [TrainingRule] = [
    .plain, TrainingRule(start: .staysFinite, later: .staysFinite, offset: .always),
    TrainingRule(start: .staysFinite, later: .diverges, offset: .atStart),
    TrainingRule(start: .diverges, later: .diverges, offset: .always),
    TrainingRule(start: .vanishes, later: .vanishes, offset: .always),
    TrainingRule(start: .vanishes, later: .diverges, offset: .never),
  ]

  @Test(arguments: rules, [BatchSchedule.full, .batches(size: 7, shuffleSeed: 1)])
  func matchesTheDirectLoop(rule: TrainingRule, batches: BatchSchedule) {
    let settings = settings(batches: batches)
    let realizations = rule.offset == .never ? 1 : 3
    let initial = functions(realizations)
    let trajectory = KernelLimit(
      kernels: [kernel(strength: 0.5)], settings: settings, rule: rule,
      initialFunctions: rule.offset == .never ? nil : initial
    ).run()
    #expect(trajectory.members == realizations)
    #expect(trajectory.testLogitsError == Array(repeating: 0, count: 13))
    for member in 0..<realizations {
      let expected = plain(
        strength: 0.5, settings, rule, initial.training[member], initial.test[member])
      let rows = (0..<13).map { member * 13 + $0 }
      #expect(
        largestDifference(
          rows.flatMap { Array(trajectory.trainingLogits[($0 * 20)..<(($0 + 1) * 20)]) },
          expected.training.flatMap { $0 }) < 1e-12)
      #expect(
        largestDifference(
          rows.flatMap { Array(trajectory.testLogits[($0 * 15)..<(($0 + 1) * 15)]) },
          expected.test.flatMap { $0 }) < 1e-12)
    }
    let diagonal = kernel(strength: 0.5).probeDiagonal
    #expect(Array(trajectory.tangentKernelDiagonal[..<2]) == diagonal)
  }

  /// Squared loss in closed form: f_k - y = (1 - K/n)^k (f_0 - y).
  @Test func squaredLossFollowsThePowersOfTheStepMatrix() {
    let settings = settings(loss: .squared, steps: 9)
    let initial = functions(1)
    let matrices = kernel(strength: 0.4)
    let trajectory = KernelLimit(
      kernels: [matrices], settings: settings,
      rule: TrainingRule(start: .staysFinite, later: .staysFinite, offset: .always),
      initialFunctions: initial
    ).run()
    var power = (0..<20).map { i in (0..<20).map { $0 == i ? 1.0 : 0 } }
    for _ in 0..<9 {
      power = power.map { row in
        (0..<20).map { j in
          (0..<20).reduce(0.0) { sum, k in
            sum + row[k] * ((k == j ? 1 : 0) - matrices.trainingTraining[k, j] / 20)
          }
        }
      }
    }
    let expected = (0..<20).map { i in
      (0..<20).reduce(problem.trainingLabels[i]) { sum, j in
        sum + power[i][j] * (initial.training[0][j] - problem.trainingLabels[j])
      }
    }
    #expect(
      largestDifference(Array(trajectory.trainingLogits[(9 * 20)...]), expected) < 1e-12)
  }

  /// As the learning rate goes to zero at fixed time the steps follow the gradient flow,
  /// f(T) - y = exp(-T K / n) (f_0 - y), the exponential by its Taylor series; the measured order of
  /// the steps is 1.
  @Test func squaredLossApproachesTheMatrixExponentialToFirstOrder() {
    let initial = functions(1)
    let start = zip(initial.training[0], problem.trainingLabels).map { $0 - $1 }
    let matrix = kernel(strength: 0.4).trainingTraining
    var term = start
    var flow = start
    for order in 1...80 {
      term = (0..<20).map { i in
        (0..<20).reduce(0.0) { $0 - matrix[i, $1] * term[$1] } / (20 * Double(order))
      }
      for i in 0..<20 { flow[i] += term[i] }
    }
    let counts = [32, 64, 128, 256]
    let gaps = counts.map { count in
      let trajectory = KernelLimit(
        kernels: [kernel(strength: 0.4 / Double(count))],
        settings: settings(loss: .squared, steps: count),
        rule: TrainingRule(start: .staysFinite, later: .staysFinite, offset: .always),
        initialFunctions: initial
      ).run()
      let end = (0..<20).map {
        trajectory.trainingLogits[count * 20 + $0] - problem.trainingLabels[$0]
      }
      return largestDifference(end, flow)
    }
    #expect(abs(logLogSlope(counts.map { Double($0) }, gaps) + 1) < 0.1)
  }

  /// Several estimates of the kernel: their mean is reported, and their spread as the error.
  @Test func estimatesOfTheKernelGiveTheErrorOfTheirMean() {
    let settings = settings(steps: 4)
    let rule = TrainingRule(start: .staysFinite, later: .staysFinite, offset: .always)
    let initial = functions(2)
    let strengths = [0.4, 0.5, 0.7]
    let trajectory = KernelLimit(
      kernels: strengths.map { kernel(strength: $0) }, settings: settings, rule: rule,
      initialFunctions: initial
    ).run()
    var squares = 0.0
    for member in 0..<2 {
      let runs = strengths.map {
        plain(strength: $0, settings, rule, initial.training[member], initial.test[member]).test[4]
      }
      for t in 0..<15 {
        let values = runs.map { $0[t] }
        let mean = values.reduce(0, +) / 3
        #expect(abs(trajectory.testLogits[(member * 5 + 4) * 15 + t] - mean) < 1e-12)
        squares += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 6
      }
    }
    #expect(abs(trajectory.testLogitsError[4] - (squares / 30).squareRoot()) < 1e-12)
  }
}
