import Execution
import LinearAlgebra
import Measures
import Networks
import TestSupport
import Testing

@testable import ParticleSystems

/// The tangent kernel at all pairs of probes, against sums over the particles.
@Suite struct TangentPairsTests {
  struct Case: Sendable {
    var activation: Activation
    var outputs = 1
    var particles = 7
    var probes = 5
  }

  static let cases = [
    Case(activation: .leakyReLU(slope: 0.1)), Case(activation: .linear), Case(activation: .erf),
    Case(activation: .tanh, outputs: 3), Case(activation: .gelu), Case(activation: .sin),
    // More particles than a block; the largest number of probes; one probe, which has no pairs.
    Case(activation: .relu, outputs: 2, particles: 1030),
    Case(activation: .relu, probes: TrainingSettings.largestPairedProbes),
    Case(activation: .relu, probes: 1),
  ]

  private func run<Scalar: ParticleScalar>(
    _ item: Case, in precision: Scalar.Type, pairs: Bool = true, threads: Int = 2
  ) -> (recorder: PlainRecorder, settings: TrainingSettings, sample: InitialSample) {
    // More points than one chunk holds.
    let problem = randomProblem(
      training: 9, test: item.probes > 100 ? 1100 : 6, dimension: 4, outputs: item.outputs)
    let settings = TrainingSettings(
      problem: problem, architecture: Architecture(activation: item.activation, hasBias: true),
      loss: item.outputs == 1 ? .logistic : .softmax,
      step: ParticleStep(logitScale: 3, outputStep: 0.4, inputStep: 0.2), steps: 2,
      probes: item.probes, pairsProbes: pairs)
    let sample = InitialSample(
      law: InitialLaw(shape: .gaussian, inputDimension: 4, inputWeightDeviation: 0.7), seed: 5,
      use: .network)
    let recorder = PlainRecorder()
    let workers = Workers(count: threads)
    let source = IndependentParticles(
      sample, features: 5, outputs: item.outputs, count: item.particles)
    runTraining(
      ParticleTransport(
        ParticleEnsemble<Scalar>(sources: [source], workers: workers), settings: settings,
        inputs: TransportInputs(settings), workers: workers),
      settings: settings, recorder: recorder, atStep: { _ in })
    return (recorder, settings, sample)
  }

  @Test(arguments: cases) func sumOverParticles(_ item: Case) {
    let (recorder, settings, sample) = run(item, in: Double.self)
    var plain = PlainTraining(
      sample: sample, particles: item.particles, features: 5, outputs: item.outputs,
      activation: item.activation, loss: settings.loss, step: settings.step)
    let test = points(settings.problem.testInputs, settings.architecture)
    let training = points(settings.problem.trainingInputs, settings.architecture)
    let pairs =
      (0..<item.probes).map { ($0, $0) }
      + (0..<item.probes).flatMap { i in (0..<item.probes).filter { $0 > i }.map { (i, $0) } }
    for step in 0...2 {
      let expected = pairs.map { plain.tangentKernel(test[$0.0], test[$0.1]) }
      let scale = expected.map { abs($0) }.max()!
      #expect(largestDifference(recorder.diagonals[step][0], expected) < 1e-13 * scale)
      plain.update(training, settings.problem.trainingLabels)
    }
    let single = run(item, in: Float.self).recorder
    let scale = recorder.diagonals[2][0].map { abs($0) }.max()!
    #expect(largestDifference(single.diagonals[2][0], recorder.diagonals[2][0]) < 1e-5 * scale)
    #expect(run(item, in: Float.self, threads: 3).recorder.diagonals == single.diagonals)
    // Nothing else changes with the pairs.
    let without = run(item, in: Float.self, pairs: false).recorder
    #expect(without.test == single.test && without.training == single.training)
    #expect(without.diagonals == single.diagonals.map { $0.map { Array($0.prefix(item.probes)) } })
  }

  /// Probes are taken into a basis that leaves other test points out. Particles that are drawn by importance
  /// count as their masses say.
  @Test(arguments: ["independent", "sobol+importance"])
  func probesWithinTheBasis(design: String) throws {
    let problem = randomProblem(training: 6, test: 5, dimension: 20)
    let settings = TrainingSettings(
      problem: problem, architecture: Architecture(activation: .relu, hasBias: false),
      loss: .logistic, step: ParticleStep(logitScale: 3, outputStep: 0.4, inputStep: 0.2),
      steps: 3, probes: 3, snapshots: [3], pairsProbes: true)
    let basis = InputBasis(
      problem, architecture: settings.architecture, span: .trainingInputs, spannedTestPoints: 3)
    #expect(basis.coordinates == 9 && basis.movingCoordinates == 6)
    #expect(basis.testResiduals.map { $0 > 0 } == [false, false, false, true, true])
    let law = InitialLaw(shape: .gaussian, inputDimension: 20, inputWeightDeviation: 0.4)
    let workers = Workers(count: 1)
    let source = JoinedParticles([
      DesignedParticles(
        law: law, design: try #require(SampleDesign(name: design)), basis: basis, outputs: 1,
        count: 70, seed: 8,
        randomization: 3, workers: workers)
    ])
    let ensemble = ParticleEnsemble<Double>(sources: [source], workers: workers)
    let recorder = PlainRecorder()
    var weights: (a: [Double], w: [Double]) = ([], [])
    runTraining(
      ParticleTransport(
        ensemble, settings: settings,
        inputs: TransportInputs(settings, basis: basis, deviation: law.inputWeightDeviation),
        workers: workers), settings: settings, recorder: recorder,
      atStep: { step in
        if step == 3 { weights = MeasureParticles([source], seed: 8).lifted(ensemble) }
      })
    let test = points(problem.testInputs, settings.architecture)
    let masses = MeasureParticles([source], seed: 8).masses(first: 0, count: 70)
    func entry(_ i: Int, _ j: Int) -> Double {
      var total = 0.0
      for r in 0..<70 {
        var sum = 0.0
        let w = Array(weights.w[(r * 20)..<(r * 20 + 20)])
        let (u, v) = (PlainTraining.dot(w, test[i]), PlainTraining.dot(w, test[j]))
        sum += settings.step.outputKernelFactor * max(u, 0) * max(v, 0)
        if u >= 0, v >= 0 {
          sum +=
            settings.step.inputKernelFactor * weights.a[r] * weights.a[r]
            * PlainTraining.dot(test[i], test[j])
        }
        total += masses[r] * sum
      }
      return total
    }
    let expected = [(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)].map { entry($0.0, $0.1) }
    #expect(largestDifference(recorder.diagonals[3][0], expected) < 1e-12)
  }
}
