import Dynamics
import Execution
import LinearAlgebra
import Measures
import Networks
import ParticleSystems

@testable import FiniteWidth

/// Two overlapping Gaussian classes, their means at +-`shift` on the first axis.
func overlappingClasses(
  dimension: Int, training: Int, test: Int, shift: Double = 1, seed: UInt64
) -> LearningProblem {
  let stream = RandomStream(seed: seed, stream: .syntheticData)
  func inputs(_ count: Int, _ first: Int) -> Matrix<Double> {
    Matrix(
      rows: count, columns: dimension,
      elements: (0..<count).flatMap { i in
        var x = stream.normals(dimension, particle: first + i)
        x[0] += i % 2 == 0 ? shift : -shift
        return x
      })
  }
  func labels(_ count: Int) -> [Double] { (0..<count).map { $0 % 2 == 0 ? 1 : -1 } }
  return LearningProblem(
    trainingInputs: inputs(training, 0), trainingLabels: labels(training),
    testInputs: inputs(test, 1000), testLabels: labels(test),
    task: .binary(classNames: ["a", "b"]))
}

/// 20 training and 15 test points in three dimensions.
func smallProblem() -> LearningProblem {
  overlappingClasses(dimension: 3, training: 20, test: 15, seed: 31)
}

/// The same points in three classes, with an output each.
func smallProblemOfThreeClasses() -> LearningProblem {
  let problem = smallProblem()
  func classes(_ inputs: Matrix<Double>) -> [Double] {
    (0..<inputs.rows).map { inputs[$0, 0] > 0.5 ? 0 : inputs[$0, 1] > 0 ? 1 : 2 }
  }
  return LearningProblem(
    trainingInputs: problem.trainingInputs, trainingLabels: classes(problem.trainingInputs),
    testInputs: problem.testInputs, testLabels: classes(problem.testInputs),
    task: .multiclass(classNames: ["a", "b", "c"]))
}

/// Particles in the coordinates of the inputs themselves.
func ownCoordinates(_ settings: TrainingSettings) -> InputBasis {
  InputBasis(settings.problem, architecture: settings.architecture, span: .everything)
}

/// A limit of the small problem with a Gaussian law, in the coordinates of the inputs themselves.
func smallLimit(
  particles: Int, replicates: Int = 1, seed: UInt64 = 1, design: SampleDesign = .antithetic,
  _ settings: TrainingSettings
) -> MeasureLimit {
  MeasureLimit(
    particles: particles, replicates: replicates,
    law: InitialLaw(shape: .gaussian, inputDimension: 3), design: design, seed: seed,
    settings: settings, basis: ownCoordinates(settings))
}

/// A network whose neurons are the first particles of a limit of independent ones.
///
/// - Parameter settings: with a step of this width.
func networkOfLimitDraws(
  width: Int, seed: UInt64, law: InitialLaw, settings: TrainingSettings
) -> Trajectory {
  let workers = Workers(count: 1)
  let inputs = TransportInputs<Double>(settings)
  let source = IndependentParticles(
    InitialSample(law: law, seed: seed, use: .limit), features: inputs.training.features,
    outputs: settings.outputs, count: width)
  let recorder = SeedRecorder(seeds: 1, settings: settings)
  runTraining(
    ParticleTransport(
      ParticleEnsemble<Double>(sources: [source], workers: workers),
      settings: settings, inputs: inputs, workers: workers),
    settings: settings, recorder: recorder, atStep: { _ in })
  return recorder.trajectory
}
