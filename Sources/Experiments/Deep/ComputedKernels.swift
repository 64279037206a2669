import DataIO
import DeepKernels
import Diagnostics
import Dynamics
import Execution
import LinearAlgebra
import Networks
import ParticleSystems

/// The kernels of a deep network on the points of a problem, in double precision.
struct ComputedKernels: DeepKernelSource {
  private let kernels: DeepKernels
  private let problem: LearningProblem
  private let workers: Workers

  /// - Throws: `Diagnostic` where the activation has no closed form.
  init(
    _ architecture: DeepArchitecture, network: NetworkSection, problem: LearningProblem,
    workers: Workers
  ) throws {
    _ = try DeepArchitecture.activation(network)
    guard let kernels = DeepKernels(architecture, inputDimension: problem.inputDimension) else {
      preconditionFailure("the activation was checked")
    }
    self.kernels = kernels
    self.problem = problem
    self.workers = workers
  }

  var text: String {
    "of \(kernels.architecture.hiddenLayers) hidden layers in the"
      + " \(kernels.architecture.parameterization.rawValue) parameterization"
  }

  var attributes: [String: AttributeValue] {
    [
      "kernel": .text("closed form"),
      "parameterization": .text(kernels.architecture.parameterization.rawValue),
    ]
  }

  func runSettings() -> [RunSetting] { [] }

  private func points(_ inputs: Matrix<Double>) -> DeepKernelPoints<Double> {
    DeepKernelPoints(inputs, kernels, workers: workers)
  }

  func covariance() -> Matrix<Double> {
    let (training, test) = (problem.trainingInputs, problem.testInputs)
    let all = Matrix(
      rows: training.rows + test.rows, columns: training.columns,
      elements: training.elements + test.elements)
    return kernels.matrices(points(all), workers: workers).nngp
  }

  func tangent(learningRate: Double, _ settings: TrainingSettings) -> TangentKernelMatrices {
    let (training, test) = (points(problem.trainingInputs), points(problem.testInputs))
    let probes = points(
      Matrix(
        rows: settings.probes, columns: problem.inputDimension,
        elements: Array(
          problem.testInputs.elements.prefix(settings.probes * problem.inputDimension))))
    let pairs = settings.pairsProbes ? kernels.matrices(probes, workers: workers).tangent : nil
    return TangentKernelMatrices(
      trainingTraining: kernels.matrices(training, workers: workers).tangent
        .map { learningRate * $0 },
      trainingTest: kernels.matrices(training, test, workers: workers).tangent
        .map { learningRate * $0 },
      probeDiagonal: probes.tangentDiagonal.map { learningRate * $0 },
      probePairs: settings.probePairs.dropFirst(settings.probes).map {
        learningRate * pairs![$0.first, $0.second]
      })
  }
}
