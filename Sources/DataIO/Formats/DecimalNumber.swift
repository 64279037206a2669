/// Reads the decimal number that starts at `position` and moves `position` past it: an optional
/// sign, digits with at most one point among or around them, an optional exponent. Returns `nil`,
/// and leaves `position` where it was, where no number starts.
///
/// The result is the double nearest to the decimal number (infinite from about 1.8e308 on), in any
/// locale. Numbers of at most 2^53 without their point, times a power of ten between 10^-22 and
/// 10^22, take one multiplication or division of two exact doubles, which rounds once and so
/// correctly (Clinger, *How to read floating point numbers accurately*, 1990); the rest goes
/// through Swift's own conversion, several times slower.
func scanDecimal(_ bytes: Span<UInt8>, _ position: inout Int) -> Double? {
  let end = bytes.count
  var p = position
  var isNegative = false
  if p < end, bytes[p] == ascii("-") || bytes[p] == ascii("+") {
    isNegative = bytes[p] == ascii("-")
    p += 1
  }

  var mantissa: UInt64 = 0
  var digits = 0
  var significantDigits = 0
  var exponent = 0
  var isAfterPoint = false
  while p < end {
    // Wrapping subtraction sends every byte that is not a digit above 9.
    let digit = bytes[p] &- ascii("0")
    if digit <= 9 {
      // Beyond 19 digits the product wraps; the slow path does not use it.
      mantissa = mantissa &* 10 &+ UInt64(digit)
      digits += 1
      if mantissa != 0 || significantDigits > 0 { significantDigits += 1 }
      if isAfterPoint { exponent -= 1 }
    } else if bytes[p] == ascii("."), !isAfterPoint {
      isAfterPoint = true
    } else {
      break
    }
    p += 1
  }
  guard digits > 0 else { return nil }

  if p < end, bytes[p] == ascii("e") || bytes[p] == ascii("E") {
    var q = p + 1
    var isNegativeExponent = false
    if q < end, bytes[q] == ascii("-") || bytes[q] == ascii("+") {
      isNegativeExponent = bytes[q] == ascii("-")
      q += 1
    }
    let firstDigit = q
    var written = 0
    while q < end {
      let digit = bytes[q] &- ascii("0")
      guard digit <= 9 else { break }
      written = min(written * 10 + Int(digit), 1_000_000)
      q += 1
    }
    // An "e" without digits does not belong to the number: the caller will stumble over it.
    if q > firstDigit {
      exponent += isNegativeExponent ? -written : written
      p = q
    }
  }

  let start = position
  position = p
  if significantDigits <= 19, mantissa <= 1 << 53, abs(exponent) < powersOfTen.count {
    let integer = Double(mantissa)
    let magnitude =
      exponent < 0 ? integer / powersOfTen[-exponent] : integer * powersOfTen[exponent]
    return isNegative ? -magnitude : magnitude
  }
  return Double(
    String(unsafeUninitializedCapacity: p - start) { buffer in
      for i in start..<p { buffer.initializeElement(at: i - start, to: bytes[i]) }
      return p - start
    })
}

@inline(__always) func ascii(_ character: Unicode.Scalar) -> UInt8 {
  UInt8(truncatingIfNeeded: character.value)
}

/// 10^0 ... 10^22, all exact in double precision: 5^22 < 2^53.
private let powersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
  1e18, 1e19, 1e20, 1e21, 1e22,
]
