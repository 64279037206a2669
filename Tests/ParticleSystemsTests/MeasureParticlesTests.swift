import Execution
import LinearAlgebra
import Measures
import Networks
import TestSupport
import Testing

@testable import ParticleSystems

@Suite struct MeasureParticlesTests {
  static let workers = Workers(count: 2)
  static let law = InitialLaw(
    shape: .gaussian, inputDimension: 9, outputWeightDeviation: 0.7, inputWeightDeviation: 0.4)

  /// Designs and the number of training points, which is that of the coordinates of w: the spherical
  /// rule is for three coordinates with one output, or two of them.
  static let designs = [
    ("independent", 6), ("antithetic", 6), ("reflected+moments", 6), ("quadruples", 6),
    ("sobol", 6), ("sobol+radius", 6), ("antithetic+radius", 6), ("moments+radius", 6),
    ("sphere", 2), ("sphere", 1), ("sobol+importance", 6), ("reflected+moments+importance", 6),
  ]

  func settings(points: Int, outputs: Int = 1) -> TrainingSettings {
    TrainingSettings(
      problem: randomProblem(training: points, test: 3, dimension: 9, outputs: outputs),
      architecture: Architecture(activation: .leakyReLU(slope: 0.1), hasBias: false),
      loss: outputs == 1 ? .logistic : .softmax,
      step: ParticleStep(logitScale: 3, outputStep: 0.3, inputStep: 0.2), steps: 12)
  }

  func sources(
    _ name: String, _ settings: TrainingSettings, count: Int, replicates: Int = 2,
    seed: UInt64 = 8
  ) -> [JoinedParticles] {
    let basis = InputBasis(
      settings.problem, architecture: settings.architecture, span: .trainingInputs)
    return (0..<replicates).map { randomization in
      JoinedParticles([
        DesignedParticles(
          law: Self.law, design: SampleDesign(name: name)!, basis: basis,
          outputs: settings.outputs, count: count, seed: seed, randomization: randomization,
          workers: Self.workers)
      ])
    }
  }

  /// s sum_r m_r a_r phi(w_r x) over all replicates is the mean of their logits, at every recorded
  /// step, on the training points, which lie in the span.
  @Test(arguments: designs, [1, 3]) func theWeightedMeasureMakesTheLogits(
    design: (name: String, points: Int), outputs: Int
  ) {
    if design.name == "sphere" || design.name.contains("importance"), outputs > 1 { return }
    let settings = settings(points: design.points, outputs: outputs)
    let sources = sources(design.name, settings, count: 520)
    let inputs = TransportInputs<Double>(
      settings, basis: sources[0].parts[0].basis,
      law: design.name.contains("radius") || design.name == "sphere"
        ? .student(coordinates: design.points + outputs) : .gaussian,
      deviation: Self.law.inputWeightDeviation)
    let ensemble = ParticleEnsemble<Double>(sources: sources, workers: Self.workers)
    let transport = ParticleTransport(
      ensemble, settings: settings, inputs: inputs, workers: Self.workers)
    let measure = MeasureParticles(sources, seed: 8)
    let masses = measure.masses(first: 0, count: measure.count)
    #expect(abs(masses.reduce(0, +) - 1) < 1e-13)
    #expect(masses.count == 1040 && masses.allSatisfy { $0 > 0 })
    #expect(measure.masses(first: 500, count: 40) == Array(masses[500..<540]))
    var shots: [(a: [Double], w: [Double])] = []
    let recorder = PlainRecorder()
    runTraining(
      transport, settings: settings, recorder: recorder,
      atStep: { if $0 % 6 == 0 { shots.append(measure.lifted(ensemble)) } })
    #expect(shots.count == 3)
    for (number, shot) in shots.enumerated() {
      let z = settings.problem.trainingInputs.times(
        transposed: Matrix(rows: 1040, columns: 9, elements: shot.w))
      for i in 0..<design.points {
        var sums = [Double](repeating: 0, count: outputs)
        for (r, z) in z.row(i).enumerated() {
          let value = 3 * masses[r] * max(z, 0.1 * z)
          for c in 0..<outputs { sums[c] += value * shot.a[r * outputs + c] }
        }
        let logits = recorder.training[6 * number].map { $0[(i * outputs)..<((i + 1) * outputs)] }
        let means = zip(logits[0], logits[1]).map { ($0 + $1) / 2 }
        #expect(largestDifference(sums, means) < 1e-12, "\(design.name) \(6 * number)")
      }
    }
  }

  /// |(a, w in the span)|^2 in units of the deviations, and |w outside it|^2.
  private func squares(
    _ sources: [JoinedParticles], seed: UInt64
  ) throws -> (masses: [Double], inside: [Double], outside: [Double]) {
    let basis = sources[0].parts[0].basis
    let vectors = try #require(basis.vectors)
    let measure = MeasureParticles(sources, seed: seed)
    let drawn = measure.lifted(ParticleEnsemble<Double>(sources: sources, workers: Self.workers))
    var inside: [Double] = []
    var outside: [Double] = []
    for r in drawn.a.indices {
      let w = Array(drawn.w[(9 * r)..<(9 * r + 9)]).map { $0 / Self.law.inputWeightDeviation }
      let a = drawn.a[r] / Self.law.outputWeightDeviation
      let shares = (0..<vectors.rows).map { PlainTraining.dot(Array(vectors.row($0)), w) }
      let span = shares.reduce(0) { $0 + $1 * $1 }
      inside.append(a * a + span)
      outside.append(PlainTraining.dot(w, w) - span)
    }
    return (measure.masses(first: 0, count: measure.count), inside, outside)
  }

  /// The weighted law of the lengths: chi-square of p coordinates in the span and a, of 9 - m outside,
  /// independently. Mean and variance over 24 seeds, within four standard errors.
  @Test(arguments: [
    ("independent", 6), ("radius", 6), ("sobol+radius", 3), ("sphere", 2), ("importance", 6),
    ("sobol+importance", 3),
  ])
  func lengthsHaveTheirLaw(design: (name: String, points: Int)) throws {
    let settings = settings(points: design.points)
    let p = Double(design.points + 1)
    let q = Double(9 - design.points)
    var statistics: [[Double]] = []
    for seed in 1...24 {
      let sources = sources(design.name, settings, count: 512, replicates: 1, seed: UInt64(seed))
      let (masses, inside, outside) = try squares(sources, seed: UInt64(seed))
      func mean(_ h: (Double, Double) -> Double) -> Double {
        masses.indices.reduce(0) { $0 + masses[$1] * h(inside[$1], outside[$1]) }
      }
      statistics.append([
        mean { s, _ in s - p }, mean { s, _ in (s - p) * (s - p) - 2 * p },
        mean { _, t in t - q }, mean { _, t in (t - q) * (t - q) - 2 * q },
        mean { s, t in (s - p) * (t - q) },
      ])
    }
    for k in 0..<5 {
      let values = statistics.map { $0[k] }
      let mean = values.reduce(0, +) / 24
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 23
      // The mean square is exact where the radius is drawn with its masses.
      #expect(
        abs(mean) < 4 * (variance / 24).squareRoot() + 1e-12, "\(design.name), statistic \(k)")
    }
  }

  /// What the particles get outside the span does nothing on the training points, does not depend on
  /// the step, and has as many dimensions as there are.
  @Test func thePerpendicularPartIsPerpendicular() throws {
    let settings = settings(points: 6)
    let sources = sources("independent", settings, count: 300)
    let basis = sources[0].parts[0].basis
    let vectors = try #require(basis.vectors)
    let measure = MeasureParticles(sources, seed: 8)
    let ensemble = ParticleEnsemble<Double>(sources: sources, workers: Self.workers)
    let drawn = measure.lifted(ensemble)
    // Zero weights in the span leave the perpendicular part alone.
    let zeros = [Double](repeating: 0, count: 600 * 6)
    var a = [Double](repeating: 0, count: 600)
    var perpendicular = [Double](repeating: 0, count: 600 * 9)
    measure.lift(
      first: 0, count: 600, outputWeights: drawn.a, inputWeights: zeros, intoOutput: &a,
      intoInput: &perpendicular)
    var seen: Set<Double> = []
    for r in 0..<600 {
      let w = Array(perpendicular[(9 * r)..<(9 * r + 9)])
      for k in 0..<6 {
        #expect(abs(PlainTraining.dot(Array(vectors.row(k)), w)) < 1e-14)
      }
      let length = PlainTraining.dot(w, w)
      #expect(length > 0)
      seen.insert(length)
    }
    // Replicates have draws of their own.
    #expect(seen.count == 600)
    // The three remaining directions all occur: their second moments are those of the law.
    var rest = OrthonormalRows(columns: 9)
    rest.append(vectors, tolerance: 1e-12)
    rest.append(
      Matrix(rows: 9, columns: 9, elements: (0..<81).map { $0 % 10 == 0 ? 1 : 0 }),
      tolerance: 1e-12)
    #expect(rest.count == 9)
    for k in 6..<9 {
      let square =
        (0..<600).reduce(0.0) { sum, r in
          let share = PlainTraining.dot(
            Array(rest.matrix.row(k)), Array(perpendicular[(9 * r)..<(9 * r + 9)]))
          return sum + share * share
        } / 600
      // 0.16 with a relative standard error of sqrt(2 / 600).
      #expect(abs(square / 0.16 - 1) < 5 * (2.0 / 600).squareRoot())
    }
  }
}
