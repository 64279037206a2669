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
  /// The decay of the mean square in `rmsprop`, in [0, 1), by default 0.99; `nil` with the other
  /// optimizers.
  public var rmspropDecay: Double?
  /// The constant added to the root mean square in `rmsprop`, positive, by default 1e-8; `nil` with
  /// the other optimizers.
  public var rmspropEpsilon: Double?

  public init(
    loss: LossName = .logistic, optimizer: OptimizerName = .gradientDescent, learningRate: Double,
    steps: Int, batch: BatchSetting = .full, shuffleSeed: UInt64? = nil, momentum: Double? = nil,
    rmspropDecay: Double? = nil, rmspropEpsilon: Double? = nil
  ) {
    self.loss = loss
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.steps = steps
    self.batch = batch
    self.shuffleSeed = shuffleSeed
    self.momentum = momentum ?? (optimizer == .momentum ? 0.9 : nil)
    self.rmspropDecay = rmspropDecay ?? (optimizer == .rmsprop ? 0.99 : nil)
    self.rmspropEpsilon = rmspropEpsilon ?? (optimizer == .rmsprop ? 1e-8 : nil)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case loss, optimizer
    case learningRate = "learning_rate"
    case steps, batch
    case shuffleSeed = "shuffle_seed"
    case momentum
    case rmspropDecay = "rmsprop_decay"
    case rmspropEpsilon = "rmsprop_epsilon"
  }
}

extension TrainingSection {
  /// - Parameter trainingPoints: `data.train`, where given: no batch is larger.
  init(_ value: ValueReader, trainingPoints: Int?) throws {
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
    rmspropDecay =
      try constant(.rmspropDecay, of: .rmsprop, section)?.number(.fraction) ?? rmspropDecay
    rmspropEpsilon =
      try constant(.rmspropEpsilon, of: .rmsprop, section)?.number(.positive) ?? rmspropEpsilon
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
