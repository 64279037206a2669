import Foundation

/// A decimal number with at most 18 digits after the point, in which sums and comparisons are exact.
///
/// Exponents of the width decide by equalities (is 2 q_sigma + q_eta + 1 zero?) which limit a network
/// has; in binary fractions -0.7 + 0.1 + 0.6 is not zero. `Foundation.Decimal`, which has 38 digits,
/// carries the number: 18 before the point and 18 after it leave room for sums.
public struct ExactDecimal: Sendable, Hashable {
  private let decimal: Decimal

  /// Digits of a text at most, and digits kept after the point.
  public static let digits = 18

  private init(_ decimal: Decimal) { self.decimal = decimal }

  /// The number that `text` writes: an optional sign and decimal digits with at most one point, at
  /// most ``digits`` in all; `nil` for any other text (powers of ten and fractions among them).
  public init?(text: String) {
    let unsigned = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    let digits = unsigned.count { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let points = unsigned.count { $0 == UInt8(ascii: ".") }
    guard text.utf8.count - unsigned.count <= 1, points <= 1,
      digits + points == unsigned.count, (1...Self.digits).contains(digits)
    else { return nil }
    self.init(Self.parse(text))
  }

  /// The decimal number that prints as `value` does: the shortest that reads back as the same double,
  /// so that 0.1 is a tenth. Digits beyond the 18th after the point are rounded off. `nil` where
  /// `value` is not finite or not below 10^18 in magnitude.
  public init?(double value: Double) {
    guard abs(value) < 1e18 else { return nil }
    // Decimal's exponents end at -128, those of doubles do not.
    var exact = abs(value) < 1e-19 ? Decimal(0) : Self.parse("\(value)")
    var rounded = Decimal()
    NSDecimalRound(&rounded, &exact, Self.digits, .plain)
    self.init(rounded)
  }

  private static func parse(_ text: String) -> Decimal {
    guard let decimal = Decimal(string: text, locale: Locale(identifier: "en_US_POSIX")) else {
      preconditionFailure("\(text) is no decimal number")
    }
    return decimal
  }

  /// The nearest double.
  public var value: Double {
    guard let value = Double(description) else {
      preconditionFailure("\(description) is no number")
    }
    return value
  }

  /// The absolute value.
  public var magnitude: ExactDecimal { decimal < 0 ? -self : self }
}

extension ExactDecimal: Comparable {
  public static func < (a: ExactDecimal, b: ExactDecimal) -> Bool { a.decimal < b.decimal }
}

extension ExactDecimal: AdditiveArithmetic {
  public static let zero = ExactDecimal(Decimal(0))

  public static func + (a: ExactDecimal, b: ExactDecimal) -> ExactDecimal {
    ExactDecimal(a.decimal + b.decimal)
  }

  public static func - (a: ExactDecimal, b: ExactDecimal) -> ExactDecimal {
    ExactDecimal(a.decimal - b.decimal)
  }

  /// The negative, exact.
  public static prefix func - (a: ExactDecimal) -> ExactDecimal { zero - a }
}

extension ExactDecimal: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// The literal as it is written, up to the 17 digits of a double.
  public init(floatLiteral value: Double) {
    guard let exact = ExactDecimal(double: value) else {
      preconditionFailure("\(value) is beyond the range of ExactDecimal")
    }
    self = exact
  }

  public init(integerLiteral value: Int) { self.init(Decimal(value)) }
}

extension ExactDecimal: CustomStringConvertible {
  /// The digits without an exponent, such as `-0.75`, in any locale.
  public var description: String { decimal.description }
}
