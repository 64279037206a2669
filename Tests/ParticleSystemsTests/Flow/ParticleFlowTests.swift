import Execution
import LinearAlgebra
import Measures
import Networks
import TestSupport
import Testing
import TimeIntegration

@testable import ParticleSystems

@Suite struct ParticleFlowTests {
  typealias Case = TrainingRunTests.Case

  /// Cases of full batches and gradient descent.
  static let cases = TrainingRunTests.cases.filter {
    $0.batches == .full && $0.update == .gradient
  }

  func settings(_ item: Case, recorded: RecordedSteps = .every(1)) -> TrainingSettings {
    TrainingSettings(
      problem: item.problem,
      architecture: Architecture(activation: item.activation, hasBias: item.bias),
      loss: item.loss, step: ParticleStep(logitScale: 3, outputStep: 0.4, inputStep: 0.2),
      steps: item.steps, recorded: recorded, probes: item.probes)
  }

  let samples = [3, 4].map {
    InitialSample(
      law: InitialLaw(shape: .gaussian, inputDimension: 4, inputWeightDeviation: 0.7), seed: $0,
      use: .network)
  }

  func flow<Scalar: ParticleScalar>(
    _ item: Case, _ settings: TrainingSettings, threads: Int = 2, _: Scalar.Type
  ) -> (flow: ParticleFlow<Scalar>, field: FlowField) {
    let workers = Workers(count: threads)
    let inputs = TransportInputs<Scalar>(settings)
    let field = FlowField(settings, rule: .plain, offset: .none, systems: samples.count)
    let ensemble = ParticleEnsemble<Scalar>(
      sources: samples.map {
        IndependentParticles(
          $0, features: inputs.training.features, outputs: item.outputs, count: item.particles)
      }, workers: workers)
    return (
      ParticleFlow(
        ensemble, settings: settings, inputs: inputs, movingFeatures: ensemble.features,
        field: field, workers: workers), field
    )
  }

  func run<Scalar: ParticleScalar>(
    _ item: Case, tolerance: Double, threads: Int = 2, _ type: Scalar.Type
  ) -> (recorder: PlainRecorder, record: IntegrationRecord) {
    let settings = settings(item)
    let (flow, field) = flow(item, settings, threads: threads, type)
    let recorder = PlainRecorder()
    let record = runFlow(
      flow, field: field, settings: settings, rule: .plain, tolerance: tolerance,
      recorder: recorder, atStep: { _ in })
    return (recorder, record)
  }

  /// A training step is an Euler step of size one: slopes, combinations and logits against the equations
  /// as they are written.
  @Test(arguments: cases) func eulerStepsAreTrainingSteps(_ item: Case) {
    let settings = settings(item)
    let (flow, _) = flow(item, settings, Double.self)
    let training = points(settings.problem.trainingInputs, settings.architecture)
    let test = points(settings.problem.testInputs, settings.architecture)
    var plain = samples.map { item.plain($0, settings) }
    for step in 0..<item.steps {
      flow.evaluateSlope(0, at: [])
      // Any slope register does, and any number of terms.
      flow.exchangeSlopes(0, step % 7)
      let euler = (0..<7).map { $0 == step % 7 ? 1.0 : 0 }
      let seen = flow.evaluate(at: euler, isRecorded: true)
      flow.move(by: euler)
      for system in samples.indices {
        plain[system].update(training, settings.problem.trainingLabels)
        let logits = training.flatMap { plain[system].logits($0) }
        #expect(largestDifference(seen.training[system], logits) < 1e-12)
        #expect(largestDifference(seen.batch[system], logits) < 1e-12)
        #expect(
          largestDifference(seen.test[system], test.flatMap { plain[system].logits($0) }) < 1e-12)
        #expect(
          largestDifference(
            seen.tangentKernels[system],
            test.prefix(item.probes).map { plain[system].tangentKernel($0, $0) }) < 1e-12)
      }
    }
    #expect(flow.evaluate(at: [], isRecorded: false).test.isEmpty)
  }

  /// The norm is that of the larger of the relative changes of a and of w, in the worst system.
  @Test func normsAreRootMeanSquaresInUnitsOfTheWeights() {
    let item = Case(activation: .tanh, particles: 1030, outputs: 1)
    let settings = settings(item)
    let (flow, field) = flow(item, settings, Double.self)
    let training = points(settings.problem.trainingInputs, settings.architecture)
    flow.evaluateSlope(0, at: [])
    let sizes = samples.map { sample in
      let before = item.plain(sample, settings)
      var after = before
      after.update(training, settings.problem.trainingLabels)
      func size(_ x: [[Double]], _ y: [[Double]]) -> Double {
        let flatX = x.flatMap { $0 }
        let change = zip(flatX, y.flatMap { $0 }).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return (change / flatX.reduce(0) { $0 + $1 * $1 }).squareRoot()
      }
      return max(size(before.a, after.a), size(before.w, after.w))
    }
    #expect(abs(flow.norm([1]) / sizes.max()! - 1) < 1e-12)
    #expect(abs(flow.norm([-2]) / sizes.max()! - 2) < 1e-12)
    let worst = sizes[0] > sizes[1] ? 0 : 1
    field.isAlive[worst] = false
    #expect(abs(flow.norm([1]) / sizes.min()! - 1) < 1e-12)
    #expect(sizes[0] != sizes[1])
  }

  /// Fixed steps of a smooth activation, in the logits at the end.
  @Test func stepsOfFixedSizeHaveOrderFive() {
    let item = Case(activation: .tanh, loss: .squared, particles: 8)
    let settings = settings(item)
    func logits(_ count: Int) -> [Double] {
      let (flow, _) = flow(item, settings, Double.self)
      flow.evaluateSlope(0, at: [])
      for _ in 0..<count {
        DormandPrince.evaluateStages(flow, step: 8 / Double(count))
        DormandPrince.finishStep(flow, step: 8 / Double(count))
      }
      return flow.evaluate(at: [], isRecorded: true).test.flatMap { $0 }
    }
    let reference = logits(512)
    let counts = [40, 60, 90]
    let errors = counts.map { largestDifference(logits($0), reference) }
    let order = -logLogSlope(counts.map(Double.init), errors)
    #expect(abs(order - 5) < 0.2, "\(order), \(errors)")
  }

  /// Logits within one step by the continuous extension, against many small steps: local errors fall like
  /// the fifth power of the step where the order is four.
  @Test func logitsWithinAStepHaveOrderFour() {
    let item = Case(activation: .tanh, loss: .squared, particles: 8)
    let settings = settings(item)
    let theta = 0.6
    let sizes = [0.8, 0.4, 0.2]
    let errors = sizes.map { h in
      let (single, _) = flow(item, settings, Double.self)
      single.evaluateSlope(0, at: [])
      DormandPrince.evaluateStages(single, step: h)
      let dense = single.evaluate(
        at: DormandPrince.solution(at: theta).map { h * $0 }, isRecorded: true
      ).test.flatMap { $0 }
      let (fine, _) = flow(item, settings, Double.self)
      fine.evaluateSlope(0, at: [])
      for _ in 0..<16 {
        DormandPrince.evaluateStages(fine, step: theta * h / 16)
        DormandPrince.finishStep(fine, step: theta * h / 16)
      }
      return largestDifference(
        dense, fine.evaluate(at: [], isRecorded: true).test.flatMap { $0 })
    }
    let order = logLogSlope(sizes, errors) - 1
    #expect(abs(order - 4) < 0.25, "\(order), \(errors)")
  }

  @Test(arguments: [1, 3]) func bitsDoNotDependOnThreads(outputs: Int) {
    let item = Case(
      loss: outputs == 1 ? .logistic : .softmax, particles: 1100, steps: 2, outputs: outputs)
    let one = run(item, tolerance: 1e-5, threads: 1, Float.self)
    for threads in [2, 3] {
      let several = run(item, tolerance: 1e-5, threads: threads, Float.self)
      #expect(several.recorder.test == one.recorder.test)
      #expect(several.recorder.training == one.recorder.training)
      #expect(several.record == one.record)
    }
    #expect(one.record.accepted > 0)
  }

  @Test func precisionsAgreeToTheTolerance() {
    let item = Case(activation: .erf, particles: 40, steps: 6)
    let single = run(item, tolerance: 1e-6, Float.self).recorder
    let double = run(item, tolerance: 1e-6, Double.self).recorder
    for step in 0...6 {
      for system in samples.indices {
        #expect(largestDifference(single.test[step][system], double.test[step][system]) < 1e-5)
      }
    }
  }

  /// The right-hand side jumps where a preactivation passes the kink. A particle that passes it within
  /// a step errs like the step, and the more steps the more add up: where the size of such local errors
  /// falls like h^1.5 and is held at the tolerance, the error of logits falls like its third root.
  @Test(arguments: [Activation.relu, .leakyReLU(slope: 0.1)])
  func errorsFallWithTheToleranceInSpiteOfKinks(activation: Activation) {
    let item = Case(activation: activation, test: 40, particles: 60, steps: 6)
    func logits(_ tolerance: Double) -> [Double] {
      run(item, tolerance: tolerance, Double.self).recorder.test.flatMap { $0.flatMap { $0 } }
    }
    let reference = logits(1e-7)
    let tolerances = [1e-2, 1e-3, 1e-4, 1e-5]
    let errors = tolerances.map { tolerance in
      let squares = zip(logits(tolerance), reference).map { ($0 - $1) * ($0 - $1) }
      return (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    }
    let exponent = logLogSlope(tolerances, errors)
    #expect(exponent > 0.25 && exponent < 0.6, "\(exponent), \(errors)")
    #expect(errors[0] < 1e-2 && errors[3] < errors[0] / 5, "\(errors)")
  }
}
