import Checkpoints

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

  /// Sections that have been found and checked.
  init(_ descriptor: Int32, _ found: [(name: String, section: Section)]) {
    self.descriptor = descriptor
    names = found.map(\.name)
    sections = Dictionary(
      found.map { ($0.name, $0.section) }, uniquingKeysWith: { first, _ in first })
  }

  /// - Parameters:
  ///   - range: bytes of the file that the sections take.
  ///   - hasEnd: whether a mark of the end must follow the last one.
  /// - Throws: `Damage` with what is wrong.
  init(_ descriptor: Int32, _ range: Range<Int>, hasEnd: Bool) throws {
    self.descriptor = descriptor
    var offset = range.lowerBound
    while offset < range.upperBound {
      let rest = range.upperBound - offset
      guard rest >= SectionFormat.headerBytes else { throw Damage("it is cut off") }
      let bytes = try FileBytes.bytes(descriptor, SectionFormat.headerBytes, at: offset)
      let (header, checksum) = SectionFormat.Header.decoded(bytes)
      offset += SectionFormat.headerBytes
      guard header.nameBytes <= min(SectionFormat.longestName, range.upperBound - offset) else {
        throw Damage("the head of a section is damaged or cut off")
      }
      let name = try FileBytes.bytes(descriptor, Int(header.nameBytes), at: offset)
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
      let found = try FileBytes.checksum(
        descriptor, count * element.byteCount, at: offset)
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
    try FileBytes.read(descriptor, at: section.offset, into: bytes)
  }
}

/// Why a checkpoint is not one, as the rest of a sentence.
struct Damage: Error, Equatable {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}
