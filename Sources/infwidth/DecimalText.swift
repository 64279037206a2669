import Foundation

/// Reads a decimal number such as 60, 0.5 or 1e-3; `nil` for anything else, such as 0x10, inf and nan, and for
/// numbers beyond those that doubles hold.
func decimal(_ text: some StringProtocol) -> Double? {
  let text = text.trimmingCharacters(in: .whitespaces)
  guard text.allSatisfy({ "0123456789.eE+-".contains($0) }), let number = Double(text),
    number.isFinite
  else { return nil }
  return number
}
