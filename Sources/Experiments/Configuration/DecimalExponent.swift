public import Networks

/// An exponent of the width, kept as the decimal text the user wrote, so that the classification of
/// a scaling (is 2 q_sigma + q_eta + 1 zero?) can be exact where binary fractions are not.
///
/// Accepted texts: those of `ExactDecimal` (an optional sign and decimal digits with at most one
/// point, at most 18 digits in all; neither powers of ten nor fractions) of at most 100 in magnitude.
/// Two exponents are equal where their numbers are (`-0.5` and `-0.50`).
public struct DecimalExponent: Sendable {
  /// What is accepted, for error messages.
  package static let accepted = "a decimal number from -100 to 100, such as -0.75"

  /// The number as written, such as `-0.75`.
  public let text: String
  /// The number itself.
  public let exactValue: ExactDecimal

  /// The exponent that `text` writes, or `nil` where the text is not accepted.
  public init?(text: String) {
    guard let exactValue = ExactDecimal(text: text), exactValue.magnitude <= 100 else { return nil }
    self.text = text
    self.exactValue = exactValue
  }

  /// The nearest binary number.
  public var value: Double { exactValue.value }
}

extension DecimalExponent: Equatable {
  public static func == (a: DecimalExponent, b: DecimalExponent) -> Bool {
    a.exactValue == b.exactValue
  }
}

extension DecimalExponent: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let exponent = DecimalExponent(text: text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(text) is not a decimal exponent")
    }
    self = exponent
  }

  /// The text, so that nothing is rounded on the way.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
