import DataIO
import Diagnostics
import Measures
import Networks
import ParticleSystems

/// A configuration turned into the objects that a run is made of: data loaded, network, law,
/// scaling and schedules; free of command lines.
///
/// Settings that this version does not compute are refused here, by name.
public struct Experiment: Sendable {
  /// The configuration and its file.
  public let loaded: LoadedConfiguration
  /// Data as they are trained on: normalized, and divided into training and test points.
  public let problem: LearningProblem
  /// Activation and bias of one hidden layer.
  public let architecture: Architecture
  /// Of `training.loss`.
  public let loss: Loss
  /// The network of width d* that the scaling is anchored at.
  public let reference: ReferenceNetwork
  /// The initial law of (a, w), hatted.
  public let law: InitialLaw
  /// What becomes of the scaled networks as their width grows.
  public let regime: Regime
  let training: TrainingSection
  /// The deep network that the configuration is about, in the place of one hidden layer in a scaling;
  /// `nil` where it is not (`ExperimentConfiguration/isAboutDeepNetwork`).
  public let deep: DeepArchitecture?
  /// The scaling of the several hidden layers that the configuration is about, around a network of reference
  /// width (`ExperimentConfiguration/deepScalingName`); `nil` where it is not. ``regime`` is then that of one
  /// hidden layer in the scaling of this name, and says nothing of these networks.
  public let deepScaling: DeepScaling?

  /// That of ``loaded``.
  public var configuration: ExperimentConfiguration { loaded.configuration }
  /// That of ``regime``.
  public var scaling: Scaling { regime.scaling }

  /// Checks the settings and loads the data.
  ///
  /// - Parameters:
  ///   - takesDeepNetworks: whether the command knows deep networks.
  ///   - takesDeepScalings: whether it knows those that have a ``deepScaling``.
  /// - Throws: `Diagnostic` with file, line and key: settings not available, sections missing, data
  ///   that cannot be read or does not hold what is asked for.
  public init(
    _ loaded: LoadedConfiguration, takesDeepNetworks: Bool = false,
    takesDeepScalings: Bool = false
  ) throws {
    try self.init(
      loaded, isDeep: takesDeepNetworks && loaded.configuration.isAboutDeepNetwork,
      takesDeepScalings: takesDeepScalings, problem: nil)
  }

  /// - Parameters:
  ///   - isDeep: whether the network is a deep one, with one hidden layer too.
  ///   - takesDeepScalings: whether it may have a ``deepScaling``.
  ///   - problem: the data, where they are loaded already.
  init(
    _ loaded: LoadedConfiguration, isDeep: Bool, takesDeepScalings: Bool = false,
    problem known: LearningProblem?
  ) throws {
    let scalingName = takesDeepScalings ? loaded.configuration.deepScalingName : nil
    self.loaded = loaded
    let configuration = loaded.configuration
    do {
      let network = try Self.required(configuration.network, "network", "activation: relu")
      training = try Self.required(
        configuration.training, "training", "learning_rate: 0.02 and steps: 50")
      architecture = Architecture(network)
      loss = Loss(training.loss)
      let optimizer = Optimizer(training)
      deepScaling = scalingName.map {
        DeepScaling($0, hiddenLayers: network.hiddenLayers, optimizer: optimizer)
      }
      if let deepScaling {
        try Availability.check(configuration, deepScaling)
        deep = nil
      } else if isDeep {
        try Availability.checkDeepScaling(configuration, takesDeepScalings: takesDeepScalings)
        deep = try DeepArchitecture(network, needsKernels: false)
      } else {
        try Availability.check(network)
        deep = nil
      }
      regime = Regime(configuration.scaling, optimizer.stepSize)
      if let known {
        problem = known
      } else {
        let data = try loadProblem(DatasetRequest(loaded, loss: loss))
        problem = loss == .softmax ? data.withAnOutputForEachClass() : data
      }
      try Self.check(problem.task, suits: loss)
      reference = ReferenceNetwork(
        width: network.referenceWidth, learningRate: training.learningRate,
        optimizer: optimizer)
      law = InitialLaw(
        shape: try Availability.shape(network.initialization),
        inputDimension: problem.inputDimension,
        outputWeightDeviation: network.outputWeightStandardDeviation,
        inputWeightDeviation: network.inputWeightStandardDeviation)
    } catch let diagnostic as Diagnostic {
      throw loaded.locate(diagnostic)
    }
  }

  /// Whether the steps are those of a tangent kernel: normalized ones are not linear in the loss
  /// gradient.
  var hasTangentKernel: Bool { reference.optimizer.stepSize == .proportional }

  /// The training of particles or neurons with the given step sizes.
  func settings(step: ParticleStep, snapshots: [Int], decomposes: Bool) -> TrainingSettings {
    let record = configuration.record
    let recorded: RecordedSteps =
      switch record.every {
      case .steps(let stride): .every(stride)
      case .logarithmic: .logarithmic
      }
    let batches: BatchSchedule =
      switch training.batch {
      // A batch of all points in order is the full batch, and costs no copies of the inputs.
      case .points(let size) where size < problem.trainingCount || training.shuffleSeed != nil:
        .batches(size: size, shuffleSeed: training.shuffleSeed)
      case .points, .full: .full
      }
    return TrainingSettings(
      problem: problem, architecture: architecture, loss: loss, step: step,
      steps: training.steps, batches: batches, recorded: recorded,
      probes: probes, snapshots: snapshots, decomposes: decomposes, pairsProbes: pairsProbes,
      recordsLossGradient: record.lossGradient)
  }

  /// Test points whose tangent kernel is recorded.
  var probes: Int {
    hasTangentKernel ? min(configuration.record.probes, problem.testCount) : 0
  }

  /// Whether it is recorded at their pairs.
  var pairsProbes: Bool { configuration.record.probeKernels && probes > 0 }

  private static func required<Section>(
    _ section: Section?, _ name: String, _ example: String
  ) throws -> Section {
    guard let section else {
      throw Diagnostic(
        .badInput, "missing; give a section \(name): with at least \(example)", key: name)
    }
    return section
  }

  private static func check(_ task: LearningProblem.Task, suits loss: Loss) throws {
    guard case .multiclass(let names) = task, loss == .logistic else { return }
    throw Diagnostic(
      .badInput,
      "received \(names.count) classes; accepted with the \(loss.rawValue) loss: two classes, each a label or"
        + " a list of labels, such as [[0, 1], [2, 3]]; more with the softmax or the squared loss",
      key: "data.classes")
  }
}
