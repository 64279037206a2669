import Dynamics
import Execution
import LinearAlgebra
import Measures
import Networks
import ParticleSystems

@testable import DeepMeanField

/// Two overlapping Gaussian classes in five dimensions.
func layeredProblem(training: Int = 20, test: Int = 10, dimension: Int = 5) -> LearningProblem {
  let stream = RandomStream(seed: 31, stream: .syntheticData)
  func inputs(_ count: Int, _ first: Int) -> Matrix<Double> {
    Matrix(
      rows: count, columns: dimension,
      elements: (0..<count).flatMap { i in
        var x = stream.normals(dimension, particle: first + i)
        x[0] += i % 2 == 0 ? 1 : -1
        return x
      })
  }
  func labels(_ count: Int) -> [Double] { (0..<count).map { $0 % 2 == 0 ? 1 : -1 } }
  return LearningProblem(
    trainingInputs: inputs(training, 0), trainingLabels: labels(training),
    testInputs: inputs(test, 1000), testLabels: labels(test),
    task: .binary(classNames: ["a", "b"]))
}

/// The same points in three classes, with an output each.
func layeredProblemOfThreeClasses() -> LearningProblem {
  let problem = layeredProblem()
  func classes(_ inputs: Matrix<Double>) -> [Double] {
    (0..<inputs.rows).map { inputs[$0, 0] > 0.5 ? 0 : inputs[$0, 1] > 0 ? 1 : 2 }
  }
  return LearningProblem(
    trainingInputs: problem.trainingInputs, trainingLabels: classes(problem.trainingInputs),
    testInputs: problem.testInputs, testLabels: classes(problem.testInputs),
    task: .multiclass(classNames: ["a", "b", "c"]))
}

let leaky = Activation.leakyReLU(slope: 0.1)

func layeredSettings(
  _ problem: LearningProblem, activation: Activation = leaky, steps: Int,
  batches: BatchSchedule = .full, recorded: RecordedSteps = .every(1), snapshots: [Int] = []
) -> TrainingSettings {
  TrainingSettings(
    problem: problem, architecture: Architecture(activation: activation, hasBias: false),
    loss: problem.outputs == 1 ? .logistic : .softmax,
    // Layered particles have steps of their own.
    step: ParticleStep(logitScale: 1, outputStep: 1, inputStep: 1), steps: steps,
    batches: batches, recorded: recorded, snapshots: snapshots)
}

func layeredStep(
  width: Int = 16, rate: Double, _ optimizer: Optimizer = .gradientDescent
) -> LayeredStep {
  LayeredStep(ReferenceNetwork(width: width, learningRate: rate, optimizer: optimizer))
}

let signs = Optimizer.rmsProp(smoothing: 0.99, epsilon: 0)

func gaussianLaw(_ settings: TrainingSettings) -> InitialLaw {
  InitialLaw(shape: .gaussian, inputDimension: settings.problem.inputDimension)
}

/// Particles of given weights, without a special step 0, one member each.
func train<Scalar: ParticleScalar>(
  _ particles: [LayeredParticles<Scalar>], _ settings: TrainingSettings, _ step: LayeredStep,
  workers: Workers = Workers(count: 1)
) -> Trajectory {
  let inputs = LayeredInputs<Scalar>(settings)
  let transport = LayeredTransport(
    particles.map {
      LayeredSystem(
        $0, step: step, activation: settings.architecture.activation, points: inputs.atOnce,
        batch: settings.batches.largestBatch(points: settings.problem.trainingCount),
        control: nil)
    }, inputs: inputs, settings: settings, start: nil, samples: [], workers: workers)
  let recorder = ReplicateRecorder(
    realizations: particles.count, replicates: 1, settings: settings)
  runTraining(transport, settings: settings, recorder: recorder, atStep: { _ in })
  return recorder.trajectory
}

/// A finite network of the mean-field scaling, d neurons a layer.
///
/// - Parameters:
///   - hidden: the standard deviation of the hatted hidden weights.
///   - areSigns: whether they are +- that, instead of Gaussian.
func network<Scalar: ParticleScalar>(
  width: Int, hiddenLayers: Int, features: Int, outputs: Int = 1, seed: UInt64, hidden: Double,
  areSigns: Bool = false, in precision: Scalar.Type = Float.self
) -> LayeredParticles<Scalar> {
  let sizes = LayerSizes(
    features: features, layers: Array(repeating: width, count: hiddenLayers), outputs: outputs)
  let stream = RandomStream(seed: seed, stream: .deepNetworkWeights)
  let result = LayeredParticles<Scalar>(sizes)
  func fill(_ buffer: AlignedBuffer<Scalar>, _ number: Int, deviation: Double, areSigns: Bool) {
    let normals = stream.normals(buffer.count, particle: number)
    for i in 0..<buffer.count {
      buffer.base[i] = Scalar(deviation * (areSigns ? (normals[i] < 0 ? -1 : 1) : normals[i]))
    }
  }
  fill(
    result.inputWeights, 0, deviation: (1 / (3 * Double(features))).squareRoot(), areSigns: false)
  for (place, buffer) in result.increments.enumerated() {
    fill(buffer, 1 + place, deviation: hidden, areSigns: areSigns)
  }
  fill(result.outputWeights, 100, deviation: (1 / 3.0).squareRoot(), areSigns: false)
  return result
}

func rootMeanSquare(_ values: [Double]) -> Double {
  (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
}

/// Root mean square of the differences.
func rootMeanSquare(_ a: [Double], less b: [Double]) -> Double {
  rootMeanSquare(zip(a, b).map { $0 - $1 })
}

extension Trajectory {
  /// Test logits of one member at a training step.
  func testLogits(member: Int = 0, step: Int) -> [Double] {
    let row = member * steps.count + steps.firstIndex(of: step)!
    let count = testPoints * outputs
    return Array(testLogits[(row * count)..<((row + 1) * count)])
  }

  func standardErrors(step: Int) -> [Double] {
    let count = testPoints * outputs
    let row = steps.firstIndex(of: step)!
    return Array(testLogitsStandardError[(row * count)..<((row + 1) * count)])
  }
}

/// A copy of what a buffer holds.
func numbers<Element>(_ buffer: AlignedBuffer<Element>) -> [Element] {
  withExtendedLifetime(buffer) { Array(buffer.contents) }
}
