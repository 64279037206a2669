import DataIO
import Diagnostics
import KernelPredictions
import Networks

/// One network of a study: its kernels' predictions and the experiment of its finite networks.
struct StudyCase: Sendable {
  let parameterization: ParameterizationName
  /// N_(l+1) / N_l; 1 with one hidden layer.
  let widthRatio: Double
  let baseWidths: [Int]
  private let base: LoadedConfiguration
  private let problem: LearningProblem

  init(
    _ base: LoadedConfiguration, problem: LearningProblem, parameterization: ParameterizationName,
    widthRatio: Double, baseWidths: [Int]
  ) {
    self.base = base
    self.problem = problem
    self.parameterization = parameterization
    self.widthRatio = widthRatio
    self.baseWidths = baseWidths
  }

  var hiddenLayers: Int { baseWidths.count }

  /// Such as "standard, 3 hidden layers of 512, 256, 128".
  var text: String {
    "\(parameterization.rawValue), \(hiddenLayers) hidden layer\(hiddenLayers == 1 ? "" : "s") of"
      + " \(baseWidths.map(String.init).joined(separator: ", "))"
  }

  /// The networks that a study is of, in the order of its table: with one hidden layer there is no ratio.
  static func all(
    of study: StudySection, _ base: LoadedConfiguration, problem: LearningProblem
  ) -> [StudyCase] {
    study.parameterizations.flatMap { parameterization in
      study.hiddenLayers.flatMap { layers in
        (layers == 1 ? [1] : study.widthRatios).map { ratio in
          StudyCase(
            base, problem: problem, parameterization: parameterization, widthRatio: ratio,
            baseWidths: StudySection.widths(
              first: study.baseWidth, ratio: ratio, layers: layers)!)
        }
      }
    }
  }

  /// The configuration of this network alone: gradient descent on the squared loss, looked at after its last step.
  private func configuration(learningRate: Double) -> LoadedConfiguration {
    let study = base.configuration.study!
    var own = base.configuration
    own.network!.hiddenLayers = hiddenLayers
    own.network!.layerWidths = baseWidths
    own.network!.parameterization = parameterization
    own.network!.widthScale = 1
    own.training = TrainingSection(
      loss: .squared, learningRate: learningRate, steps: study.steps)
    own.scaling = .named(.ntk)
    own.limit.kernelFile = nil
    own.record = RecordSection(every: .steps(study.steps), probes: 0, lossGradient: false)
    own.prediction = PredictionSection(
      times: [PredictionTime(steps: Double(study.steps)), .infinity], dynamics: .discrete,
      noiseStandardDeviation: base.configuration.prediction?.noiseStandardDeviation ?? 0)
    return base.with(own)
  }

  /// What kernels predict.
  struct KernelScores {
    var learningRate: Double
    var bayesian: StudyRecord.Law
    /// After the steps, and at the end of training.
    var trained: StudyRecord.Law
    var end: StudyRecord.Law
    /// Kernels of which directions were left out, and the share of the targets' sum of squares in them.
    var leftOut: [(kernel: String, directions: Int, targetShare: Double)]
  }

  /// The job that knows how kernels predict; any learning rate below the largest stable one will do for it.
  func predictions(_ options: RunOptions) throws -> PredictionJob {
    var options = options
    options.precision = .double
    return try PredictionJob(
      KernelExperiment(configuration(learningRate: 1), problem: problem), options: options)
  }

  /// Cost: 18 n^3 operations for the eigenvectors, on one thread, and 2 n^2 (n + t) at both times.
  ///
  /// - Throws: `Diagnostic` where a kernel is not finite.
  func kernelScores(_ options: RunOptions) throws -> KernelScores {
    let job = try predictions(options)
    let study = base.configuration.study!
    let predictor = try KernelPredictor(job)
    let stable = largestStableLearningRate(
      largestEigenvalue: predictor.tangent.largest, trainingPoints: problem.trainingCount,
      loss: .squared,
      momentum: 0)
    let learningRate = study.learningRateShare * stable
    guard learningRate.isFinite else {
      throw base.locate(
        Diagnostic(
          .badInput,
          "the tangent kernel of the network (\(text)) is zero on the training points, so that no learning"
            + " rate is too large; accepted: inputs or biases that are not zero", key: "network"))
    }
    func law(_ prediction: KernelPredictor.Prediction) -> StudyRecord.Law {
      StudyRecord.Law(
        PredictionScores(
          problem, prediction.training, prediction.test, noise: job.section.noiseStandardDeviation))
    }
    let trained = predictor.trained(job.training, learningRate: learningRate, times: job.times)
      .map(law)
    return KernelScores(
      learningRate: learningRate, bayesian: law(predictor.bayesian()), trained: trained[0],
      end: trained[1], leftOut: predictor.leftOut)
  }

  /// The experiment of the finite networks.
  func experiment(learningRate: Double) throws -> Experiment {
    try Experiment(configuration(learningRate: learningRate), isDeep: true, problem: problem)
  }
}
