/// Colours that keep their order for every kind of colour vision and in grey: viridis (S. van der
/// Walt, N. Smith, matplotlib 2.0, released to the public domain), from light for narrow nets to
/// dark for wide ones.
enum Palette {
  static let limit: UInt32 = 0x000000
  static let auxiliary: UInt32 = 0x808080

  /// `count` colours. The lightest eighth of viridis is left out (yellow hardly shows on white), and
  /// so is the darkest (the limit is black).
  static func widths(_ count: Int) -> [UInt32] {
    (0..<count).map { index in
      let place = count == 1 ? 0.5 : Double(index) / Double(count - 1)
      return color(at: 0.84 - 0.72 * place)
    }
  }

  /// Colours for things without an order, distinct for every common kind of colour vision (M. Okabe,
  /// K. Ito, Color Universal Design, 2008), without black and without yellow, which hardly shows.
  static let categories: [UInt32] = [
    0xD55E00, 0x0072B2, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9,
  ]

  /// Viridis at 0, 1/8, ..., 1.
  private static let anchors: [UInt32] = [
    0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725,
  ]

  private static func color(at place: Double) -> UInt32 {
    let position = place * Double(anchors.count - 1)
    let index = min(Int(position), anchors.count - 2)
    let fraction = position - Double(index)
    var result: UInt32 = 0
    for shift: UInt32 in [16, 8, 0] {
      let a = Double((anchors[index] >> shift) & 0xFF)
      let b = Double((anchors[index + 1] >> shift) & 0xFF)
      result |= UInt32((a + (b - a) * fraction).rounded()) << shift
    }
    return result
  }
}
