import Execution
import LinearAlgebra
import Measures
import Networks
import TestSupport
import Testing

@testable import ParticleSystems

@Suite struct TrainingRunTests {
  func run<Scalar: ParticleScalar>(
    _ item: Case, _ type: Scalar.Type, threads: Int = 2
  ) -> PlainRecorder {
    let (settings, samples) = setUp(item)
    let recorder = PlainRecorder()
    let ensemble = ParticleEnsemble<Scalar>(
      sources: samples.map {
        IndependentParticles(
          $0, features: item.dimension + (item.bias ? 1 : 0), outputs: item.outputs,
          count: item.particles)
      }, workers: Workers(count: threads))
    train(ensemble, settings, recorder, threads: threads)
    return recorder
  }

  func train<Scalar: ParticleScalar>(
    _ ensemble: ParticleEnsemble<Scalar>, _ settings: TrainingSettings, _ recorder: PlainRecorder,
    threads: Int
  ) {
    runTraining(
      ParticleTransport(
        ensemble, settings: settings, inputs: TransportInputs(settings),
        workers: Workers(count: threads)),
      settings: settings, recorder: recorder, atStep: { _ in })
  }

  func setUp(_ item: Case) -> (TrainingSettings, [InitialSample]) {
    let settings = TrainingSettings(
      problem: item.problem,
      architecture: Architecture(activation: item.activation, hasBias: item.bias),
      loss: item.loss,
      step: ParticleStep(logitScale: 3, outputStep: 0.4, inputStep: 0.2, update: item.update),
      steps: item.steps, batches: item.batches, probes: item.probes,
      decomposes: item.activation.negativeSlope != nil)
    let law = InitialLaw(
      shape: .gaussian, inputDimension: item.dimension, inputWeightDeviation: 0.7)
    return (
      settings,
      [3, 4].map { InitialSample(law: law, seed: $0, use: .network) }
    )
  }

  @Test(arguments: cases) func doubleMatchesTheEquations(_ item: Case) {
    let recorder = run(item, Double.self)
    let (settings, samples) = setUp(item)
    let trainingPoints = points(settings.problem.trainingInputs, settings.architecture)
    let testPoints = points(settings.problem.testInputs, settings.architecture)
    for (system, sample) in samples.enumerated() {
      var plain = item.plain(sample, settings)
      for step in 0...item.steps {
        let bound = 1e-12
        #expect(
          largestDifference(
            recorder.training[step][system], trainingPoints.flatMap { plain.logits($0) }) < bound)
        #expect(
          largestDifference(recorder.test[step][system], testPoints.flatMap { plain.logits($0) })
            < bound)
        #expect(
          largestDifference(
            recorder.diagonals[step][system],
            testPoints.prefix(item.probes).map { plain.tangentKernel($0, $0) }) < bound)
        if settings.decomposes {
          // The four terms add up to the logit where phi(z) = phi'(z) z.
          let terms = recorder.decompositions[step][system]
          let sum = terms[0].indices.map { i in terms.reduce(0) { $0 + $1[i] } }
          #expect(largestDifference(sum, recorder.test[step][system]) < bound)
          if step == 0 { #expect(terms[1...].allSatisfy { $0.allSatisfy { $0 == 0 } }) }
        }
        let batch = item.batches.indices(update: step, points: item.training)
        let chosen = batch ?? Array(trainingPoints.indices)
        plain.update(
          chosen.map { trainingPoints[$0] },
          chosen.map { settings.problem.trainingLabels[$0] })
      }
    }
  }

  @Test(arguments: cases) func singleAgreesWithDouble(_ item: Case) {
    let single = run(item, Float.self)
    let double = run(item, Double.self)
    for step in 0...item.steps {
      for system in 0..<2 {
        #expect(
          largestDifference(single.test[step][system], double.test[step][system]) < 5e-5)
      }
    }
  }

  @Test(arguments: [cases[0], cases[8], cases[10], cases[22]]) func threadsDoNotChangeABit(
    _ item: Case
  ) {
    let one = run(item, Float.self, threads: 1)
    let three = run(item, Float.self, threads: 3)
    #expect(one.training == three.training)
    #expect(one.test == three.test)
    #expect(one.diagonals == three.diagonals)
    #expect(one.decompositions == three.decompositions)
  }

  /// The step taken, divided by the rate, against central differences of the loss: the hatted
  /// gradients of a network of width d are d loss / d a = (step of a) / eta_a.
  @Test(
    arguments: [Activation.leakyReLU(slope: 0.1), .erf, .tanh],
    [(Loss.logistic, 1), (.squared, 1), (.squared, 3), (.softmax, 3)])
  func gradientMatchesCentralDifferences(
    activation: Activation, lossAndOutputs: (loss: Loss, outputs: Int)
  ) {
    let (loss, outputs) = lossAndOutputs
    let problem = randomProblem(training: 7, test: 1, dimension: 3, outputs: outputs)
    let architecture = Architecture(activation: activation, hasBias: true)
    let reference = ReferenceNetwork(width: 4, learningRate: 0.05)
    let step = ParticleStep.network(width: 5, scaling: .ntk, reference: reference)
    let sample = InitialSample(
      law: InitialLaw(shape: .gaussian, inputDimension: 3), seed: 6,
      use: .network)
    var plain = PlainTraining(
      sample: sample, particles: 5, features: 4, outputs: outputs, activation: activation,
      loss: loss, step: step)
    let inputs = points(problem.trainingInputs, architecture)
    func meanLoss(_ network: PlainTraining) -> Double {
      loss.mean(
        labels: problem.trainingLabels, logits: inputs.flatMap { network.logits($0) },
        outputs: outputs, magnitude: .staysFinite)
    }

    let ensemble = ParticleEnsemble<Double>(
      sources: [IndependentParticles(sample, features: 4, outputs: outputs, count: 5)],
      workers: Workers(count: 1))
    train(
      ensemble,
      TrainingSettings(
        problem: problem, architecture: architecture, loss: loss, step: step, steps: 1),
      PlainRecorder(), threads: 1)
    var newA: [Double] = []
    var newW: [Double] = []
    ensemble.forEachPart { _, a, w in
      newA += a
      newW += w
    }

    // sigma = logitScale / d; outputStep = eta_a sigma, and likewise for w.
    let sigma = step.logitScale / 5
    let h = 1e-5
    func difference(_ change: (inout PlainTraining, Double) -> Void) -> Double {
      var up = plain
      var down = plain
      change(&up, h)
      change(&down, -h)
      return (meanLoss(up) - meanLoss(down)) / (2 * h)
    }
    for r in 0..<5 {
      for c in 0..<outputs {
        let gradient = (plain.a[r][c] - newA[r * outputs + c]) / (step.outputStep / sigma)
        #expect(abs(gradient - difference { $0.a[r][c] += $1 }) < 1e-7)
      }
      for j in 0..<4 {
        let gradient = (plain.w[r][j] - newW[r * 4 + j]) / (step.inputStep / sigma)
        #expect(abs(gradient - difference { $0.w[r][j] += $1 }) < 1e-7)
      }
    }
    plain.update(inputs, problem.trainingLabels)
    #expect(largestDifference(newA, plain.a.flatMap { $0 }) < 1e-14)
  }

  @Test func negligibleGradientsAreZeroAndNoneElse() {
    #expect(Float.lossGradients([-1e-32, -1e-30, 0.25]) == [0, -1e-30, 0.25])
    #expect(Double.lossGradients([1e-32, 1e-300]) == [1e-32, 0])
    #expect(Float.lossGradients([.nan])[0].isNaN)
  }

  /// One point x = 2 with label +1, one neuron a = 1/2, w = 3, linear, logit f = s a w x, by hand:
  /// f_0 = 2 * 3 = 6 for s = 2; squared loss: g = 6 - 1 = 5;
  /// a <- 1/2 - 0.1 * 5 * 6 = -5/2;  w <- 3 - 0.2 * 5 * 1/2 * 2 = 2;  f_1 = 2 * (-5/2) * 4 = -20.
  @Test func onePointOneDimensionByHand() {
    let problem = LearningProblem(
      trainingInputs: Matrix(rows: 1, columns: 1, elements: [2]), trainingLabels: [1],
      testInputs: Matrix(rows: 1, columns: 1, elements: [1]), testLabels: [1],
      task: .regression)
    // The draw is made to be a = 1/2, w = 3 by choosing the deviations.
    let unit = InitialSample(
      law: InitialLaw(
        shape: .gaussian, inputDimension: 1, outputWeightDeviation: 1, inputWeightDeviation: 1),
      seed: 1, use: .limit)
    var drawnA = [0.0]
    var drawnW = [0.0]
    unit.fill(first: 0, count: 1, features: 1, outputWeights: &drawnA, inputWeights: &drawnW)
    let sample = InitialSample(
      law: InitialLaw(
        shape: .gaussian, inputDimension: 1, outputWeightDeviation: 0.5 / drawnA[0],
        inputWeightDeviation: 3 / drawnW[0]), seed: 1, use: .limit)
    let ensemble = ParticleEnsemble<Double>(
      sources: [IndependentParticles(sample, features: 1, outputs: 1, count: 1)],
      workers: Workers(count: 1))
    let recorder = PlainRecorder()
    train(
      ensemble,
      TrainingSettings(
        problem: problem, architecture: Architecture(activation: .linear, hasBias: false),
        loss: .squared, step: ParticleStep(logitScale: 2, outputStep: 0.1, inputStep: 0.2),
        steps: 1),
      recorder, threads: 1)
    #expect(largestDifference(recorder.training.flatMap { $0[0] }, [6, -20]) < 1e-13)
    #expect(largestDifference(recorder.test.flatMap { $0[0] }, [3, -10]) < 1e-13)
  }
}
