import Dynamics
import Execution
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

/// Fresh particles in the field of a solved limit.
@Suite struct DrivenParticlesTests {
  static let law = InitialLaw(shape: .gaussian, inputDimension: 3)

  func settings(
    _ problem: LearningProblem = smallProblem(), _ activation: Activation = .leakyReLU(slope: 0.1),
    loss: Loss = .logistic, optimizer: Optimizer = .gradientDescent, batches: BatchSchedule = .full,
    steps: Int = 10
  ) -> TrainingSettings {
    var isNormalized = false
    if case .rmsProp = optimizer { isNormalized = true }
    return TrainingSettings(
      problem: problem, architecture: Architecture(activation: activation, hasBias: false),
      loss: loss,
      step: .meanFieldLimit(
        of: ReferenceNetwork(
          width: 16, learningRate: isNormalized ? 0.01 : 0.1, optimizer: optimizer)),
      steps: steps, batches: batches, recorded: .every(2), probes: isNormalized ? 0 : 3,
      snapshots: [0, steps])
  }

  func run(
    _ settings: TrainingSettings, particles: Int, replicates: Int = 8, design: String = "sobol",
    seed: UInt64 = 1, representation: MeasureLimit.Representation? = nil
  ) -> MeasureLimit {
    MeasureLimit(
      particles: particles, replicates: replicates, law: Self.law,
      design: SampleDesign(name: design)!, seed: seed, settings: settings,
      basis: ownCoordinates(settings), representation: representation)
  }

  func driven(
    by trajectory: Trajectory, _ settings: TrainingSettings, particles: Int, replicates: Int = 8,
    design: String = "sobol", seed: UInt64 = 1,
    representation: MeasureLimit.Representation? = nil,
    firstRandomization: Int = DrivenParticles.firstRandomization
  ) -> DrivenParticles {
    DrivenParticles(
      fields: [DrivingField(trajectory)], particles: particles, replicates: replicates,
      law: Self.law,
      design: SampleDesign(name: design)!, seed: seed, settings: settings,
      basis: ownCoordinates(settings), representation: representation,
      firstRandomization: firstRandomization, workers: Workers(count: 2))
  }

  /// What a run hands out at its snapshots, all particles in order.
  struct Shots: Equatable {
    var a: [Int: [Double]] = [:]
    var w: [Int: [Double]] = [:]

    mutating func add(_ step: Int, _ first: Int, _ store: any ParticleStore<Double>) {
      store.forEachPart { number, outputWeights, inputWeights in
        let outputs = outputWeights.count / (inputWeights.count / 3)
        #expect(a[step, default: []].count == (first + number) * outputs)
        a[step, default: []] += outputWeights
        w[step, default: []] += inputWeights
      }
    }
  }

  struct Case: Sendable {
    var design = "independent"
    var outputs = 1
    var activation = Activation.leakyReLU(slope: 0.1)
    var optimizer = Optimizer.gradientDescent
    var batches = BatchSchedule.full
    var representation = MeasureLimit.Representation.direct
  }

  /// The very particles of a run, in its own field, take the same paths and make the same functions;
  /// more of them than are in memory together.
  @Test(arguments: [
    Case(), Case(design: "sobol+moments", batches: .batches(size: 8, shuffleSeed: 3)),
    Case(design: "antithetic+moments", activation: .tanh, optimizer: .momentum(0.9)),
    Case(design: "sobol+radius", representation: .preactivations),
    Case(
      outputs: 3, activation: .tanh, batches: .batches(size: 8, shuffleSeed: nil),
      representation: .preactivations),
    Case(outputs: 3, optimizer: .rmsProp(smoothing: 0.9, epsilon: 1e-4)),
  ]) func particlesOfTheRunRepeatIt(_ setting: Case) {
    let settings = settings(
      setting.outputs == 1 ? smallProblem() : smallProblemOfThreeClasses(), setting.activation,
      loss: setting.outputs == 1 ? .logistic : .softmax, optimizer: setting.optimizer,
      batches: setting.batches)
    let particles = 33_000
    let solved = run(
      settings, particles: particles, replicates: 1, design: setting.design,
      representation: setting.representation)
    var shots = Shots()
    let truth = solved.run(
      in: Double.self, workers: Workers(count: 2), snapshot: { shots.add($0, 0, $1) })
    let pushed = driven(
      by: truth, settings, particles: particles, replicates: 1, design: setting.design,
      representation: setting.representation, firstRandomization: 0)
    #expect(pushed.particlesAtOnce < particles)
    var pushedShots = Shots()
    let result = pushed.run(
      in: Double.self, workers: Workers(count: 2), snapshot: { pushedShots.add($0, $1, $2) })
    for step in [0, 10] {
      #expect(largestDifference(pushedShots.a[step]!, shots.a[step]!) < 1e-12)
      #expect(largestDifference(pushedShots.w[step]!, shots.w[step]!) < 1e-12)
    }
    #expect(largestDifference(shots.a[10]!, shots.a[0]!) > 0.01)
    #expect(result.steps == truth.steps && result.lossGradient == truth.lossGradient)
    for values in [
      \Trajectory.trainingLogits, \.testLogits, \.trainingLoss, \.testLoss, \.trainingAccuracy,
      \.testAccuracy, \.tangentKernelDiagonal,
    ] {
      #expect(
        largestDifference(result[keyPath: values], truth[keyPath: values]) < 1e-12, "\(values)")
    }
  }

  /// Root mean square over the points of the last step of gap / stated errors of both.
  func score(_ one: Trajectory, _ other: Trajectory) -> Double {
    let first = (one.steps.count - 1) * one.testPoints
    var sum = 0.0
    for i in first..<(first + one.testPoints) {
      let gap = one.testLogits[i] - other.testLogits[i]
      let (a, b) = (one.testLogitsStandardError[i], other.testLogitsStandardError[i])
      sum += gap * gap / (a * a + b * b)
    }
    return (sum / Double(one.testPoints)).squareRoot()
  }

  /// In the field of a large run fresh particles make the run's function within the errors of both,
  /// with the same seed and with others, and are other particles.
  @Test func freshParticlesMakeTheFunctionOfTheRun() {
    let settings = settings()
    var squares = 0.0
    for seed in UInt64(1)...6 {
      let truth = run(settings, particles: 32_768, seed: seed)
        .run(in: Double.self, workers: Workers(count: 2))
      let fresh = driven(
        by: truth, settings, particles: 16_384, seed: seed % 2 == 0 ? seed : seed + 100
      ).run(in: Double.self, workers: Workers(count: 2))
      #expect(fresh.testLogits.prefix(15).allSatisfy { $0 == 0 })
      #expect(fresh.testLogits != truth.testLogits)
      let score = score(fresh, truth)
      #expect(score < 4)
      squares += score * score / 6
    }
    #expect(squares.squareRoot() > 0.3 && squares.squareRoot() < 2)
  }

  /// With the field given, the stated error is the error made: over 60 seeds their ratio to a sample of
  /// many more particles has a root mean square near one.
  @Test(arguments: ["independent", "sobol+moments"]) func statedErrorIsTheErrorMade(
    design: String
  ) {
    let settings = settings()
    let solved = run(settings, particles: 8192).run(in: Double.self, workers: Workers(count: 2))
    let truth = driven(by: solved, settings, particles: 262_144, seed: 1000)
      .run(in: Float.self, workers: Workers(count: 2))
    var made = 0.0
    var stated = 0.0
    for seed in UInt64(1)...60 {
      let fresh = driven(by: solved, settings, particles: 1024, design: design, seed: seed)
        .run(in: Double.self, workers: Workers(count: 2))
      for t in 0..<15 {
        let gap = fresh.testLogits[5 * 15 + t] - truth.testLogits[5 * 15 + t]
        made += gap * gap / 15
      }
      stated += fresh.testLogitsError[5] * fresh.testLogitsError[5]
    }
    let ratio = (made / stated).squareRoot()
    #expect(ratio > 0.8 && ratio < 1.25, "\(ratio)")
  }

  /// Predictions at new test points are those of a run that had them from the start.
  @Test func newTestPointsNeedNoNewRun() {
    let problem = smallProblem()
    var narrow = settings()
    narrow.problem = LearningProblem(
      trainingInputs: problem.trainingInputs, trainingLabels: problem.trainingLabels,
      testInputs: Matrix(rows: 1, columns: 3, elements: [1, 2, 3]), testLabels: [1],
      task: problem.task)
    narrow.probes = 1
    let field = run(narrow, particles: 32_768, seed: 3)
      .run(in: Double.self, workers: Workers(count: 2))
    let settings = settings(problem)
    let truth = run(settings, particles: 32_768, seed: 4)
      .run(in: Double.self, workers: Workers(count: 2))
    let fresh = driven(by: field, settings, particles: 32_768)
      .run(in: Double.self, workers: Workers(count: 2))
    #expect(score(fresh, truth) < 2.5)
    #expect(largestDifference(fresh.testLogits, truth.testLogits) < 0.01)
    #expect(truth.testLogits.contains { abs($0) > 0.2 })
  }

  @Test func theSameBitsForAnyNumberOfThreads() {
    let settings = settings()
    let solved = run(settings, particles: 4096).run(in: Float.self, workers: Workers(count: 1))
    let pushed = driven(by: solved, settings, particles: 70_000, replicates: 2)
    #expect(pushed.particlesAtOnce < 35_000)
    #expect(
      pushed.run(in: Float.self, workers: Workers(count: 1))
        == pushed.run(in: Float.self, workers: Workers(count: 3)))
  }

  @Test func progressCountsParticles() {
    let settings = settings()
    let solved = run(settings, particles: 64).run(in: Double.self, workers: Workers(count: 1))
    var counts: [Int] = []
    _ = driven(by: solved, settings, particles: 64, replicates: 2)
      .run(in: Double.self, workers: Workers(count: 1), progress: { counts.append($0) })
    #expect(counts == counts.sorted() && counts.first == 0 && counts.last == 64)
  }

  @Test func divergenceIsRecorded() {
    var settings = settings(steps: 4)
    settings.step = .meanFieldLimit(of: ReferenceNetwork(width: 16, learningRate: 0.1))
    let solved = run(settings, particles: 64).run(in: Float.self, workers: Workers(count: 1))
    settings.step = .meanFieldLimit(of: ReferenceNetwork(width: 16, learningRate: 1e30))
    let result = driven(by: solved, settings, particles: 64)
      .run(in: Float.self, workers: Workers(count: 1))
    #expect(result.divergedAtStep[0] != nil)
    #expect(result.testLoss[0].isFinite && result.testLoss.last!.isNaN)
  }
}
