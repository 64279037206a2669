import Checkpoints
import Foundation

/// Writes sections to an open file, one after another.
struct SectionOutput {
  private let descriptor: Int32
  private(set) var count: Int
  private let isRepairable: Bool

  /// - Parameters:
  ///   - count: sections that the file has.
  ///   - isRepairable: whether a copy of its head and what ``SectionRepair`` needs stand behind every section.
  init(_ descriptor: Int32, count: Int = 0, isRepairable: Bool = false) {
    self.descriptor = descriptor
    self.count = count
    self.isRepairable = isRepairable
  }

  /// - Throws: `SystemError`.
  mutating func append(
    _ name: String, _ element: StateElement, _ bytes: UnsafeRawBufferPointer
  ) throws {
    let nameBytes = Array(name.utf8)
    precondition(nameBytes.count <= SectionFormat.longestName, "names of sections are short")
    var header = SectionFormat.Header(
      mark: SectionFormat.section, nameBytes: UInt32(nameBytes.count),
      element: element.rawValue, checksum: SectionFormat.checksum(of: bytes),
      count: UInt64(bytes.count / element.byteCount), number: UInt32(truncatingIfNeeded: count))
    try write(header.encoded(name: nameBytes))
    try write(bytes)
    if isRepairable {
      header.mark = SectionFormat.copy
      try write(header.encoded(name: nameBytes))
      try write(SectionRepair.encoded(bytes))
    }
    count += 1
  }

  /// The mark of a whole checkpoint.
  ///
  /// - Throws: `SystemError`.
  mutating func end() throws {
    let header = SectionFormat.Header(
      mark: SectionFormat.end, nameBytes: 0, element: 0, checksum: 0, count: 0,
      number: UInt32(truncatingIfNeeded: count))
    try write(header.encoded(name: []))
  }

  private func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try write($0) }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while !rest.isEmpty {
      // A call writes 2 GB at most.
      let written = Foundation.write(descriptor, rest.baseAddress!, min(rest.count, 1 << 30))
      if written > 0 {
        rest = .init(rebasing: rest[written...])
      } else if written == 0 || errno != EINTR {
        throw SystemError(code: written == 0 ? EIO : errno)
      }
    }
  }
}
