import Execution
import LinearAlgebra
import Measures
import Networks
import ParticleSystems

@testable import FiniteWidth

/// Two overlapping Gaussian classes in three dimensions: 20 training and 15 test points.
func smallProblem() -> LearningProblem {
  let stream = RandomStream(seed: 31, stream: .syntheticData)
  func inputs(_ count: Int, _ first: Int) -> Matrix<Double> {
    Matrix(
      rows: count, columns: 3,
      elements: (0..<count).flatMap { i in
        var x = stream.normals(3, particle: first + i)
        x[0] += i % 2 == 0 ? 1 : -1
        return x
      })
  }
  func labels(_ count: Int) -> [Double] { (0..<count).map { $0 % 2 == 0 ? 1 : -1 } }
  return LearningProblem(
    trainingInputs: inputs(20, 0), trainingLabels: labels(20), testInputs: inputs(15, 1000),
    testLabels: labels(15), task: .binary(classNames: ["a", "b"]))
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
