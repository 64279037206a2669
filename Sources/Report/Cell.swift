import DataIO
import Foundation

/// Numbers in tables and sentences.
enum Cell {
  static let missing: Markup = "–"

  static func whole(_ value: Double) -> Markup {
    value.isFinite ? Markup(String(format: "%.0f", value)) : missing
  }

  /// So many significant digits, with a power of ten where small or large.
  static func significant(_ value: Double, _ digits: Int = 3) -> Markup {
    if value.isNaN { return missing }
    if value.isInfinite { return value > 0 ? "infinite" : "minus infinite" }
    return Markup(String(format: "%.\(digits)g", value))
  }

  static func decimals(_ value: Double, _ digits: Int) -> Markup {
    // Diverging runs have numbers that fit no column.
    abs(value) < 1e5 ? Markup(String(format: "%.\(digits)f", value)) : significant(value)
  }

  static func percent(_ value: Double) -> Markup {
    value.isNaN ? missing : Markup(String(format: "%.1f", 100 * value))
  }

  /// A number to two digits of its error, such as "0.3641 ± 0.0023"; without a known error to five
  /// decimals.
  static func uncertain(_ value: Double, _ error: Double) -> Markup {
    guard value.isFinite else { return significant(value) }
    guard error.isFinite else { return decimals(value, 5) }
    // What rounding leaves of an error that is zero.
    guard error > 1e-12 * abs(value) else { return "\(significant(value, 5)) ± 0" }
    let digits = max(0, 1 - Int(log10(error).rounded(.down)))
    guard digits <= 6, max(abs(value), error) < 1e6 else {
      return "\(significant(value, 4)) ± \(significant(error, 2))"
    }
    return Markup(String(format: "%.\(digits)f ± %.\(digits)f", value, error))
  }

  /// The exponents of a limit.
  static func exponents(_ limit: LimitDescription) -> Markup {
    "α = \(exponent(limit.alpha)), β = \(exponent(limit.beta)), γ = \(exponent(limit.gamma))"
  }

  /// An exponent of theory: a few digits, no zeros behind them.
  static func exponent(_ value: Double) -> Markup {
    value.isNaN ? missing : Markup(String(format: "%g", value == 0 ? 0 : value))
  }
}

/// "1 seed", "2 seeds".
func counted(_ count: Int, _ noun: String, plural: String? = nil) -> String {
  "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}
