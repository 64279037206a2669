import Execution
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

@testable import DeepMeanField

/// Fresh particles that see the populations of a solved limit.
@Suite struct DrivenLayersTests {
  /// Of one replicate, by layer, at the last step.
  struct Rows {
    var w: [Double] = []
    var a: [Double] = []
    var z: [[Double]] = []
  }

  struct Case: Sendable {
    var layers: [Int] = [64, 32]
    var activation = leaky
    var optimizer = Optimizer.gradientDescent
    var rate = 0.3
    var outputs = 1
    var batches = BatchSchedule.full
    var replicates = 2
    var design: LayeredDesign? = nil

    func limit(steps: Int = 4) -> LayeredLimit {
      let settings = layeredSettings(
        outputs == 1 ? layeredProblem() : layeredProblemOfThreeClasses(), activation: activation,
        steps: steps, batches: batches, snapshots: [steps])
      let isSigns = optimizer.stepSize == .normalized
      return LayeredLimit(
        sizes: LayerSizes(features: 5, layers: layers, outputs: outputs), replicates: replicates,
        law: gaussianLaw(settings), design: design ?? .full(isControlled: !isSigns), seed: 1,
        settings: settings, step: layeredStep(rate: rate, optimizer),
        firstStep: isSigns
          ? RMSPropFirstStep(hiddenLayers: layers.count, hasEpsilon: false)
          : GradientDescentFirstStep())
    }
  }

  /// All groups of a run, put together.
  private func drive(
    _ driven: DrivenLayers, threads: Int = 2
  ) -> (rows: [Rows], trajectory: Trajectory, solved: Trajectory) {
    var rows = driven.samples.map { _ in
      Rows(z: Array(repeating: [], count: driven.sizes.hiddenLayers))
    }
    var sums = driven.noSums
    var solved: Trajectory?
    for group in 0..<driven.groupCount {
      solved = driven.run(
        group: group, in: Double.self, sums: &sums, workers: Workers(count: threads), probes: 7
      ) { _, blocks in
        for block in blocks {
          if let w = block.inputWeights { rows[block.replicate].w += numbers(w) }
          rows[block.replicate].z[block.layer - 1] += numbers(block.preactivations)
          if let a = block.outputWeights { rows[block.replicate].a += numbers(a) }
        }
      }
    }
    return (rows, driven.trajectory(sums, field: solved!.lossGradient), solved!)
  }

  static let cases = [
    Case(), Case(layers: [32, 16], optimizer: .momentum(0.9), rate: 0.1, outputs: 3),
    Case(batches: .batches(size: 6, shuffleSeed: 2)), Case(activation: .erf),
    Case(layers: [32, 24, 16], optimizer: signs, rate: 1e-3, replicates: 4),
    Case(layers: [64, 32], optimizer: signs, rate: 1e-3), Case(design: .independent),
  ]

  /// Particles with the random numbers of the population itself go where it goes, layer by layer, and make its logits.
  @Test(arguments: cases.indices) func twinsOfThePopulation(_ number: Int) {
    let limit = Self.cases[number].limit()
    var expected: [Rows] = []
    let alone = limit.run(in: Double.self, workers: Workers(count: 1), probes: 7) { _, snapshot in
      expected = zip(snapshot.particles, snapshot.preactivations).map { particles, z in
        Rows(
          w: numbers(particles.inputWeights), a: numbers(particles.outputWeights),
          z: z.map { numbers($0) })
      }
    }
    let twins = DrivenLayers(
      solved: limit, samples: Array(limit.samples.prefix(limit.replicates)))
    let (rows, trajectory, solved) = drive(twins)
    #expect(solved.testLogits == alone.testLogits && solved.lossGradient == alone.lossGradient)
    for (twin, own) in zip(rows, expected) {
      #expect(largestDifference(twin.w, own.w) < 1e-12)
      #expect(largestDifference(twin.a, own.a) < 1e-12)
      for (z, other) in zip(twin.z, own.z) { #expect(largestDifference(z, other) < 1e-12) }
      #expect(own.z.last!.contains { abs($0) > 1e-3 })
    }
    // Without halves the limit is the mean of its replicates as they are.
    if !limit.estimatesBias {
      #expect(largestDifference(trajectory.testLogits, alone.testLogits) < 1e-12)
      #expect(largestDifference(trajectory.trainingLogits, alone.trainingLogits) < 1e-12)
    }
  }

  private func fresh(
    _ limit: LayeredLimit, _ layers: [Int], seed: UInt64 = 1, largestGroup: Int? = nil
  ) -> DrivenLayers {
    let sizes = LayerSizes(features: 5, layers: layers, outputs: limit.sizes.outputs)
    return DrivenLayers(
      solved: limit, sizes: sizes, design: limit.design, seed: seed,
      largestGroup: largestGroup ?? DrivenLayers.largestGroup)
  }

  /// Bits are those of one group by one thread, whatever the groups and threads.
  @Test func groupsAndThreadsChangeNoBit() {
    let limit = Case().limit(steps: 3)
    let whole = fresh(limit, [1024, 512])
    let pieces = fresh(limit, [1024, 512], largestGroup: 40_000)
    #expect(whole.groupCount == 1 && pieces.groupCount == 12)
    #expect(pieces.numbersOfGroup < whole.numbersOfGroup)
    let one = drive(whole, threads: 1)
    let two = drive(pieces, threads: 3)
    #expect(one.trajectory.testLogits == two.trajectory.testLogits)
    #expect(one.trajectory.testLogitsStandardError == two.trajectory.testLogitsStandardError)
    for (a, b) in zip(one.rows, two.rows) { #expect(a.w == b.w && a.a == b.a && a.z == b.z) }
  }

  /// Fresh particles are not those of the population, of any seed, and many of the last layer have the population's logits
  /// within the noise of its own last layer: means over 8 replicates, beside their standard errors.
  @Test(arguments: [Optimizer.gradientDescent, signs])
  func manyParticlesMakeTheLimit(_ optimizer: Optimizer) {
    let isSigns = optimizer.stepSize == .normalized
    let limit = Case(
      layers: [128, 32], optimizer: optimizer, rate: isSigns ? 1e-3 : 0.3, replicates: 8
    ).limit(steps: 3)
    let (rows, trajectory, solved) = drive(fresh(limit, [256, 1024]))
    #expect(rows.allSatisfy { $0.w.count == 256 * 5 && $0.a.count == 1024 })
    #expect(Set(rows.map { $0.w[0] }).count == 8)
    let gap = rootMeanSquare(
      trajectory.testLogits(step: 3), less: solved.testLogits(step: 3))
    let size = rootMeanSquare(solved.testLogits(step: 3))
    #expect(gap > 0 && gap < 0.25 * size, "\(gap) of \(size)")
    #expect(trajectory.testLogitsError[3] > 0)
    #expect(gap < 4 * (trajectory.testLogitsError[3] + solved.testLogitsError[3]))
  }

  /// Given the population of one replicate, a mean over M_L fresh particles of the last layer has a spread of M_L^{-1/2}
  /// over their seeds, and no bias: 16 seeds of 64 and of 1024 independent particles.
  @Test func meansOverTheLastLayerAreUnbiased() {
    var limit = Case(replicates: 1).limit(steps: 2)
    limit = LayeredLimit(
      sizes: limit.sizes, replicates: 1, law: limit.law,
      design: LayeredDesign(
        isSymmetric: false, isQuasiRandom: false, matchesSecondMoment: false, isControlled: true),
      seed: 1, settings: limit.settings, step: limit.step, firstStep: limit.firstStep)
    func means(_ particles: Int) -> (mean: [Double], deviation: Double) {
      let values = (0..<16).map { seed in
        drive(fresh(limit, [4, particles], seed: UInt64(seed + 10))).trajectory
          .testLogits(step: 2)
      }
      let mean = values[0].indices.map { i in values.reduce(0) { $0 + $1[i] } / 16 }
      let squares = values.reduce(0.0) { sum, value in
        sum + zip(value, mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      return (mean, (squares / Double(15 * mean.count)).squareRoot())
    }
    let (few, many) = (means(64), means(1024))
    #expect(few.deviation / many.deviation > 2.5 && few.deviation / many.deviation < 6.5)
    #expect(rootMeanSquare(few.mean, less: many.mean) < 2 * few.deviation / 4)
    #expect(rootMeanSquare(many.mean) > 2 * many.deviation)
  }
}
