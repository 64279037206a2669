import Foundation

/// What stands behind a section of a journal, of which there is one copy: from it damaged bytes are made again.
///
/// The numbers are cut into blocks of 4096 bytes, dealt to stripes in turn, 16 blocks a stripe at most. A stripe's
/// parity is the exclusive or of its blocks: with the checksum of each block, which says which one is bad,
/// one bad block a stripe comes back (Patterson, Gibson, Katz 1988, *A case for redundant arrays of
/// inexpensive disks*). Neighbours belong to different stripes, so that a bad sector, whose ends lie in two of
/// them, does too.
///
///     u32 CRC of every block | parity of every stripe, as long as its longest block
///
/// Size: four stripes for short sections, which are so doubled; 1/16 of the numbers for long ones.
enum SectionRepair {
  static let blockBytes = 4096
  private static let blocksOfStripe = 16
  /// Neighbours in different stripes, and a sector's neighbours too.
  private static let fewestStripes = 4

  static func blocks(of size: Int) -> Int { (size + blockBytes - 1) / blockBytes }

  private static func stripes(of size: Int) -> Int {
    let blocks = blocks(of: size)
    return min(blocks, max(fewestStripes, (blocks + blocksOfStripe - 1) / blocksOfStripe))
  }

  /// Bytes of what is kept of a section.
  ///
  /// - Parameter size: bytes of its numbers.
  static func byteCount(of size: Int) -> Int {
    4 * blocks(of: size) + stripes(of: size) * min(size, blockBytes)
  }

  static func encoded(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    let (blocks, stripes) = (blocks(of: bytes.count), stripes(of: bytes.count))
    let parityBytes = min(bytes.count, blockBytes)
    var result = [UInt8](repeating: 0, count: byteCount(of: bytes.count))
    result.withUnsafeMutableBytes { room in
      for block in 0..<blocks {
        let part = part(block, of: bytes)
        store(SectionFormat.checksum(of: part), block, room)
        add(part, to: room, at: 4 * blocks + block % stripes * parityBytes)
      }
    }
    return result
  }

  /// Makes damaged blocks again.
  ///
  /// - Parameters:
  ///   - bytes: the numbers of a section.
  ///   - kept: what was kept of them, which may be damaged as well.
  /// - Returns: the blocks that were made again, which have their checksums; what cannot be made again is left.
  static func repair(
    _ bytes: UnsafeMutableRawBufferPointer, from kept: UnsafeRawBufferPointer
  ) -> [Range<Int>] {
    precondition(kept.count == byteCount(of: bytes.count), "what was kept of other numbers")
    let (blocks, stripes) = (blocks(of: bytes.count), stripes(of: bytes.count))
    let parityBytes = min(bytes.count, blockBytes)
    let bad = (0..<blocks).filter {
      SectionFormat.checksum(of: part($0, of: .init(bytes))) != checksum($0, kept)
    }
    var repaired: [Range<Int>] = []
    for block in bad where bad.count(where: { $0 % stripes == block % stripes }) == 1 {
      let parity = 4 * blocks + block % stripes * parityBytes
      var made = Array(kept[parity..<(parity + parityBytes)])
      made.withUnsafeMutableBytes { room in
        for other in stride(from: block % stripes, to: blocks, by: stripes) where other != block {
          add(part(other, of: .init(bytes)), to: room, at: 0)
        }
      }
      let range = range(block, of: bytes.count)
      guard SectionFormat.checksum(of: Array(made[..<range.count])) == checksum(block, kept) else {
        continue
      }
      bytes[range].copyBytes(from: made[..<range.count])
      repaired.append(range)
    }
    return repaired
  }

  private static func range(_ block: Int, of size: Int) -> Range<Int> {
    (block * blockBytes)..<min((block + 1) * blockBytes, size)
  }

  private static func part(_ block: Int, of bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer
  {
    UnsafeRawBufferPointer(rebasing: bytes[range(block, of: bytes.count)])
  }

  private static func add(
    _ bytes: UnsafeRawBufferPointer, to room: UnsafeMutableRawBufferPointer, at offset: Int
  ) {
    precondition(offset + bytes.count <= room.count)
    let (source, target) = (bytes.baseAddress!, room.baseAddress! + offset)
    let whole = bytes.count & ~7
    for i in stride(from: 0, to: whole, by: 8) {
      let word =
        source.loadUnaligned(fromByteOffset: i, as: UInt64.self)
        ^ target.loadUnaligned(fromByteOffset: i, as: UInt64.self)
      target.storeBytes(of: word, toByteOffset: i, as: UInt64.self)
    }
    for i in whole..<bytes.count {
      let byte =
        source.load(fromByteOffset: i, as: UInt8.self)
        ^ target.load(fromByteOffset: i, as: UInt8.self)
      target.storeBytes(of: byte, toByteOffset: i, as: UInt8.self)
    }
  }

  private static func store(_ value: UInt32, _ place: Int, _ room: UnsafeMutableRawBufferPointer) {
    room.storeBytes(of: value.littleEndian, toByteOffset: 4 * place, as: UInt32.self)
  }

  private static func checksum(_ block: Int, _ kept: UnsafeRawBufferPointer) -> UInt32 {
    UInt32(littleEndian: kept.loadUnaligned(fromByteOffset: 4 * block, as: UInt32.self))
  }
}
