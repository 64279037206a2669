import Dynamics
import Execution
import FiniteWidth
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

@Suite struct MeasureLimitTests {
  let reference = ReferenceNetwork(width: 16, learningRate: 0.1)

  func settings(
    _ activation: Activation = .leakyReLU(slope: 0.1), loss: Loss = .logistic, steps: Int = 10,
    step: ParticleStep? = nil
  ) -> TrainingSettings {
    TrainingSettings(
      problem: smallProblem(), architecture: Architecture(activation: activation, hasBias: false),
      loss: loss, step: step ?? .meanFieldLimit(of: reference), steps: steps, probes: 3,
      snapshots: [0, steps])
  }

  @Test(arguments: [Activation.leakyReLU(slope: 0.1), .tanh]) func initialLogitsVanishExactly(
    activation: Activation
  ) {
    let workers = Workers(count: 2)
    let run = smallLimit(particles: 1100, replicates: 2, settings(activation, steps: 1))
    for trajectory in [
      run.run(in: Float.self, workers: workers), run.run(in: Double.self, workers: workers),
    ] {
      #expect(trajectory.testLogits[..<15].allSatisfy { $0 == 0 })
      #expect(trajectory.trainingLogits[..<20].allSatisfy { $0 == 0 })
      #expect(trajectory.testLogitsError[0] == 0)
      #expect(trajectory.testLogits[15...].allSatisfy { $0 != 0 })
    }
  }

  /// A mean-field network of width d *is* a measure of d particles: with the draws of one, both give
  /// the same logits to rounding.
  @Test func aNetworkOfWidthDIsAMeasureOfDParticles() {
    let width = 40
    let measure = smallLimit(particles: width, seed: 7, design: .independent, settings())
      .run(in: Double.self, workers: Workers(count: 1))
    let network = networkOfLimitDraws(
      width: width, seed: 7, law: InitialLaw(shape: .gaussian, inputDimension: 3),
      settings: settings(
        step: .network(width: width, scaling: .meanField, reference: reference)))
    #expect(largestDifference(measure.testLogits, network.testLogits) < 1e-13)
    #expect(measure.testLogits.contains { abs($0) > 0.05 })
  }

  /// Linear activation by matrix algebra: u = s E[a w] moves by
  /// u <- u - s E[(a, w) increments], which closes in M = E[w w^T], u and q = E[a^2]:
  /// with v = sum_i g_i x_i, a' = a - p w.v and w' = w - r a v (p, r the two steps),
  ///   E[a'w'] = E[aw] - r q v - p M v + p r v (v . E[aw])
  ///   q' = q - 2 p v.E[aw] + p^2 v.M v;  M' = M - r (E[aw] v^T + v E[aw]^T) + r^2 q v v^T.
  @Test(arguments: [Loss.logistic, .squared]) func linearActivationIsMatrixAlgebra(loss: Loss) {
    let configuration = settings(.linear, loss: loss, steps: 6)
    let run = smallLimit(particles: 64, configuration)
    let trajectory = run.run(in: Double.self, workers: Workers(count: 2))

    var a = [Double](repeating: 0, count: 64)
    var w = [Double](repeating: 0, count: 64 * 3)
    run.sources(workers: Workers(count: 1))[0]
      .fill(first: 0, count: 64, outputWeights: &a, inputWeights: &w)
    var aw = [0.0, 0.0, 0.0]
    var second = [[Double]](repeating: [0, 0, 0], count: 3)
    var q = 0.0
    for r in 0..<64 {
      q += a[r] * a[r] / 64
      for i in 0..<3 {
        aw[i] += a[r] * w[3 * r + i] / 64
        for j in 0..<3 { second[i][j] += w[3 * r + i] * w[3 * r + j] / 64 }
      }
    }
    let step = configuration.step
    let (p, r) = (step.outputStep, step.inputStep)
    let inputs = configuration.problem.trainingInputs
    func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
    for k in 0...6 {
      let logits = (0..<20).map { step.logitScale * dot(aw, Array(inputs.row($0))) }
      #expect(
        largestDifference(Array(trajectory.trainingLogits[(20 * k)..<(20 * k + 20)]), logits)
          < 1e-13)
      var v = [0.0, 0.0, 0.0]
      for i in 0..<20 {
        let g =
          loss.derivative(label: configuration.problem.trainingLabels[i], logit: logits[i]) / 20
        for j in 0..<3 { v[j] += g * inputs[i, j] }
      }
      let mv = second.map { dot($0, v) }
      let overlap = dot(v, aw)
      let oldAw = aw
      let oldQ = q
      for i in 0..<3 { aw[i] += -r * q * v[i] - p * mv[i] + p * r * v[i] * overlap }
      q += -2 * p * overlap + p * p * dot(v, mv)
      for i in 0..<3 {
        for j in 0..<3 {
          second[i][j] += -r * (oldAw[i] * v[j] + v[i] * oldAw[j]) + r * r * oldQ * v[i] * v[j]
        }
      }
    }
  }

  /// One step of the limit is the tangent-kernel step but for O(eta^2): the kernel comes from a plain
  /// sum over the particles; the measured order must be 2.
  @Test func oneStepIsTheTangentKernelStepToSecondOrder() {
    let rates = [0.2, 0.1, 0.05, 0.025]
    var gaps: [Double] = []
    for rate in rates {
      let step = ParticleStep.meanFieldLimit(of: ReferenceNetwork(width: 16, learningRate: rate))
      let configuration = settings(.tanh, steps: 1, step: step)
      let run = smallLimit(particles: 32, design: .independent, configuration)
      let trajectory = run.run(in: Double.self, workers: Workers(count: 1))
      var a = [Double](repeating: 0, count: 32)
      var w = [Double](repeating: 0, count: 32 * 3)
      run.sources(workers: Workers(count: 1))[0]
        .fill(first: 0, count: 32, outputWeights: &a, inputWeights: &w)
      let phi = Activation.tanh
      func kernel(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>) -> Double {
        var sum = 0.0
        let inner = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
        for r in 0..<32 {
          let row = w[(3 * r)..<(3 * r + 3)]
          let u = zip(row, x).reduce(0) { $0 + $1.0 * $1.1 }
          let v = zip(row, y).reduce(0) { $0 + $1.0 * $1.1 }
          // eta d* phi phi + eta sigma*^2 d* a^2 phi' phi' x.y, with sigma*^2 d* = 1.
          sum += rate * 16 * phi.value(u) * phi.value(v)
          sum += rate * a[r] * a[r] * phi.derivative(u) * phi.derivative(v) * inner
        }
        return sum / 32
      }
      let problem = configuration.problem
      var gap = 0.0
      for t in 0..<15 {
        var predicted = trajectory.testLogits[t]
        for i in 0..<20 {
          predicted -=
            kernel(problem.testInputs.row(t), problem.trainingInputs.row(i))
            * trajectory.lossGradient[i]
        }
        gap = max(gap, abs(trajectory.testLogits[15 + t] - predicted))
      }
      gaps.append(gap)
    }
    #expect(abs(logLogSlope(rates, gaps) - 2) < 0.1)
  }

  /// Means over seeds of networks of growing width approach the limit: the RMS gap of one network
  /// falls like d^{-1/2}.
  @Test func networksApproachTheLimitAtTheRateOfTheirFluctuations() {
    let workers = Workers(count: 2)
    let target = smallLimit(particles: 65536, replicates: 4, settings())
      .run(in: Double.self, workers: workers)
    let widths = [32, 128, 512, 2048]
    let gaps = gapsToLimit(target, widths: widths, reference: reference) { settings(step: $0) }
    #expect(abs(logLogSlope(widths.map { Double($0) }, gaps) + 0.5) < 0.12)
    #expect(target.testLogitsError[10] < gaps[3] / 2)
  }

  /// The stated error against the truth (a run of many more particles): over 60 seeds their ratio has
  /// a root mean square near one.
  @Test func statedErrorIsTheErrorMade() {
    let workers = Workers(count: 2)
    let truth = smallLimit(particles: 131_072, replicates: 4, seed: 1000, settings())
      .run(in: Double.self, workers: workers)
    var made = 0.0
    var stated = 0.0
    for seed in 1...60 {
      let run = smallLimit(particles: 2048, replicates: 4, seed: UInt64(seed), settings())
        .run(in: Double.self, workers: workers)
      for t in 0..<15 {
        let gap = run.testLogits[10 * 15 + t] - truth.testLogits[10 * 15 + t]
        made += gap * gap / 15
      }
      stated += run.testLogitsError[10] * run.testLogitsError[10]
    }
    let ratio = (made / stated).squareRoot()
    #expect(ratio > 0.8 && ratio < 1.25)
  }

  @Test func snapshotsHoldTheMeasureThatMakesTheLogits() throws {
    let configuration = settings()
    var shots: [Int: (a: [Double], w: [Double])] = [:]
    let trajectory = smallLimit(particles: 600, replicates: 2, configuration).run(
      in: Double.self, workers: Workers(count: 2),
      snapshot: { step, measure in
        var a: [Double] = []
        var w: [Double] = []
        measure.forEachPart { first, outputWeights, inputWeights in
          #expect(first == a.count)
          a += outputWeights
          w += inputWeights
        }
        shots[step] = (a, w)
      })
    #expect(shots.keys.sorted() == [0, 10])
    let last = try #require(shots[10])
    let problem = configuration.problem
    for t in 0..<15 {
      var sum = 0.0
      for r in 0..<600 {
        let z = (0..<3).reduce(0) { $0 + last.w[3 * r + $1] * problem.testInputs[t, $1] }
        sum += last.a[r] * (z >= 0 ? z : 0.1 * z)
      }
      #expect(abs(4 * sum / 600 - trajectory.testLogits[150 + t]) < 1e-13)
    }
  }

  @Test func divergenceIsRecordedAndEndsTheRun() {
    let step = ParticleStep.meanFieldLimit(of: ReferenceNetwork(width: 16, learningRate: 1e9))
    let trajectory = smallLimit(
      particles: 64, settings(.linear, loss: .squared, steps: 40, step: step)
    ).run(in: Float.self, workers: Workers(count: 1))
    let diverged = trajectory.divergedAtStep[0] ?? -1
    #expect(diverged > 0 && diverged < 40)
    #expect(trajectory.testLoss[diverged - 1].isFinite)
    #expect(trajectory.testLoss[diverged...].allSatisfy { $0.isNaN })
  }
}
