/// A gzip member (RFC 1952) of one stored block (RFC 1951, 3.2.4): compression by hand. The CRC is
/// computed bit by bit.
public func gzipStored(_ bytes: [UInt8]) -> [UInt8] {
  var crc: UInt32 = ~0
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
  }
  func littleEndian(_ value: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  let length = UInt32(bytes.count)
  return [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1]
    + littleEndian(length, 2) + littleEndian(~length, 2) + bytes
    + littleEndian(~crc, 4) + littleEndian(length, 4)
}
