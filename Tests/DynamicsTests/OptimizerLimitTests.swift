import Dynamics
import Execution
import FiniteWidth
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

/// Momentum and RMSProp in the limits and in networks that approach them.
@Suite struct OptimizerLimitTests {
  let law = InitialLaw(shape: .gaussian, inputDimension: 3)
  let workers = Workers(count: 2)

  /// An epsilon of the order of the gradients, so that a wrong power of the width in it shows.
  static let rmsProp = Optimizer.rmsProp(smoothing: 0.9, epsilon: 0.02)
  static let optimizers: [Optimizer] = [.momentum(0.9), rmsProp]

  func reference(_ optimizer: Optimizer) -> ReferenceNetwork {
    ReferenceNetwork(
      width: 16, learningRate: optimizer.stepSize == .normalized ? 0.005 : 0.1,
      optimizer: optimizer)
  }

  func settings(
    _ optimizer: Optimizer, step: ParticleStep? = nil, steps: Int = 10,
    activation: Activation = .tanh
  ) -> TrainingSettings {
    TrainingSettings(
      problem: smallProblemOfThreeClasses(),
      architecture: Architecture(activation: activation, hasBias: false), loss: .softmax,
      step: step ?? .meanFieldLimit(of: reference(optimizer)), steps: steps)
  }

  func limit(_ optimizer: Optimizer, particles: Int, rule: TrainingRule = .plain) -> Trajectory {
    let settings = settings(optimizer)
    return MeasureLimit(
      particles: particles, replicates: 4, law: law, design: .antithetic, seed: 1,
      settings: settings, basis: ownCoordinates(settings), rule: rule
    ).run(in: Double.self, workers: workers)
  }

  func networks(
    _ optimizer: Optimizer, width: Int, _ scaling: Scaling, seeds: Int = 6
  ) -> Trajectory {
    FiniteNetworks(
      width: width, firstSeed: 1, seeds: seeds, law: law,
      settings: settings(
        optimizer,
        step: .network(width: width, scaling: scaling, reference: reference(optimizer)))
    ).train(in: Double.self, workers: workers)
  }

  /// RMS over seeds, points and outputs of the gap at the last step, the networks' logits divided by
  /// the power of the width that the limit's have lost.
  func gap(_ networks: Trajectory, _ limit: Trajectory, power: Double = 1) -> Double {
    var sum = 0.0
    for seed in 0..<networks.members {
      for t in 0..<45 {
        let gap =
          networks.testLogits[(seed * 11 + 10) * 45 + t] / power
          - limit.testLogits[10 * 45 + t]
        sum += gap * gap
      }
    }
    return (sum / Double(networks.members * 45)).squareRoot()
  }

  /// The same neurons make the same function, whatever the width.
  @Test(arguments: optimizers) func aMeanFieldNetworkIsAMeasure(optimizer: Optimizer) {
    let limitSettings = settings(optimizer)
    let measure = MeasureLimit(
      particles: 40, replicates: 1, law: law, design: .independent, seed: 7,
      settings: limitSettings, basis: ownCoordinates(limitSettings)
    ).run(in: Double.self, workers: workers)
    let network = networkOfLimitDraws(
      width: 40, seed: 7, law: law,
      settings: settings(
        optimizer,
        step: .network(
          width: 40, scaling: .meanField(optimizer.stepSize), reference: reference(optimizer))))
    #expect(largestDifference(measure.testLogits, network.testLogits) < 1e-11)
    #expect(measure.testLogits.contains { abs($0) > 0.05 })
  }

  /// Widths 2^8 to 2^14: the gap to the mean-field limit falls like d^{-1/2}.
  @Test(arguments: optimizers) func networksApproachTheMeanFieldLimit(optimizer: Optimizer) {
    let target = limit(optimizer, particles: 1 << 17)
    let widths = [256, 1024, 4096, 16384]
    let gaps = widths.map {
      gap(networks(optimizer, width: $0, .meanField(optimizer.stepSize)), target)
    }
    #expect(abs(logLogSlope(widths.map { Double($0) }, gaps) + 0.5) < 0.12, "\(gaps)")
    #expect(target.testLogitsError[10] < gaps[3] / 2)
    #expect(target.trainingLoss[10] < 0.9 * target.trainingLoss[0])
  }

  /// Beyond MF: logits vanish like d^{-1/2}, the loss gradient stays that at zero; rescaled logits
  /// approach the limit. The initial logits, of relative size d^{-1/2}, dominate the gap.
  @Test(arguments: optimizers) func networksApproachTheLimitBeyondMeanField(optimizer: Optimizer) {
    let scaling = Scaling(qSigma: -1.5, qEta: 1.5).equivalent(optimizer.stepSize)
    let regime = Regime(scaling, optimizer.stepSize)
    #expect(regime.limit == .beyondMeanField && regime.beta == -0.5)
    let target = limit(optimizer, particles: 1 << 16, rule: TrainingRule(regime))
    let widths = [256, 1024, 4096, 16384]
    let gaps = widths.map {
      gap(
        networks(optimizer, width: $0, scaling), target,
        power: 1 / (Double($0) / 16).squareRoot())
    }
    #expect(abs(logLogSlope(widths.map { Double($0) }, gaps) + 0.5) < 0.15, "\(gaps)")
  }

  /// Between MF and the symmetric default logits diverge like d^{1/4}: softmax approaches the
  /// indicator of the largest logit slowly.
  @Test(arguments: optimizers) func networksApproachALimitOfIndicators(optimizer: Optimizer) {
    let scaling = Scaling(qSigma: -0.75, qEta: 0.75).equivalent(optimizer.stepSize)
    let regime = Regime(scaling, optimizer.stepSize)
    #expect(regime.limit == .betweenMeanFieldAndSymmetricDefault && regime.beta == 0.25)
    let target = limit(optimizer, particles: 1 << 16, rule: TrainingRule(regime))
    let gaps = [256, 4096, 65536].map { (width: Int) -> Double in
      let ratio = (Double(width) / 16).squareRoot().squareRoot()
      return gap(networks(optimizer, width: width, scaling, seeds: 2), target, power: ratio)
    }
    #expect(gaps[1] < 0.8 * gaps[0] && gaps[2] < 0.8 * gaps[1], "\(gaps)")
  }

  /// Momentum zero is gradient descent, in particles and in function space.
  @Test func momentumZeroIsGradientDescent() {
    let plain = limit(.gradientDescent, particles: 64)
    #expect(
      largestDifference(plain.testLogits, limit(.momentum(0), particles: 64).testLogits) < 1e-13)
    #expect(
      largestDifference(plain.testLogits, limit(.momentum(0.5), particles: 64).testLogits) > 0.01)
  }

  /// NTK networks with momentum approach the kernel limit started from their own initial function: the
  /// kernel limit's velocities are those of the parameters.
  @Test func ntkNetworksWithMomentumApproachTheKernelLimit() {
    let optimizer = Optimizer.momentum(0.9)
    let reference = ReferenceNetwork(width: 16, learningRate: 0.02, optimizer: optimizer)
    let widths = [256, 1024, 4096, 16384]
    let gaps = widths.map { width -> Double in
      let nets = FiniteNetworks(
        width: width, firstSeed: 1, seeds: 3, law: law,
        settings: settings(
          optimizer, step: .network(width: width, scaling: .ntk, reference: reference),
          activation: .linear)
      ).train(in: Double.self, workers: workers)
      var sum = 0.0
      for seed in 0..<3 {
        let base = seed * 11
        let start = (
          training: [Array(nets.trainingLogits[(base * 60)..<(base * 60 + 60)])],
          test: [Array(nets.testLogits[(base * 45)..<(base * 45 + 45)])]
        )
        let target = KernelLimit(
          kernels: [kernel(reference)], settings: settings(optimizer),
          rule: TrainingRule(start: .staysFinite, later: .staysFinite, offset: .always),
          initialFunctions: start
        ).run()
        for t in 0..<45 {
          let gap = nets.testLogits[(base + 10) * 45 + t] - target.testLogits[10 * 45 + t]
          sum += gap * gap
        }
      }
      return (sum / 135).squareRoot()
    }
    #expect(abs(logLogSlope(widths.map { Double($0) }, gaps) + 0.5) < 0.15, "\(gaps)")
  }

  /// The tangent kernel of the linear activation, in closed form: E[(w x)(w x')] = s^2 x . x' with the
  /// deviation s of w, and E[a^2] = 1/3, PyTorch's default.
  private func kernel(_ reference: ReferenceNetwork) -> TangentKernelMatrices {
    let problem = smallProblemOfThreeClasses()
    let step = ParticleStep.meanFieldLimit(of: reference)
    let variance = law.inputWeightDeviation * law.inputWeightDeviation
    let factor = step.outputKernelFactor * variance + step.inputKernelFactor / 3
    func matrix(_ columns: Matrix<Double>) -> Matrix<Double> {
      let rows = problem.trainingInputs
      return Matrix(
        rows: rows.rows, columns: columns.rows,
        elements: (0..<rows.rows).flatMap { i in
          (0..<columns.rows).map { j in
            factor * (0..<3).reduce(0) { $0 + rows[i, $1] * columns[j, $1] }
          }
        })
    }
    return TangentKernelMatrices(
      trainingTraining: matrix(problem.trainingInputs), trainingTest: matrix(problem.testInputs),
      probeDiagonal: [])
  }
}
