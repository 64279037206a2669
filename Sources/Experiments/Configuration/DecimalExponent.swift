public import Foundation

/// An exponent of the width, kept as the decimal text the user wrote, so that the classification of
/// a scaling (is 2 q_sigma + q_eta + 1 zero?) can be exact where binary fractions are not.
///
/// Accepted texts: an optional sign and decimal digits with at most one point, at most 18 digits in
/// all and at most 100 in magnitude; neither powers of ten nor fractions. Two exponents are equal
/// where their numbers are (`-0.5` and `-0.50`).
public struct DecimalExponent: Sendable {
  /// The number as written, such as `-0.75`.
  public let text: String
  /// The nearest binary number.
  public let value: Double

  /// The exponent that `text` writes, or `nil` where the text is not accepted.
  public init?(text: String) {
    let unsigned = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    let digits = unsigned.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let points = unsigned.count(where: { $0 == UInt8(ascii: ".") })
    guard text.utf8.count - unsigned.count <= 1, points <= 1,
      digits.count + points == unsigned.count, (1...18).contains(digits.count),
      let value = Double(text), abs(value) <= 100
    else { return nil }
    self.text = text
    self.value = value
  }

  /// The number itself: 18 digits fit a `Decimal`, which has 38.
  public var exactValue: Decimal {
    guard let decimal = Decimal(string: text, locale: Locale(identifier: "en_US_POSIX")) else {
      preconditionFailure("\(text) passed the initializer and is no decimal number")
    }
    return decimal
  }
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
