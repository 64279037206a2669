import Dynamics
import Execution
import Kernels
import LinearAlgebra
import Measures
import Networks

extension InitialKernelParts {
  /// The exact tangent kernel at initialization of a Gaussian law, part by part, between the training
  /// points (rows) and the training points followed by the test points (columns):
  /// ``InitialKernels``.
  ///
  /// - Cost: as `InitialKernels.matrices`, for n x (n + t) pairs of points.
  /// - Precondition: the law is Gaussian.
  public init(
    law: InitialLaw, architecture: Architecture, reference: ReferenceNetwork,
    problem: LearningProblem, workers: Workers
  ) {
    let (n, all) = (problem.trainingCount, problem.trainingCount + problem.testCount)
    let kernels = InitialKernels(law: law, architecture: architecture, reference: reference)
    let matrices = kernels.matrices(
      KernelPoints(problem.trainingInputs, architecture: architecture),
      KernelPoints(
        Matrix(
          rows: all, columns: problem.inputDimension,
          elements: problem.trainingInputs.elements + problem.testInputs.elements),
        architecture: architecture), workers: workers)
    let output = matrices.covariance.map { $0 * kernels.outputPerCovariance }
    let input = zip(matrices.tangent.elements, output.elements).map { $0 - $1 }
    self.init(output: output, input: Matrix(rows: n, columns: all, elements: input))
  }
}
