import DataIO
import Foundation
import LinearAlgebra
import Testing

/// The number parser, through one-column tables: bits, not closeness.
@Suite struct FormatsDecimalTests {
  private func parse(_ numbers: [String]) throws -> [Double] {
    try CSVFile(bytes: Array(numbers.map { "\($0),0\n" }.joined().utf8), file: "t").features
      .elements
  }

  /// Printed by Python's `float(text).hex()`: numbers near halfway between two doubles, at the ends
  /// of the range, and at the limits of the fast path.
  @Test(arguments: [
    ("9007199254740993", 0x1.0000000000000p+53),
    ("9007199254740995", 0x1.0000000000002p+53),
    ("1e23", 0x1.52d02c7e14af6p+76),
    ("8.5e-23", 0x1.9b08e7413dd76p-74),
    ("5e-324", 0x0.0000000000001p-1022),
    ("2.4703282292062327e-324", 0x0.0p+0),
    ("2.4703282292062328e-324", 0x0.0000000000001p-1022),
    ("1.7976931348623157e308", 0x1.fffffffffffffp+1023),
    ("1.7976931348623158e308", 0x1.fffffffffffffp+1023),
    ("0.1", 0x1.999999999999ap-4),
    ("2.2250738585072011e-308", Double(bitPattern: 0x000f_ffff_ffff_ffff)),
    ("6929495644600919.5", 0x1.89e56ee5e7a58p+52),
    ("7.8459735791271921e65", 0x1.dcd0089c1314ep+218),
    ("123456789012345678901234567890", 0x1.8ee90ff6c373ep+96),
    ("0.000000000000000000000000000001", 0x1.4484bfeebc2a0p-100),
    ("-0.0", -0x0.0p+0),
    ("10000000000000000000000000", 0x1.08b2a2c280291p+83),
    ("9007199254740992e22", 0x1.0f0cf064dd592p+126),
    ("9007199254740991e-22", 0x1.e392010175ee5p-21),
    ("3.14159265358979323846264338327950288", 0x1.921fb54442d18p+1),
    ("0.00000000000000000000000000000012345", 0x1.407e9919234d8p-103),
    ("12345678901234567890.", 0x1.56a95319d63e1p+63),
    ("+.12345678901234567890123", 0x1.f9add3746f65fp-4),
    ("-00012345678901234567890E-5", -0x1.c12218377de6bp+46),
    ("1e-99999999999999999999", 0.0),
    ("0e99999999999999999999", 0.0),
  ]) func roundsToTheNearestDouble(text: String, value: Double) throws {
    let parsed = try parse([text])
    #expect(parsed.map(\.bitPattern) == [value.bitPattern])
  }

  @Test func agreesWithSwiftToTheLastBit() throws {
    var generator = SplitMix64(state: 1)
    var texts: [String] = []
    for _ in 0..<4000 {
      let bits = Double(bitPattern: generator.next())
      if bits.isFinite { texts.append("\(bits)") }
      let moderate = Double.random(in: -1000...1000, using: &generator)
      texts.append("\(moderate)")
      texts.append(String(format: "%.6f", moderate))
      texts.append(String(format: "%.3e", moderate))
      texts.append(String(format: "%.17g", moderate))
      texts.append(String(format: "%.25f", moderate))
      texts.append("\(Int.random(in: -1_000_000...1_000_000, using: &generator))")
      texts.append("\(generator.next())")
      // Short mantissas with exponents on both sides of the fast path's ends.
      texts.append("\(generator.next() >> 40)e\(Int.random(in: -30...30, using: &generator))")
    }
    let expected = try texts.map { try #require(Double($0)) }
    #expect(try parse(texts).map(\.bitPattern) == expected.map(\.bitPattern))
  }
}
