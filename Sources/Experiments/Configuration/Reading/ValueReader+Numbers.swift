/// The real numbers a key accepts.
enum AcceptedNumbers: String {
  case finite = "a finite number"
  case positive = "a positive number"
  case nonNegative = "a number of at least 0"
  case fraction = "a number of at least 0 and below 1"
  case share = "a number above 0 and at most 1"
  case properShare = "a number above 0 and below 1"
  /// Added to roots of mean squares. Squares of gradients below 1e-19 are zero in single precision:
  /// the constant must be far larger, to keep the quotient of such gradients by it small.
  case stabilizing = "a number of at least 1e-15"
  case zeroOrStabilizing = "0 or a number of at least 1e-15"

  func contains(_ number: Double) -> Bool {
    switch self {
    case .finite: number.isFinite
    case .positive: number.isFinite && number > 0
    case .nonNegative: number.isFinite && number >= 0
    case .fraction: number >= 0 && number < 1
    case .share: number > 0 && number <= 1
    case .properShare: number > 0 && number < 1
    case .stabilizing: number.isFinite && number >= 1e-15
    case .zeroOrStabilizing: number == 0 || (number.isFinite && number >= 1e-15)
    }
  }
}

extension ValueReader {
  /// The largest count accepted anywhere (2^31 - 1): larger ones are slips, and would overflow
  /// products of counts.
  static let largestCount: Int64 = 2_147_483_647

  func number(_ accepted: AcceptedNumbers) throws -> Double {
    guard let number = realNumber, accepted.contains(number) else {
      throw refusal(accepted: accepted.rawValue)
    }
    return number
  }

  /// A count; `1e5` and `1000.0` are accepted.
  func count(atLeast least: Int = 1) throws -> Int {
    if let number = wholeNumber(in: Int64(least)...Self.largestCount) { return Int(number) }
    throw refusal(accepted: acceptedCount(atLeast: least))
  }

  /// A number of hidden layers; more than the most are slips, whose arrays would fill the memory.
  func layerCount() throws -> Int {
    let most: Int64 = 10_000
    if let number = wholeNumber(in: 1...most) { return Int(number) }
    throw refusal(accepted: "a whole number from 1 to \(most)")
  }

  /// The whole numbers accepted as a count, in words. The largest is named only where the value lies
  /// beyond it: it explains nothing else.
  func acceptedCount(atLeast least: Int) -> String {
    isBeyondLargestCount
      ? "a whole number from \(least) to \(Self.largestCount)"
      : "a whole number of at least \(least)"
  }

  /// Whether the value is a number larger than any count.
  var isBeyondLargestCount: Bool {
    realNumber.map { $0 > Double(Self.largestCount) } ?? false
  }

  func seed() throws -> UInt64 {
    if let text = unquotedText, Self.isDecimalNumber(text), let seed = UInt64(text) { return seed }
    guard let number = wholeNumber(in: 0...Int64.max) else {
      throw refusal(accepted: "a whole number from 0 to \(UInt64.max)")
    }
    return UInt64(number)
  }

  func decimalExponent() throws -> DecimalExponent {
    // Quotes are accepted here: stored configurations keep exponents as text.
    guard let text = scalarText, let exponent = DecimalExponent(text: text) else {
      throw refusal(accepted: DecimalExponent.accepted)
    }
    return exponent
  }

  func wholeNumber(in range: ClosedRange<Int64>) -> Int64? {
    signedWholeNumber.map { Int64($0) }.flatMap { range.contains($0) ? $0 : nil }
  }

  /// A whole number in plain digits, or in another notation where binary fractions are exact.
  var signedWholeNumber: Int? {
    guard let text = unquotedText, Self.isDecimalNumber(text) else { return nil }
    if let number = Int(text) { return number }
    guard let number = Double(text), abs(number) <= 0x1p53 else { return nil }
    return Int(exactly: number)
  }

  /// A number in decimal notation; may be infinite where the text's exponent is.
  private var realNumber: Double? {
    unquotedText.flatMap { Self.isDecimalNumber($0) ? Double($0) : nil }
  }

  /// Whether a text is a decimal number: sign, digits with a point, exponent. Hexadecimal, octal,
  /// digit groups (`1_000`) and leading zeros, which YAML 1.1 and 1.2 read differently, are not.
  static func isDecimalNumber(_ text: String) -> Bool {
    var rest = Array(text.utf8)[...]
    func digits() -> ArraySlice<UInt8> {
      let run = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      rest = rest.dropFirst(run.count)
      return run
    }
    func skip(_ characters: String) -> Bool {
      guard let first = rest.first, characters.utf8.contains(first) else { return false }
      rest = rest.dropFirst()
      return true
    }
    _ = skip("+-")
    let whole = digits()
    if whole.count > 1, whole.first == UInt8(ascii: "0") { return false }
    let fraction = skip(".") ? digits() : []
    guard !whole.isEmpty || !fraction.isEmpty else { return false }
    if skip("eE") {
      _ = skip("+-")
      if digits().isEmpty { return false }
    }
    return rest.isEmpty
  }
}
