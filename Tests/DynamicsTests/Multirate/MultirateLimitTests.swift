import Execution
import Kernels
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

@testable import Dynamics

/// Limits by particles of two step sizes.
@Suite struct MultirateLimitTests {
  static let workers = Workers()

  /// - Parameter isControlled: with the exact kernel's control variates.
  func limit(
    _ multirate: Multirate?, particles: Int = 1024, replicates: Int = 8, seed: UInt64 = 1,
    design: SampleDesign = .init(points: .sobol, matchesMoments: true),
    activation: Activation = .leakyReLU(slope: 0.1), problem: LearningProblem = smallProblem(),
    loss: Loss = .logistic, steps: Int = 60, rate: Double = 0.2,
    recorded: RecordedSteps = .every(20),
    isControlled: Bool = true, representation: MeasureLimit.Representation? = nil,
    rule: TrainingRule = .plain,
    initialFunctions: (training: [[Double]], test: [[Double]])? = nil
  ) -> MeasureLimit {
    let reference = ReferenceNetwork(width: 16, learningRate: rate)
    let architecture = Architecture(activation: activation, hasBias: false)
    let law = InitialLaw(shape: .gaussian, inputDimension: 3)
    let settings = TrainingSettings(
      problem: problem, architecture: architecture, loss: loss,
      step: .meanFieldLimit(of: reference), steps: steps, recorded: recorded, probes: 3,
      snapshots: [steps / 3])
    let kernels = InitialKernels(law: law, architecture: architecture, reference: reference)
    let all = Matrix(
      rows: 35, columns: 3,
      elements: problem.trainingInputs.elements + problem.testInputs.elements)
    let matrices = kernels.matrices(
      KernelPoints(problem.trainingInputs, architecture: architecture),
      KernelPoints(all, architecture: architecture), workers: Workers(count: 1))
    let output = matrices.covariance.map { $0 * kernels.outputPerCovariance }
    let input = zip(matrices.tangent.elements, output.elements).map { $0 - $1 }
    return MeasureLimit(
      particles: particles, replicates: replicates, law: law, design: design, seed: seed,
      settings: settings,
      basis: InputBasis(problem, architecture: architecture, span: .trainingInputs), rule: rule,
      representation: representation,
      exactKernel: isControlled
        ? InitialKernelParts(
          output: output,
          input: Matrix(rows: output.rows, columns: output.columns, elements: input)) : nil,
      initialFunctions: initialFunctions, multirate: multirate)
  }

  func run(_ limit: MeasureLimit) -> Trajectory {
    limit.run(in: Double.self, workers: Self.workers)
  }

  /// The numbers of two runs, without what a simulation took.
  func gap(_ a: Trajectory, _ b: Trajectory) -> Double {
    [
      \Trajectory.testLogits, \.trainingLogits, \.tangentKernelDiagonal, \.lossGradient,
      \.testLogitsStandardError, \.testLogitsError, \.testLogitsBias,
    ].map { largestDifference(a[keyPath: $0], b[keyPath: $0]) }.max()!
  }

  @Test(arguments: [true, false], MeasureLimit.Representation.allCases)
  func blocksOfOneStepAreTheStepsThemselves(
    isControlled: Bool, representation: MeasureLimit.Representation
  ) {
    let plain = run(limit(nil, isControlled: isControlled, representation: representation))
    let blocks = run(
      limit(Multirate(.fixed(1)), isControlled: isControlled, representation: representation))
    #expect(gap(plain, blocks) < 1e-11, "\(gap(plain, blocks))")
    #expect(plain.testLoss.last! < 0.8 * plain.testLoss[0])
    let record = blocks.multirate!
    #expect(plain.multirate == nil)
    #expect(record.blocks == Array(repeating: 1, count: 60))
    #expect(record.smallParticles == 256)
    // 60 steps of 1024 and twice 256 particles, and a quarter more for the halves.
    #expect(record.particleSteps == 115_200)
    #expect(record.correction < 1e-12)
  }

  @Test func blocksOfOneStepWithOutputsAndRealizations() {
    func function(_ count: Int, _ period: Int) -> [Double] {
      (0..<count).map { i in Double(i % period) / Double(period) - 0.5 }
    }
    let functions = (
      training: [function(60, 5), function(60, 7)], test: [function(45, 4), function(45, 9)]
    )
    func trajectory(_ multirate: Multirate?) -> Trajectory {
      run(
        limit(
          multirate, particles: 256, replicates: 2, problem: smallProblemOfThreeClasses(),
          loss: .softmax, isControlled: false,
          rule: TrainingRule(.initializationCorrectedMeanField),
          initialFunctions: functions))
    }
    let plain = trajectory(nil)
    #expect(plain.members == 2)
    #expect(gap(plain, trajectory(Multirate(.fixed(1)))) < 1e-11)
    let blocks = gap(plain, trajectory(Multirate(.fixed(4))))
    #expect(blocks > 1e-8 && blocks < 0.1, "\(blocks)")
  }

  /// With the large sample as the small one every step is exact, whatever the blocks.
  @Test func theSameSampleTwiceIsTheSampleItself() {
    let plain = limit(nil, particles: 64, replicates: 2, isControlled: false)
    let settings = plain.settings
    let inputs = TransportInputs<Double>(
      settings, basis: plain.basis, deviation: plain.law.inputWeightDeviation)
    func transport() -> any LogitTransport {
      plain.transport(
        plain.sources(workers: Self.workers), [], inputs, workers: Self.workers
      ).transport
    }
    func trajectory(_ transport: any LogitTransport) -> Trajectory {
      let recorder = ReplicateRecorder(realizations: 1, replicates: 2, settings: settings)
      runTraining(transport, settings: settings, recorder: recorder, atStep: { _ in })
      return recorder.trajectory
    }
    let both = MultirateTransport<Double>(
      large: transport(), small: (transport(), transport()), blocks: .fixed(16),
      regression: plain.regression, control: nil, settings: settings)
    #expect(trajectory(both).testLogits == trajectory(transport()).testLogits)
    #expect(both.blocks == [10, 10, 10, 10, 10, 10])
    #expect(both.correction > 1e-6)
  }

  /// What blocks do to the mean of the replicates falls with the square of their length.
  @Test func theCorrectionIsOfSecondOrder() {
    let lengths = [5, 10, 20, 40]
    let corrections = lengths.map {
      run(
        limit(
          Multirate(.fixed($0)), activation: .erf, steps: 240, rate: 0.05, recorded: .every(80))
      ).multirate!.correction
    }
    let order = logLogSlope(lengths.map(Double.init), corrections)
    #expect((1.7...2.4).contains(order), "\(order) \(corrections)")
  }

  @Test func bitsDoNotDependOnThreads() {
    let run = limit(Multirate(.automatic), particles: 8 * 1100)
    let one = run.run(in: Float.self, workers: Workers(count: 1))
    let three = run.run(in: Float.self, workers: Workers(count: 3))
    #expect(one == three)
    #expect(one.multirate!.blocks.max()! > 1)
  }

  /// Mean squared difference of the test logits at the recorded steps but the first.
  private func square(_ a: Trajectory, _ b: Trajectory) -> Double {
    let gaps = zip(a.testLogits, b.testLogits).dropFirst(15).map { $0 - $1 }
    return gaps.reduce(0) { $0 + $1 * $1 } / Double(gaps.count)
  }

  /// As many steps of particles give a smaller error than where all particles take all steps.
  @Test func blocksPayAtEqualCost() {
    func slow(_ multirate: Multirate?, _ particles: Int, seed: Int) -> Trajectory {
      run(
        limit(
          multirate, particles: particles, seed: UInt64(seed), steps: 240, rate: 0.05,
          recorded: .every(60)))
    }
    let truth = slow(nil, 1 << 16, seed: 1_000_001)
    var (blocks, plain) = (0.0, 0.0)
    for seed in 1...12 {
      let run = slow(Multirate(.automatic), 8192, seed: seed)
      blocks += square(run, truth)
      // At least as many particles as would cost the same, a quarter of the work being for halves.
      let count = Int((run.multirate!.particleSteps / (1.25 * 240 * 16)).rounded(.up)) * 16
      #expect(count < 8192 / 2, "\(count) \(run.multirate!.blocks)")
      plain += square(slow(nil, count, seed: seed), truth)
    }
    #expect(blocks < 0.6 * plain, "\(blocks / plain)")
  }

  /// Over 50 seeds, also at steps within blocks and between moves of slow coordinates.
  @Test(arguments: [
    Multirate(.automatic), Multirate(.fixed(10)),
    Multirate(.fixed(1), fastCoordinates: FastCoordinates(count: 1, slowSteps: 16)),
  ])
  func errorBarsCoverTheTruth(multirate: Multirate) {
    let truth = run(limit(nil, particles: 1 << 17, seed: 1_000_001))
    var (inOne, inTwo, count) = (0, 0, 0)
    for seed in 1...50 {
      let run = limit(multirate, particles: 1024, seed: UInt64(seed), recorded: .every(1))
        .run(in: Float.self, workers: Self.workers)
      for step in [20, 40, 60] {
        for point in 0..<15 {
          let index = step * 15 + point
          let gap = abs(run.testLogits[index] - truth.testLogits[step / 20 * 15 + point])
          let distance = gap / run.testLogitsStandardError[index]
          inOne += distance < 1 ? 1 : 0
          inTwo += distance < 2 ? 1 : 0
          count += 1
        }
      }
    }
    let shares = (Double(inOne) / Double(count), Double(inTwo) / Double(count))
    #expect((0.58...0.80).contains(shares.0), "\(shares)")
    #expect((0.90...0.985).contains(shares.1), "\(shares)")
  }
}
