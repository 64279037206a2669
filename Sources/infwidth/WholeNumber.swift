import ArgumentParser

/// A whole number on the command line, in plain digits or as 1e7 or 2.5e6.
struct WholeNumber: ExpressibleByArgument {
  let value: Int

  init?(argument: String) {
    if let value = Int(argument) {
      self.value = value
      return
    }
    // Doubles hold whole numbers up to 2^53; other notations (0x10, inf) have other characters.
    guard argument.allSatisfy({ "0123456789.eE+-".contains($0) }),
      let number = Double(argument), abs(number) <= 0x1p53, let value = Int(exactly: number)
    else { return nil }
    self.value = value
  }
}
