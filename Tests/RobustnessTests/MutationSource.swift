/// The random numbers of one mutated input: number k is a hash of (seed, input, k), so that every input
/// can be made again by itself.
///
/// The hash is SplitMix64's output function (Steele, Lea, Flood 2014, *Fast splittable pseudorandom
/// number generators*), applied to each counter in turn.
struct MutationSource: RandomNumberGenerator {
  private let key: UInt64
  private var counter: UInt64 = 0

  init(seed: UInt64, input: Int) {
    key = Self.mixed(Self.mixed(seed) ^ UInt64(input))
  }

  mutating func next() -> UInt64 {
    counter += 1
    return Self.mixed(key ^ counter)
  }

  /// A number from 0 to `count - 1`.
  mutating func index(_ count: Int) -> Int { Int.random(in: 0..<count, using: &self) }

  mutating func choose<Element>(_ elements: [Element]) -> Element {
    elements[index(elements.count)]
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
