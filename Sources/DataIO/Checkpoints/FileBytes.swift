import Foundation

/// Bytes of an open file at their places, all or an error.
enum FileBytes {
  /// - Throws: `Damage` where the file ends before, or cannot be read.
  static func read(
    _ descriptor: Int32, at offset: Int, into bytes: UnsafeMutableRawBufferPointer
  ) throws {
    var done = 0
    while done < bytes.count {
      let count = pread(
        descriptor, bytes.baseAddress! + done, min(bytes.count - done, 1 << 30),
        off_t(offset + done))
      if count > 0 {
        done += count
      } else if count == 0 {
        throw Damage("it is cut off")
      } else if errno != EINTR {
        throw Damage("it cannot be read: \(systemMessage(errno))")
      }
    }
  }

  /// - Throws: as ``read(_:at:into:)``.
  static func bytes(_ descriptor: Int32, _ count: Int, at offset: Int) throws -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count)
    try result.withUnsafeMutableBytes { try read(descriptor, at: offset, into: $0) }
    return result
  }

  /// CRC-32 of a part of the file, of which a megabyte is in memory.
  ///
  /// - Throws: as ``read(_:at:into:)``.
  static func checksum(_ descriptor: Int32, _ count: Int, at offset: Int) throws -> UInt32 {
    var scratch = [UInt8](repeating: 0, count: min(count, 1 << 20))
    var result: UInt32 = 0
    var done = 0
    while done < count {
      let part = min(scratch.count, count - done)
      result = try scratch.withUnsafeMutableBytes {
        let room = UnsafeMutableRawBufferPointer(rebasing: $0[..<part])
        try read(descriptor, at: offset + done, into: room)
        return SectionFormat.checksum(of: .init(room), after: result)
      }
      done += part
    }
    return result
  }

  /// - Throws: `Damage` where the file cannot be written.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at offset: Int) throws {
    var done = 0
    while done < bytes.count {
      let count = pwrite(
        descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
      if count > 0 {
        done += count
      } else if count == 0 || errno != EINTR {
        throw Damage("it cannot be repaired: \(systemMessage(count == 0 ? EIO : errno))")
      }
    }
  }
}
