import DataIO
import DeepKernels
import Diagnostics
import LinearAlgebra
import Networks

/// The kernels that predictions are made from, in double precision.
struct PredictionKernels {
  /// (train x train)
  let trainNNGP, trainTangent: Matrix<Double>
  /// (test x train)
  let acrossNNGP, acrossTangent: Matrix<Double>
  /// (test x test); empty where covariances are not kept.
  let testNNGP: Matrix<Double>
  let testVariances: [Double]
}

extension PredictionJob {
  func kernels() throws -> PredictionKernels {
    if let record {
      let test = try record.nngp(.testTest)
      return PredictionKernels(
        trainNNGP: try record.nngp(.trainTrain), trainTangent: try record.tangent(.trainTrain),
        acrossNNGP: try record.nngp(.testTrain), acrossTangent: try record.tangent(.testTrain),
        testNNGP: section.covariance ? test : Self.none,
        testVariances: (0..<test.rows).map { test[$0, $0] })
    }
    let made =
      switch options.precision {
      case .single: compute(in: Float.self)
      case .double: compute(in: Double.self)
      }
    let isFinite = [
      made.trainNNGP, made.trainTangent, made.acrossNNGP, made.acrossTangent, made.testNNGP,
    ].allSatisfy { $0.elements.allSatisfy(\.isFinite) }
    guard isFinite, made.testVariances.allSatisfy(\.isFinite) else {
      throw experiment.loaded.locate(
        Diagnostic(
          .badInput,
          "a kernel is not finite in \(options.precision.rawValue) precision; lower"
            + " network.weight_std or the inputs", key: "network"))
    }
    return made
  }

  private static var none: Matrix<Double> { Matrix(rows: 0, columns: 0, repeating: 0) }

  private func compute<Scalar: DeepKernelScalar>(in precision: Scalar.Type) -> PredictionKernels {
    let (problem, kernels) = (experiment.problem, experiment.kernels)
    let workers = options.workers
    let training = DeepKernelPoints<Scalar>(problem.trainingInputs, kernels, workers: workers)
    let test = DeepKernelPoints<Scalar>(problem.testInputs, kernels, workers: workers)
    let own = kernels.matrices(training, workers: workers)
    let across = kernels.matrices(test, training, workers: workers)
    return PredictionKernels(
      trainNNGP: own.nngp.map { Double($0) }, trainTangent: own.tangent.map { Double($0) },
      acrossNNGP: across.nngp.map { Double($0) }, acrossTangent: across.tangent.map { Double($0) },
      testNNGP: section.covariance
        ? kernels.matrices(test, workers: workers).nngp.map { Double($0) } : Self.none,
      testVariances: test.nngpDiagonal)
  }
}
