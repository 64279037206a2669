/// The section `training`: what is minimized, and by which steps.
public struct TrainingSection: Sendable, Equatable, Codable {
  /// Default: logistic.
  public var loss: LossName
  /// Default: gd.
  public var optimizer: OptimizerName
  /// The learning rate eta of the reference network, on every parameter; positive. Required.
  public var learningRate: Double
  /// The number of training steps, at least 1. Required.
  public var steps: Int
  /// Default: full.
  public var batch: BatchSetting
  /// Seed of the order in which batches run through the training set; `nil`: in its own order.
  public var shuffleSeed: UInt64?
  /// The coefficient of `momentum`, in [0, 1), by default 0.9; `nil` with the other optimizers.
  public var momentum: Double?
  /// The smoothing of the mean square in `rmsprop` (PyTorch's alpha), in [0, 1), by default 0.99;
  /// `nil` with the other optimizers.
  public var smoothing: Double?
  /// The constant added to the root mean square in `rmsprop`, for the gradients of the reference
  /// network in standard parameterization, at least 1e-15, by default 1e-8; with several hidden layers in
  /// a scaling of their own (`ExperimentConfiguration/deepScalingName`) also 0, the default there; `nil`
  /// with the other optimizers.
  public var epsilon: Double?

  static let defaultMomentum = 0.9
  static let defaultSmoothing = 0.99
  static let defaultEpsilon = 1e-8

  /// What is left out has the default of the configuration file.
  public init(
    loss: LossName = .logistic, optimizer: OptimizerName = .gradientDescent, learningRate: Double,
    steps: Int, batch: BatchSetting = .full, shuffleSeed: UInt64? = nil, momentum: Double? = nil,
    smoothing: Double? = nil, epsilon: Double? = nil
  ) {
    self.loss = loss
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.steps = steps
    self.batch = batch
    self.shuffleSeed = shuffleSeed
    self.momentum = momentum ?? (optimizer == .momentum ? Self.defaultMomentum : nil)
    self.smoothing = smoothing ?? (optimizer == .rmsprop ? Self.defaultSmoothing : nil)
    self.epsilon = epsilon ?? (optimizer == .rmsprop ? Self.defaultEpsilon : nil)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case loss, optimizer
    case learningRate = "learning_rate"
    case steps, batch
    case shuffleSeed = "shuffle_seed"
    case momentum, smoothing, epsilon
  }
}

extension TrainingSection {
  /// - Parameter trainingPoints: `data.train`, where given: no batch is larger.
  /// - Parameter takesZeroEpsilon: whether the networks have a limit with epsilon 0, which then is the default.
  init(_ value: ValueReader, trainingPoints: Int?, takesZeroEpsilon: Bool) throws {
    let section = try MappingReader<CodingKeys>(value)
    self.init(
      optimizer: try section[.optimizer]?.word(OptimizerName.self) ?? .gradientDescent,
      learningRate: try section.required(.learningRate, give: "a positive number")
        .number(.positive),
      steps: try section.required(.steps, give: "a whole number of at least 1").count())
    loss = try section[.loss]?.word(LossName.self) ?? loss
    batch = try section[.batch].map { try BatchSetting($0) } ?? batch
    if let given = section[.batch], let points = trainingPoints, let size = batch.number,
      size > points
    {
      throw given.refusal(accepted: "full or at most the \(points) points of data.train")
    }
    shuffleSeed = try section[.shuffleSeed]?.seed()
    momentum = try constant(.momentum, of: .momentum, section)?.number(.fraction) ?? momentum
    smoothing = try constant(.smoothing, of: .rmsprop, section)?.number(.fraction) ?? smoothing
    if takesZeroEpsilon, optimizer == .rmsprop { epsilon = 0 }
    epsilon =
      try constant(.epsilon, of: .rmsprop, section)?
      .number(takesZeroEpsilon ? .zeroOrStabilizing : .stabilizing) ?? epsilon
  }

  /// A constant that belongs to one optimizer and is refused with the others.
  private func constant(
    _ key: CodingKeys, of owner: OptimizerName, _ section: MappingReader<CodingKeys>
  ) throws -> ValueReader? {
    guard let value = section[key] else { return nil }
    guard optimizer == owner else {
      throw value.failure(
        "belongs to optimizer \(owner.rawValue); the optimizer is \(optimizer.rawValue)")
    }
    return value
  }
}
