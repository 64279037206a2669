import ArgumentParser

/// Reads a whole number from the command line: plain digits, or as 1e7 or 2.5e6.
///
/// - Throws: `ValidationError` where it is none.
func wholeNumber(_ text: String) throws -> Int {
  if let number = Int(text) { return number }
  // Doubles hold whole numbers up to 2^53; other notations (0x10, inf) have other characters.
  guard text.allSatisfy({ "0123456789.eE+-".contains($0) }), let number = Double(text),
    abs(number) <= 0x1p53, let whole = Int(exactly: number)
  else { throw ValidationError("accepted: a whole number, such as 65536 or 1e7") }
  return whole
}
