import CZlib
import Diagnostics

/// The bytes of a file in order, decompressed if the file starts with gzip's magic number 1f 8b
/// (RFC 1952); several gzip members one after the other count as one stream.
///
/// `inflate` rather than `gzread`: the latter takes whatever follows the first
/// member for padding, and drops it without a word.
final class InflatingReader {
  private let file: InputFile
  private let input: UnsafeMutableRawBufferPointer
  /// The bytes of `input` not used yet; with gzip, those last handed to zlib.
  private var unread: UnsafeMutableRawBufferPointer
  /// zlib keeps this address inside its own state, so it must not move; `nil` for plain files.
  private var stream: UnsafeMutablePointer<z_stream>?
  /// No gzip member has begun, or the last one has ended with its checksum verified.
  private var isBetweenMembers = false

  init(_ path: String) throws {
    file = try InputFile(path)
    input = .allocate(byteCount: 1 << 16, alignment: 1)
    unread = .init(rebasing: input[..<0])
    try refill()
    if unread.count >= 2, unread[0] == 0x1f, unread[1] == 0x8b { try beginInflating() }
  }

  deinit {
    if let stream {
      inflateEnd(stream)
      stream.deallocate()
    }
    input.deallocate()
  }

  /// The next `count` bytes, or fewer where the stream ends before.
  ///
  /// Memory is reserved for no more than the file can hold: `count` may come from a header that
  /// lies.
  func read(upTo count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(count, largestContents))
    while bytes.count < count {
      let wanted = min(count - bytes.count, 1 << 16)
      let part = try [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
        initialized = try read(into: .init(rebasing: buffer[..<wanted]))
      }
      if part.isEmpty { break }
      bytes += part
    }
    return bytes
  }

  /// The most bytes that the whole file can expand to: a deflate stream encodes 258 bytes in no
  /// less than two bits, a ratio of 1032.
  private var largestContents: Int {
    guard stream != nil else { return file.size }
    let (product, isTooLarge) = file.size.multipliedReportingOverflow(by: 1032)
    return isTooLarge ? .max : product
  }

  private func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws -> Int {
    guard let stream else {
      if unread.isEmpty { try refill() }
      let count = min(buffer.count, unread.count)
      UnsafeMutableRawBufferPointer(buffer).copyMemory(from: .init(rebasing: unread[..<count]))
      unread = .init(rebasing: unread[count...])
      return count
    }
    stream.pointee.next_out = buffer.baseAddress
    stream.pointee.avail_out = UInt32(buffer.count)
    while stream.pointee.avail_out == UInt32(buffer.count) {
      if stream.pointee.avail_in == 0 {
        try refill()
        if unread.isEmpty {
          if isBetweenMembers { return 0 }
          throw damaged("it ends too early")
        }
        stream.pointee.next_in = unread.assumingMemoryBound(to: UInt8.self).baseAddress
        stream.pointee.avail_in = UInt32(unread.count)
      }
      if isBetweenMembers {
        inflateReset(stream)
        isBetweenMembers = false
      }
      switch inflate(stream, Z_NO_FLUSH) {
      case Z_OK: break
      case Z_STREAM_END: isBetweenMembers = true
      case Z_DATA_ERROR, Z_NEED_DICT:
        throw damaged(stream.pointee.msg.map { String(cString: $0) } ?? "unknown data")
      default:
        throw Diagnostic(.internalFailure, "zlib could not read the file", file: file.path)
      }
    }
    return buffer.count - Int(stream.pointee.avail_out)
  }

  private func beginInflating() throws {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    stream.pointee.next_in = unread.assumingMemoryBound(to: UInt8.self).baseAddress
    stream.pointee.avail_in = UInt32(unread.count)
    // 15: the largest window; + 16: gzip's header and trailer, and nothing else.
    let code = inflateInit2_(
      stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard code == Z_OK else {
      stream.deallocate()
      throw Diagnostic(.internalFailure, "zlib could not start (code \(code))", file: file.path)
    }
    self.stream = stream
  }

  private func refill() throws {
    let count = try file.read(into: input)
    unread = .init(rebasing: input[..<count])
  }

  private func damaged(_ reason: String) -> Diagnostic {
    Diagnostic(
      .badInput, "the gzip data is damaged (\(reason)); accepted: an intact file", file: file.path)
  }
}
