import Checkpoints
import Execution
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

@testable import DeepMeanField

/// Runs as a whole: bits, interruptions, errors.
@Suite struct LayeredRunTests {
  struct Case: Sendable, CustomStringConvertible {
    let layers: [Int]
    let optimizer: Optimizer
    let batches: BatchSchedule
    let outputs: Int
    var description: String { "\(layers) \(optimizer) \(batches) \(outputs)" }
  }

  static let cases = [
    Case(layers: [296, 520], optimizer: .momentum(0.9), batches: .full, outputs: 1),
    Case(
      layers: [16, 24], optimizer: .gradientDescent,
      batches: .batches(size: 6, shuffleSeed: 3), outputs: 1),
    Case(
      layers: [16, 24, 272], optimizer: signs, batches: .batches(size: 6, shuffleSeed: nil),
      outputs: 3),
  ]

  private func limit(_ given: Case, replicates: Int = 5, seed: UInt64 = 1, steps: Int = 7)
    -> LayeredLimit
  {
    let problem = given.outputs == 1 ? layeredProblem() : layeredProblemOfThreeClasses()
    let settings = layeredSettings(
      problem, steps: steps, batches: given.batches, recorded: .every(2), snapshots: [0, 4])
    let isSigns = given.optimizer.stepSize == .normalized
    return LayeredLimit(
      sizes: LayerSizes(features: 5, layers: given.layers, outputs: given.outputs),
      replicates: replicates, law: gaussianLaw(settings),
      design: .full(isControlled: !isSigns), seed: seed, settings: settings,
      step: layeredStep(rate: isSigns ? 1e-3 : 0.2, given.optimizer),
      firstStep: isSigns
        ? RMSPropFirstStep(hiddenLayers: given.layers.count, hasEpsilon: false)
        : GradientDescentFirstStep())
  }

  @Test(arguments: cases) func threadsDoNotChangeBits(_ given: Case) {
    let limit = limit(given)
    let one = limit.run(in: Float.self, workers: Workers(count: 1))
    for threads in [2, 3] {
      let several = limit.run(in: Float.self, workers: Workers(count: threads))
      #expect(several.testLogits == one.testLogits)
      #expect(several.trainingLogits == one.trainingLogits)
      #expect(several.testLogitsError == one.testLogitsError)
    }
    #expect(one.testLogits.allSatisfy { $0.isFinite })
  }

  /// After the first update, which no other step is like, and later.
  @Test(arguments: cases, [0, 3]) func interruptedRunsGoOn(_ given: Case, step: Int) throws {
    let limit = limit(given)
    let whole = limit.run(in: Float.self, workers: Workers())
    let found = try resumed(afterStep: step) { atBoundary, _ in
      try limit.run(
        in: Float.self, workers: Workers(), atBoundary: atBoundary, snapshot: { _, _ in })
    }
    let again = try #require(found)
    #expect(again.testLogits == whole.testLogits)
    #expect(again.trainingLogits == whole.trainingLogits)
    #expect(again.lossGradient == whole.lossGradient)
  }

  /// Halves are the particles that the first two replicates are joined from.
  @Test func replicatesAreJoinedFromHalves() {
    let limit = limit(Self.cases[0])
    let samples = limit.samples
    #expect(samples.count == 9 && limit.estimatesBias)
    let whole = samples[1].particles(in: Double.self)
    let halves = [samples[7], samples[8]].map { $0.particles(in: Double.self) }
    for block in [LayeredBlock.input, .output] {
      let joined = halves.flatMap { numbers($0.weights(block)) }
      #expect(numbers(whole.weights(block)) == joined)
    }
    #expect(
      Set((0..<9).map { numbers(samples[$0].particles(in: Double.self).inputWeights) }).count
        == 9)
  }

  /// Within one stated standard error in 60 to 76 %, within two in 90 to 98 %, over 60 seeds, of a limit of
  /// more particles.
  @Test(arguments: [
    (Optimizer.gradientDescent, [64, 32], 0.3), (signs, [128, 32], 1e-3),
  ]) func standardErrorsCoverTheTruth(
    _ optimizer: Optimizer, _ layers: [Int], _ rate: Double
  ) {
    let settings = layeredSettings(layeredProblem(), steps: 8, recorded: .every(4))
    func run(_ layers: [Int], replicates: Int, seed: UInt64) -> Trajectory {
      LayeredLimit(
        sizes: LayerSizes(features: 5, layers: layers), replicates: replicates,
        law: gaussianLaw(settings),
        design: .full(isControlled: optimizer.stepSize == .proportional), seed: seed,
        settings: settings, step: layeredStep(rate: rate, optimizer),
        firstStep: optimizer.stepSize == .proportional
          ? GradientDescentFirstStep() : RMSPropFirstStep(hiddenLayers: 2, hasEpsilon: false)
      ).run(in: Float.self, workers: Workers())
    }
    let truth = run(layers.map { 16 * $0 }, replicates: 16, seed: 1_000_001)
    var inOne = 0.0
    var inTwo = 0.0
    let seeds = 60
    for seed in 1...seeds {
      let run = run(layers, replicates: 8, seed: UInt64(seed))
      for step in [4, 8] {
        let distances = zip(
          zip(run.testLogits(step: step), truth.testLogits(step: step)),
          run.standardErrors(step: step)
        ).map { abs($0.0 - $0.1) / $1 }
        inOne += Double(distances.count { $0 < 1 }) / Double(2 * seeds * distances.count)
        inTwo += Double(distances.count { $0 < 2 }) / Double(2 * seeds * distances.count)
      }
    }
    #expect((0.60...0.76).contains(inOne), "\(inOne)")
    #expect((0.90...0.98).contains(inTwo), "\(inTwo)")
  }

  /// Both precisions, to single rounding.
  @Test func precisionsAgree() {
    let limit = limit(Self.cases[0])
    let single = limit.run(in: Float.self, workers: Workers())
    let double = limit.run(in: Double.self, workers: Workers())
    let gap = largestDifference(single.testLogits, double.testLogits)
    #expect(gap < 2e-5 && gap > 0, "\(gap)")
  }
}
