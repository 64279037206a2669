import Checkpoints
import Foundation

/// The sections of a journal, all checked, and damaged ones made whole again in the file itself.
///
/// Cost: one pass over the file; where something is damaged beyond that the section in memory.
struct JournalInput {
  private let descriptor: Int32
  private let length: Int
  private(set) var found: [(name: String, section: SectionInput.Section)] = []
  /// Where the section behind each one begins.
  private var ends: [Int] = []
  private var names: Set<String> = []
  /// Damaged heads and blocks that were made whole.
  private(set) var repairs = 0
  /// Why what is behind the sections that were found cannot be used; `nil` where all is whole.
  private(set) var reason: String?

  /// - Parameters:
  ///   - descriptor: of a file that is open for reading and writing.
  ///   - length: bytes of the file that are the journal's.
  init(_ descriptor: Int32, length: Int) {
    self.descriptor = descriptor
    self.length = length
    do {
      var offset = 0
      while offset < length { try take(&offset) }
    } catch {
      reason = (error as? Damage)?.reason ?? "\(error)"
    }
  }

  /// Where the last section ends that is used.
  var end: Int { ends.last ?? 0 }

  /// Forgets the sections behind the first ones.
  mutating func keep(first count: Int) {
    found.removeLast(found.count - count)
    ends.removeLast(ends.count - count)
  }

  private mutating func take(_ offset: inout Int) throws {
    guard
      let (header, name) = try head(SectionFormat.section, at: offset) ?? repairedHead(at: offset),
      let element = header.kind
    else { throw Damage("the head of a section is damaged") }
    let start = offset + SectionFormat.headerBytes + name.count
    guard header.count <= UInt64(max(0, length - start) / element.byteCount) else {
      throw Damage("it is cut off")
    }
    let size = Int(header.count) * element.byteCount
    let kept = start + size + SectionFormat.headerBytes + name.count
    let end = kept + SectionRepair.byteCount(of: size)
    guard end <= length else { throw Damage("it is cut off") }
    let text = String(decoding: name, as: UTF8.self)
    if try FileBytes.checksum(descriptor, size, at: start) != header.checksum {
      try repair(start..<(start + size), from: kept, header.checksum, text)
    }
    guard names.insert(text).inserted else {
      throw Damage("a section is none of this format")
    }
    found.append((text, .init(element: element, count: Int(header.count), offset: start)))
    ends.append(end)
    offset = end
  }

  /// The head of the next section, or its copy.
  ///
  /// - Returns: `nil` where there is none that is whole.
  private func head(
    _ mark: UInt32, at offset: Int
  ) throws -> (header: SectionFormat.Header, name: [UInt8])? {
    let head = try SectionFormat.head(descriptor, at: offset, end: length, number: found.count)
    return head?.header.mark == mark ? head : nil
  }

  /// Looks for the copy of a damaged head, which says by itself where the head is, and puts it in its place.
  private mutating func repairedHead(
    at offset: Int
  ) throws -> (header: SectionFormat.Header, name: [UInt8])? {
    let markBytes = MemoryLayout.size(ofValue: SectionFormat.copy)
    var place = offset + SectionFormat.headerBytes
    while length - place >= SectionFormat.headerBytes {
      let window = try FileBytes.bytes(descriptor, min(1 << 20, length - place), at: place)
      var start = 0
      while let found = Self.mark(in: window, from: start) {
        start = found + 1
        guard let copy = try head(SectionFormat.copy, at: place + found),
          let element = copy.header.kind
        else { continue }
        var header = copy.header
        let name = copy.name
        let between = place + found - offset - SectionFormat.headerBytes - name.count
        guard between >= 0, header.count <= UInt64(between),
          Int(header.count) * element.byteCount == between
        else { continue }
        header.mark = SectionFormat.section
        try header.encoded(name: name).withUnsafeBytes {
          try FileBytes.write($0, to: descriptor, at: offset)
        }
        repairs += 1
        return (header, name)
      }
      // A mark may lie across the end of the window.
      place += window.count - (markBytes - 1)
    }
    return nil
  }

  /// Where the next mark of a copy begins.
  private static func mark(in window: [UInt8], from start: Int) -> Int? {
    window.withUnsafeBytes { bytes in
      let base = bytes.baseAddress!
      var place = start
      while bytes.count - place >= MemoryLayout.size(ofValue: SectionFormat.copy),
        let next = memchr(
          base + place, Int32(truncatingIfNeeded: SectionFormat.copy & 0xff),
          bytes.count - place - 3)
      {
        place = UnsafeRawPointer(next) - base
        let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)
        if UInt32(littleEndian: word) == SectionFormat.copy { return place }
        place += 1
      }
      return nil
    }
  }

  private mutating func repair(
    _ range: Range<Int>, from kept: Int, _ checksum: UInt32, _ name: String
  ) throws {
    var bytes = try FileBytes.bytes(descriptor, range.count, at: range.lowerBound)
    let parity = try FileBytes.bytes(
      descriptor, SectionRepair.byteCount(of: range.count), at: kept)
    let repaired = bytes.withUnsafeMutableBytes { bytes in
      parity.withUnsafeBytes { SectionRepair.repair(bytes, from: $0) }
    }
    guard SectionFormat.checksum(of: bytes) == checksum else {
      throw Damage("the numbers of its section \(name) have another checksum")
    }
    for block in repaired {
      try bytes[block].withUnsafeBytes {
        try FileBytes.write($0, to: descriptor, at: range.lowerBound + block.lowerBound)
      }
    }
    repairs += repaired.count
  }
}
