import DataIO
import Execution
import KernelPredictions
import LinearAlgebra
import Networks

/// What kernels predict on a problem: both bases of eigenvectors, and the laws of Bayesian and of trained
/// networks that follow from them.
struct KernelPredictor {
  /// At the training and at the test points.
  typealias Prediction = (training: GaussianPrediction, test: GaussianPrediction)

  let matrices: PredictionKernels
  /// Of the covariance on the training points, the labels' noise in it, and of the tangent kernel.
  let nngp, tangent: KernelEigenbasis
  private let targets: Matrix<Double>
  private let prior: PriorCovariance
  private let workers: Workers

  /// Cost: 18 n^3 operations for the eigenvectors, on one thread.
  ///
  /// - Parameter report: takes what begins.
  /// - Throws: `Diagnostic` where a kernel is not finite.
  init(_ job: PredictionJob, report: (String) -> Void = { _ in }) throws {
    let problem = job.experiment.problem
    report("kernels")
    matrices = try job.kernels()
    targets = Matrix(
      rows: problem.trainingCount, columns: problem.outputs,
      elements: PredictionRecord.targets(problem.trainingLabels, outputs: problem.outputs))
    prior =
      job.section.covariance ? .full(matrices.testNNGP) : .variances(matrices.testVariances)
    workers = job.options.workers
    let noise = job.section.noiseStandardDeviation
    report("eigenvalues of the covariance")
    nngp = try job.basis(matrices.trainNNGP, noise: noise * noise)
    report("eigenvalues of the tangent kernel")
    tangent = try job.basis(matrices.trainTangent, noise: 0)
  }

  /// Kernels of which directions are left out or could be, their number, and the share of the targets' sum of
  /// squares in them.
  var leftOut: [(kernel: String, directions: Int, targetShare: Double)] {
    [("nngp", nngp), ("ntk", tangent)].map { ($0, $1.leftOut, $1.shareLeftOut(of: targets)) }
  }

  /// Cost: 2 n^2 (n + t) operations.
  func bayesian() -> Prediction {
    let posterior = KernelPosterior(nngp, workers: workers)
    return (
      posterior.trainingPrediction(targets: targets),
      posterior.prediction(across: matrices.acrossNNGP, prior: prior, targets: targets)
    )
  }

  /// Networks that are trained for each of `times`, in steps. Cost: 2 n^2 (n + t) operations a time.
  func trained(
    _ training: SquaredLossTraining, learningRate: Double, times: [Double]
  ) -> some Sequence<Prediction> {
    let ensemble = TrainedEnsemble(
      tangent, initialCovariance: matrices.trainNNGP, learningRate: learningRate,
      training: training, workers: workers)
    let points = ensemble.points(
      tangent: matrices.acrossTangent, nngp: matrices.acrossNNGP, prior: prior)
    return times.lazy.map { [targets] time in
      (
        ensemble.trainingPrediction(targets: targets, time: time),
        ensemble.prediction(points, targets: targets, time: time)
      )
    }
  }
}
