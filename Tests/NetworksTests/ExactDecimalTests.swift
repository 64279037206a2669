import Networks
import Testing

@Suite struct ExactDecimalTests {
  @Test(arguments: [
    ("-0.75", "-0.75"), ("+.5", "0.5"), ("-1.", "-1"), ("0.500", "0.5"), ("-0", "0"),
    ("0.000000000000000001", nil), (".000000000000000001", "0.000000000000000001"),
    ("123456789012345678", "123456789012345678"), ("1234567890123456789", nil), ("1e-1", nil),
    ("1/2", nil), ("", nil), ("-", nil), (".", nil), ("--1", nil), ("1.2.3", nil), (" 1", nil),
    ("nan", nil), ("0x1", nil), ("1,5", nil), ("٣", nil),
  ]) func texts(text: String, printed: String?) {
    #expect(ExactDecimal(text: text)?.description == printed)
  }

  @Test func sumsAreThoseOfIntegers() throws {
    var generator = SystemRandomNumberGenerator()
    func decimal(_ units: Int64) -> ExactDecimal {
      let digits = String(units.magnitude)
      let padded = String(repeating: "0", count: max(0, 18 - digits.count)) + digits
      guard let exact = ExactDecimal(text: (units < 0 ? "-." : ".") + padded) else {
        preconditionFailure("\(units)")
      }
      return exact
    }
    let range = -400_000_000_000_000_000...Int64(400_000_000_000_000_000)
    for _ in 0..<2000 {
      let (a, b) = (Int64.random(in: range, using: &generator), Int64.random(in: range))
      #expect(decimal(a) + decimal(b) == decimal(a + b))
      #expect(decimal(a) - decimal(b) == decimal(a - b))
      #expect((decimal(a) < decimal(b)) == (a < b))
      #expect(decimal(a).magnitude == decimal(abs(a)))
      #expect(decimal(a).value == Double("\(a)e-18"))
    }
  }

  /// A double is the decimal number it prints as, and comes back as itself.
  @Test func doubles() throws {
    #expect(ExactDecimal(double: 0.1) == ExactDecimal(text: "0.1"))
    #expect(ExactDecimal(double: 0.1 + 0.2)?.description == "0.30000000000000004")
    #expect(ExactDecimal(double: -100)?.description == "-100")
    #expect(ExactDecimal(double: 1e-5)?.description == "0.00001")
    #expect(ExactDecimal(double: -0.0) == 0)
    #expect(ExactDecimal(double: 1e-300) == 0)
    #expect(ExactDecimal(double: 1e17)?.value == 1e17)
    #expect(ExactDecimal(double: 1.5e-18)?.description == "0.000000000000000002")
    for value in [Double.nan, .infinity, -.infinity, 1e18, -1e300] {
      #expect(ExactDecimal(double: value) == nil)
    }
    // Doubles of 1 and more have at most 16 digits after the point, fewer than are kept.
    for _ in 0..<2000 {
      let value = Double.random(in: 1...100) * (Bool.random() ? 1 : -1)
      #expect(ExactDecimal(double: value)?.value == value)
    }
    let literal: ExactDecimal = -0.7
    #expect(literal + 0.1 + 0.6 == 0)
  }
}
