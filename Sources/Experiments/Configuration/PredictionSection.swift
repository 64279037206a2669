/// The section `prediction`: what is predicted from kernels (`infwidth predict`).
public struct PredictionSection: Sendable, Equatable, Codable {
  /// The training steps after which trained networks are predicted, increasing (the file may list them in any
  /// order); `nil`: 1, 2, 5, 10, ... up to `training.steps`, and infinity.
  public var times: [PredictionTime]?
  /// Default: flow.
  public var dynamics: DynamicsName
  /// The standard deviation of the noise on labels, not negative: of the Bayesian network's likelihood, and
  /// in every density of labels. Default: 0.
  public var noiseStandardDeviation: Double
  /// Whether covariances between test points are kept, and not standard deviations alone. Default: no.
  public var covariance: Bool

  init(
    times: [PredictionTime]? = nil, dynamics: DynamicsName = .flow,
    noiseStandardDeviation: Double = 0, covariance: Bool = false
  ) {
    self.times = times
    self.dynamics = dynamics
    self.noiseStandardDeviation = noiseStandardDeviation
    self.covariance = covariance
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case times, dynamics
    case noiseStandardDeviation = "noise_std"
    case covariance
  }
}

extension PredictionSection {
  init(_ value: ValueReader) throws {
    let section = try MappingReader<CodingKeys>(value)
    self.init()
    times = try section[.times].map { list in
      var seen: Set<Double> = []
      return try list.nonEmptyList(of: "times").map { element in
        let time = try PredictionTime(element)
        guard seen.insert(time.steps).inserted else {
          throw element.failure("the time \(time.text) is listed twice")
        }
        return time
      }.sorted { $0.steps < $1.steps }
    }
    dynamics = try section[.dynamics]?.word(DynamicsName.self) ?? dynamics
    noiseStandardDeviation =
      try section[.noiseStandardDeviation]?.number(.nonNegative) ?? noiseStandardDeviation
    covariance = try section[.covariance]?.boolean() ?? covariance
  }
}

/// A time of `prediction.times`: training steps, or their end (`infinity`).
public struct PredictionTime: Sendable, Equatable {
  /// Not negative; infinity is the end.
  public let steps: Double

  /// - Parameter steps: not negative; infinity for the end.
  public init(steps: Double) {
    precondition(steps >= 0)
    self.steps = steps
  }

  static let infinity = PredictionTime(steps: .infinity)
  private static let word = "infinity"

  /// As in the configuration file.
  var text: String {
    steps == .infinity
      ? Self.word : steps == steps.rounded() && steps < 1e15 ? "\(Int(steps))" : "\(steps)"
  }
}

extension PredictionTime {
  init(_ value: ValueReader) throws {
    if value.scalarText == Self.word {
      self = .infinity
    } else if let steps = try? value.number(.nonNegative) {
      self.init(steps: steps)
    } else {
      throw value.refusal(accepted: "\(AcceptedNumbers.nonNegative.rawValue), or \(Self.word)")
    }
  }
}

extension PredictionTime: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let steps = try? container.decode(Double.self), steps >= 0 {
      self.init(steps: steps)
      return
    }
    let text = try container.decode(String.self)
    guard text == Self.word else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(text) is neither \(Self.word) nor a time")
    }
    self = .infinity
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if steps == .infinity {
      try container.encode(Self.word)
    } else {
      try container.encode(steps)
    }
  }
}
