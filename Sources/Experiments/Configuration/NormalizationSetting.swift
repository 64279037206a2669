/// `data.normalize`: what is done to the inputs after pixels are scaled to [0, 1].
public enum NormalizationSetting: Sendable, Equatable {
  /// Nothing (`none`).
  case none
  /// Each feature is shifted and scaled to mean 0 and standard deviation 1 over the training points
  /// (`standardize`).
  case standardize
  /// (x - mean) / standardDeviation, the same for every feature (`{mean: 0.47, std: 0.25}`).
  case affine(mean: Double, standardDeviation: Double)
}

extension NormalizationSetting: Codable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case mean
    case standardDeviation = "std"
  }

  private enum Word: String {
    case none, standardize
  }

  public init(from decoder: any Decoder) throws {
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      switch Word(rawValue: text) {
      case Word.none?: self = .none
      case .standardize?: self = .standardize
      case nil:
        throw DecodingError.dataCorruptedError(
          in: try decoder.singleValueContainer(), debugDescription: "\(text) is no normalization")
      }
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self = .affine(
      mean: try container.decode(Double.self, forKey: .mean),
      standardDeviation: try container.decode(Double.self, forKey: .standardDeviation))
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .none, .standardize:
      var container = encoder.singleValueContainer()
      try container.encode(self == .none ? Word.none.rawValue : Word.standardize.rawValue)
    case .affine(let mean, let standardDeviation):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(mean, forKey: .mean)
      try container.encode(standardDeviation, forKey: .standardDeviation)
    }
  }
}

extension NormalizationSetting {
  init(_ value: ValueReader) throws {
    if value.isMapping {
      let section = try MappingReader<CodingKeys>(value)
      self = .affine(
        mean: try section.required(.mean, give: "a finite number").number(.finite),
        standardDeviation: try section.required(.standardDeviation, give: "a positive number")
          .number(.positive))
      return
    }
    switch value.scalarText.flatMap(Word.init(rawValue:)) {
    case Word.none?: self = .none
    case .standardize?: self = .standardize
    case nil:
      throw value.refusal(accepted: "none, standardize or {mean: M, std: S}")
    }
  }
}
