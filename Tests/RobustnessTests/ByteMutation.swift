/// What goes wrong with the bytes of a file: flipped bits, other, missing and further bytes, a cut-off
/// end, parts in wrong places, numbers at the ends of their types.
struct ByteMutation {
  /// Texts that are put in; of binary formats none.
  var words: [String] = []

  func mutated(_ original: [UInt8], _ source: inout MutationSource) -> [UInt8] {
    var bytes = original
    for _ in 0...source.index(3) { change(&bytes, &source) }
    return bytes
  }

  private func change(_ bytes: inout [UInt8], _ source: inout MutationSource) {
    guard !bytes.isEmpty else { return bytes.append(UInt8(source.index(256))) }
    let place = source.index(bytes.count)
    let length = min(source.index(64) + 1, bytes.count - place)
    switch source.index(words.isEmpty ? 9 : 13) {
    case 0, 1: bytes[place] ^= 1 << source.index(8)
    case 2: bytes[place] = UInt8(source.index(256))
    case 3: bytes.insert(UInt8(source.index(256)), at: place)
    case 4: bytes.removeSubrange(place..<(place + length))
    case 5: bytes.removeLast(bytes.count - place)
    case 6:
      // A part of the file in another place of it.
      bytes.insert(
        contentsOf: Array(bytes[place..<(place + length)]), at: source.index(bytes.count))
    case 7:
      for i in place..<(place + length) { bytes[i] = source.choose([0, 0xff]) }
    case 8: overwrite(&bytes, at: place, &source)
    default: bytes.insert(contentsOf: Array(source.choose(words).utf8), at: place)
    }
  }

  /// A whole number of 4 or 8 bytes, in either order of bytes.
  private func overwrite(_ bytes: inout [UInt8], at place: Int, _ source: inout MutationSource) {
    let number = source.choose(Self.numbers)
    let size = source.choose([4, 8])
    var word = (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
    if source.index(2) == 0 { word.reverse() }
    for (offset, byte) in word.enumerated() where place + offset < bytes.count {
      bytes[place + offset] = byte
    }
  }

  private static let numbers: [UInt64] = [
    0, 1, 0x7f, 0xffff, 1 << 31, (1 << 31) - 1, (1 << 32) - 1, 1 << 32, 1 << 40, 1 << 62, 1 << 63,
    .max, .max - 1, 0x7ff0_0000_0000_0000, 0x7ff8_0000_0000_0000,
  ]
}
