import CZlib
import Checkpoints

/// Checkpoints and journals are rows of sections: a named array of numbers each, little-endian, as it is in
/// memory.
///
///     u32 mark | u32 bytes of the name | u32 element | u32 CRC of the numbers | u64 count
///     | u32 number of the section | u32 CRC of the 28 bytes before and of the name | name | numbers
///
/// In a journal the same head follows once more, with a mark of its own, and what ``SectionRepair`` keeps of the
/// numbers.
///
/// Both checksums are CRC-32 (RFC 1952). Every byte is under one of them, so that a flipped bit is found
/// wherever it is.
enum SectionFormat {
  static let headerBytes = 32
  static let longestName = 1 << 12
  static let section: UInt32 = 0x5443_4553
  /// The mark of the copy of a head.
  static let copy: UInt32 = 0x5950_4f43
  /// The mark of the last section of a checkpoint, which has no name and no numbers.
  static let end: UInt32 = 0x2e44_4e45

  struct Header: Equatable {
    var mark: UInt32
    var nameBytes: UInt32
    var element: UInt32
    var checksum: UInt32
    var count: UInt64
    var number: UInt32

    /// The bytes before the checksum of the header.
    private var bytes: [UInt8] {
      var result: [UInt8] = []
      func append<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { result.append(contentsOf: $0) }
      }
      append(mark)
      append(nameBytes)
      append(element)
      append(checksum)
      append(count)
      append(number)
      return result
    }

    /// The kind of its numbers; `nil` where there is none such.
    var kind: StateElement? { StateElement(rawValue: element) }

    func encoded(name: [UInt8]) -> [UInt8] {
      let bytes = bytes
      let checksum = SectionFormat.checksum(of: bytes + name)
      return bytes + withUnsafeBytes(of: checksum.littleEndian, Array.init) + name
    }

    /// - Parameter bytes: `headerBytes` of them.
    static func decoded(_ bytes: [UInt8]) -> (header: Header, checksum: UInt32) {
      func value<Value: FixedWidthInteger>(_ offset: Int, _ type: Value.Type) -> Value {
        bytes[offset..<(offset + MemoryLayout<Value>.size)].reversed().reduce(0) {
          $0 << 8 | Value($1)
        }
      }
      return (
        Header(
          mark: value(0, UInt32.self), nameBytes: value(4, UInt32.self),
          element: value(8, UInt32.self), checksum: value(12, UInt32.self),
          count: value(16, UInt64.self), number: value(24, UInt32.self)),
        value(28, UInt32.self)
      )
    }
  }

  /// The head of a section, with its name.
  ///
  /// - Parameters:
  ///   - offset: where it begins.
  ///   - end: of the bytes that may be the section's.
  ///   - number: of the section.
  /// - Returns: `nil` where there is none that is whole.
  /// - Throws: `Damage` where the file cannot be read.
  static func head(
    _ descriptor: Int32, at offset: Int, end: Int, number: Int
  ) throws -> (header: Header, name: [UInt8])? {
    let rest = end - offset - headerBytes
    guard rest >= 0 else { return nil }
    let bytes = try FileBytes.bytes(descriptor, headerBytes, at: offset)
    let (header, checksum) = Header.decoded(bytes)
    guard header.number == UInt32(truncatingIfNeeded: number),
      header.nameBytes <= min(longestName, rest)
    else { return nil }
    let name = try FileBytes.bytes(descriptor, Int(header.nameBytes), at: offset + headerBytes)
    guard self.checksum(of: Array(bytes.prefix(28)) + name) == checksum else { return nil }
    return (header, name)
  }

  static func checksum(of bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBytes { checksum(of: $0) }
  }

  static func checksum(of bytes: UnsafeRawBufferPointer, after start: UInt32 = 0) -> UInt32 {
    // Without bytes zlib answers with the checksum of nothing, whatever it was given.
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return start }
    return UInt32(
      truncatingIfNeeded: crc32_z(
        UInt(start), base.assumingMemoryBound(to: UInt8.self), bytes.count))
  }
}
