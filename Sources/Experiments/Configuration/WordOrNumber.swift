// Values that are either a word or a number. Each is encoded as the single value that the
// configuration file has in its place.

/// `training.batch`: the points that one step sees.
public enum BatchSetting: Sendable, Equatable {
  /// The whole training set (`full`).
  case full
  /// So many points a step, at least 1.
  case points(Int)
}

/// `limit.particles` and `limit.replicates`: a number, or left to the program.
public enum CountSetting: Sendable, Equatable {
  /// The program chooses (`auto`).
  case automatic
  /// So many, at least 1.
  case fixed(Int)
}

/// `record.every`: the training steps that are recorded.
public enum IntervalSetting: Sendable, Equatable {
  /// Every k-th step, k at least 1.
  case steps(Int)
  /// Steps spaced evenly in the logarithm (`logarithmic`).
  case logarithmic
}

extension BatchSetting: Codable, WordOrNumber {
  static var word: String { "full" }
  init(number: Int?) { self = number.map { .points($0) } ?? .full }
  var number: Int? { if case .points(let count) = self { count } else { nil } }
  public init(from decoder: any Decoder) throws { try self.init(decodingFrom: decoder) }
  public func encode(to encoder: any Encoder) throws { try encodeValue(to: encoder) }
}

extension CountSetting: Codable, WordOrNumber {
  static var word: String { "auto" }
  init(number: Int?) { self = number.map { .fixed($0) } ?? .automatic }
  var number: Int? { if case .fixed(let count) = self { count } else { nil } }
  public init(from decoder: any Decoder) throws { try self.init(decodingFrom: decoder) }
  public func encode(to encoder: any Encoder) throws { try encodeValue(to: encoder) }
}

extension IntervalSetting: Codable, WordOrNumber {
  static var word: String { "logarithmic" }
  init(number: Int?) { self = number.map { .steps($0) } ?? .logarithmic }
  var number: Int? { if case .steps(let count) = self { count } else { nil } }
  public init(from decoder: any Decoder) throws { try self.init(decodingFrom: decoder) }
  public func encode(to encoder: any Encoder) throws { try encodeValue(to: encoder) }
}

/// A value that is one certain word (`number` is then `nil`) or a whole number of at least 1.
protocol WordOrNumber {
  static var word: String { get }
  init(number: Int?)
  var number: Int? { get }
}

extension WordOrNumber {
  init(_ value: ValueReader) throws {
    if value.scalarText == Self.word {
      self.init(number: nil)
    } else if let number = value.wholeNumber(in: 1...ValueReader.largestCount) {
      self.init(number: Int(number))
    } else {
      throw value.refusal(accepted: "\(Self.word) or \(value.acceptedCount(atLeast: 1))")
    }
  }

  init(decodingFrom decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self) {
      self.init(number: number)
      return
    }
    let text = try container.decode(String.self)
    guard text == Self.word else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(text) is neither \(Self.word) nor a number")
    }
    self.init(number: nil)
  }

  func encodeValue(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let number { try container.encode(number) } else { try container.encode(Self.word) }
  }
}
