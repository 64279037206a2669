import DataIO
import Diagnostics
import Dynamics
import Kernels
import LinearAlgebra
import Measures
import Networks
import ParticleSystems

/// What a limit needs of the kernels at initialization: realizations of the initial function where it
/// is random, and tangent kernels where the measure is frozen.
struct LimitKernels {
  /// One row a realization; `nil` where the limit has no initial function.
  var initialFunctions: (training: [[Double]], test: [[Double]])?
  /// Independent estimates, or the one kernel; empty where the measure moves.
  private(set) var tangent: [TangentKernelMatrices] = []
  /// The exact kernel on the training points, part by part, for control variates of moving measures;
  /// `nil` where there is none.
  private(set) var exactParts: InitialKernelParts?
  /// How they were made, for the file.
  private(set) var attributes: [String: AttributeValue] = [:]

  /// - Parameter givesFunctions: whether initial functions are given later instead of drawn here.
  init(_ job: LimitJob, givesFunctions: Bool = false) throws {
    let needsFunction = job.rule.offset != .never && !givesFunctions
    exactParts = Self.parts(job)
    if job.movesMeasure, !needsFunction { return }
    if let source = job.kernelSource {
      try take(source, job, needsFunction: needsFunction)
      return
    }
    let problem = job.experiment.problem
    let architecture = job.experiment.architecture
    // Training points first, then test points: the initial function is one draw on all of them.
    let points = KernelPoints(
      Matrix(
        rows: problem.trainingCount + problem.testCount, columns: problem.inputDimension,
        elements: problem.trainingInputs.elements + problem.testInputs.elements),
      architecture: architecture)
    var covariance = [Double](repeating: 0, count: points.count * points.count)
    let estimates = Self.estimates(job)
    for estimate in estimates {
      let matrices = estimate(points)
      for i in covariance.indices {
        covariance[i] += matrices.covariance.elements[i] / Double(estimates.count)
      }
      if !job.movesMeasure { tangent.append(Self.slices(matrices.tangent, job.settings)) }
      if matrices.quadratureError > 0 {
        attributes["kernel_quadrature_error"] = .double(matrices.quadratureError)
      }
    }
    attributes["kernel"] = .text(
      job.experiment.law.shape != .gaussian
        ? "mean over particles"
        : DualActivation(architecture.activation).isClosedForm ? "closed form" : "quadrature")
    try reportSpectrum()
    if needsFunction {
      try draw(
        Matrix(rows: points.count, columns: points.count, elements: covariance), job)
    }
  }

  /// Kernels of deep networks.
  private mutating func take(
    _ source: any DeepKernelSource, _ job: LimitJob, needsFunction: Bool
  ) throws {
    tangent = [
      try source.tangent(
        learningRate: job.experiment.reference.learningRate, job.settings)
    ]
    attributes = source.attributes
    try reportSpectrum()
    if needsFunction { try draw(try source.covariance(), job) }
  }

  private static func parts(_ job: LimitJob) -> InitialKernelParts? {
    guard job.controlsKernel else { return nil }
    let experiment = job.experiment
    return InitialKernelParts(
      law: experiment.law, architecture: experiment.architecture,
      reference: experiment.reference, problem: experiment.problem, workers: job.options.workers)
  }

  /// Closed forms (or quadrature) where the law is Gaussian, else independent samples of it.
  private static func estimates(_ job: LimitJob) -> [(KernelPoints) -> KernelMatrices] {
    let experiment = job.experiment
    if experiment.law.shape == .gaussian {
      let kernels = InitialKernels(
        law: experiment.law, architecture: experiment.architecture,
        reference: experiment.reference)
      return [{ kernels.matrices($0, workers: job.options.workers) }]
    }
    let size = job.particles / job.replicates
    let sample = InitialSample(
      law: experiment.law, seed: experiment.seed(job.options), use: .limit)
    return (0..<job.replicates).map { replicate in
      { points in
        SampledKernels(
          sample: sample, architecture: experiment.architecture,
          reference: experiment.reference, first: replicate * size, particles: size, groups: 1
        ).means(
          points, precision: job.options.precision == .single ? .single : .double,
          workers: job.options.workers)
      }
    }
  }

  private static func slices(
    _ kernel: Matrix<Double>, _ settings: TrainingSettings
  ) -> TangentKernelMatrices {
    let n = settings.problem.trainingCount
    let test = kernel.columns - n
    return TangentKernelMatrices(
      trainingTraining: Matrix(
        rows: n, columns: n, elements: (0..<n).flatMap { kernel.row($0).prefix(n) }),
      trainingTest: Matrix(
        rows: n, columns: test, elements: (0..<n).flatMap { kernel.row($0).suffix(test) }),
      probeDiagonal: (0..<settings.probes).map { kernel[n + $0, n + $0] },
      probePairs: settings.probePairs.dropFirst(settings.probes).map {
        kernel[n + $0.first, n + $0.second]
      })
  }

  /// The extreme eigenvalues of the tangent kernel on the training points: whether it is positive
  /// semi-definite is reported, not assumed.
  private mutating func reportSpectrum() throws {
    guard let first = tangent.first else { return }
    guard let eigen = SymmetricEigen(first.trainingTraining) else {
      throw Diagnostic(
        .badInput, "the tangent kernel is not finite; lower input_weight_std or the inputs",
        key: "network")
    }
    attributes["tangent_kernel_minimum_eigenvalue"] = .double(eigen.values.first ?? .nan)
    attributes["tangent_kernel_maximum_eigenvalue"] = .double(eigen.values.last ?? .nan)
  }

  private mutating func draw(_ covariance: Matrix<Double>, _ job: LimitJob) throws {
    guard let process = GaussianProcess(covariance: covariance) else {
      throw Diagnostic(
        .badInput,
        "the covariance of the initial function is not finite; lower input_weight_std or"
          + " the inputs", key: "network")
    }
    switch process.factorization {
    case .cholesky(let jitter):
      attributes["initial_function_factorization"] = .text("Cholesky")
      attributes["initial_function_relative_jitter"] = .double(jitter)
    case .eigenvalues(let minimum, let clipped):
      attributes["initial_function_factorization"] = .text("eigenvalues")
      attributes["initial_function_minimum_eigenvalue"] = .double(minimum)
      attributes["initial_function_clipped_mass"] = .double(clipped)
    }
    // The functions of the outputs are independent, since the output weights are.
    let outputs = job.experiment.problem.outputs
    let draws = process.realizations(
      0..<(job.realizations * outputs), seed: job.experiment.seed(job.options))
    let n = job.experiment.problem.trainingCount
    // A point without variance, such as the zero input without a bias, has the value 0 exactly; the
    // jitter would make noise of it.
    func rows(_ range: Range<Int>) -> [[Double]] {
      (0..<job.realizations).map { realization in
        range.flatMap { point in
          (0..<outputs).map { output in
            covariance[point, point] == 0 ? 0 : draws[point, realization * outputs + output]
          }
        }
      }
    }
    initialFunctions = (rows(0..<n), rows(n..<covariance.rows))
  }
}

extension LimitJob {
  /// Numbers that control variates keep, at most: sampled and exact kernels of every system.
  private static let largestControl = 1 << 28

  /// Whether the initial kernel is a control variate of the particles, besides the initial logits.
  var controlsKernel: Bool {
    let problem = experiment.problem
    let (n, all) = (problem.trainingCount, problem.trainingCount + problem.testCount)
    return movesMeasure && replicates > 1 && experiment.law.shape == .gaussian
      && experiment.training.optimizer != .rmsprop && flowTolerance == nil
      && design.takesControlVariates
      && 2 * n * all * (replicates * realizations + 2) <= Self.largestControl
  }
}
