import Checkpoints
import Diagnostics
import Foundation

/// The sections of an open file, all checked: lengths against the file's size before anything is read, then
/// both checksums of each.
///
/// Cost: one pass over the file.
struct SectionInput {
  struct Section {
    let element: StateElement
    let count: Int
    let offset: Int
  }

  private let descriptor: Int32
  private(set) var sections: [String: Section] = [:]
  /// Names in the order of the file.
  private(set) var names: [String] = []

  /// - Parameters:
  ///   - range: bytes of the file that the sections take.
  ///   - hasEnd: whether a mark of the end must follow the last one.
  /// - Throws: `Damage` with what is wrong.
  init(_ descriptor: Int32, _ range: Range<Int>, hasEnd: Bool) throws {
    self.descriptor = descriptor
    var offset = range.lowerBound
    var scratch = [UInt8](repeating: 0, count: 1 << 20)
    while offset < range.upperBound {
      let rest = range.upperBound - offset
      guard rest >= SectionFormat.headerBytes else { throw Damage("it is cut off") }
      let bytes = try Self.bytes(descriptor, SectionFormat.headerBytes, at: offset)
      let (header, checksum) = SectionFormat.Header.decoded(bytes)
      offset += SectionFormat.headerBytes
      guard header.nameBytes <= min(SectionFormat.longestName, range.upperBound - offset) else {
        throw Damage("the head of a section is damaged or cut off")
      }
      let name = try Self.bytes(descriptor, Int(header.nameBytes), at: offset)
      offset += name.count
      guard SectionFormat.checksum(of: Array(bytes.prefix(28)) + name) == checksum,
        header.number == UInt32(truncatingIfNeeded: names.count)
      else { throw Damage("the head of a section has another checksum") }
      if header.mark == SectionFormat.end, hasEnd {
        guard offset == range.upperBound else { throw Damage("bytes follow its end") }
        return
      }
      let text = String(decoding: name, as: UTF8.self)
      guard header.mark == SectionFormat.section,
        let element = StateElement(rawValue: header.element), sections[text] == nil
      else { throw Damage("a section is none of this format") }
      guard header.count <= UInt64((range.upperBound - offset) / element.byteCount) else {
        throw Damage("it is cut off")
      }
      let count = Int(header.count)
      let found = try Self.checksum(
        descriptor, count * element.byteCount, at: offset, &scratch)
      guard found == header.checksum else {
        throw Damage("the numbers of its section \(text) have another checksum")
      }
      sections[text] = Section(element: element, count: count, offset: offset)
      names.append(text)
      offset += count * element.byteCount
    }
    if hasEnd { throw Damage("it is cut off") }
  }

  /// Reads a whole section.
  ///
  /// - Throws: `Damage` where the file has changed since.
  func read(_ section: Section, into bytes: UnsafeMutableRawBufferPointer) throws {
    precondition(bytes.count == section.count * section.element.byteCount)
    try Self.read(descriptor, at: section.offset, into: bytes)
  }

  private static func bytes(_ descriptor: Int32, _ count: Int, at offset: Int) throws -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count)
    try result.withUnsafeMutableBytes { try read(descriptor, at: offset, into: $0) }
    return result
  }

  private static func checksum(
    _ descriptor: Int32, _ count: Int, at offset: Int, _ scratch: inout [UInt8]
  ) throws -> UInt32 {
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

  private static func read(
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
}

/// Why a checkpoint is not one, as the rest of a sentence.
struct Damage: Error, Equatable {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}
