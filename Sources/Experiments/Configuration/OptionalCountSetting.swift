/// `limit.multirate` and `limit.rank`: not at all, left to the program, or a number.
public enum OptionalCountSetting: Sendable, Equatable {
  /// `off`
  case off
  /// The program chooses (`auto`).
  case automatic
  /// So many, at least 1.
  case fixed(Int)
}

extension OptionalCountSetting {
  init(_ value: ValueReader) throws {
    if value.scalarText == "off" {
      self = .off
    } else if value.scalarText == "auto" {
      self = .automatic
    } else if let number = value.wholeNumber(in: 1...ValueReader.largestCount) {
      self = .fixed(Int(number))
    } else {
      throw value.refusal(accepted: "off, auto or \(value.acceptedCount(atLeast: 1))")
    }
  }

  /// As in the configuration file.
  var text: String {
    switch self {
    case .off: "off"
    case .automatic: "auto"
    case .fixed(let count): "\(count)"
    }
  }
}

extension OptionalCountSetting: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self) {
      self = .fixed(number)
      return
    }
    let text = try container.decode(String.self)
    guard let setting = [.off, .automatic].first(where: { (known: Self) in known.text == text })
    else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(text) is neither off, auto nor a number")
    }
    self = setting
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if case .fixed(let count) = self {
      try container.encode(count)
    } else {
      try container.encode(text)
    }
  }
}
