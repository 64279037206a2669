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
  ///   - range: bytes of the file that the sections take, with the mark of the end behind the last one.
  ///   - checksNumbers: whether the numbers are read, too; else the heads of the sections alone.
  /// - Throws: `Damage` with what is wrong.
  init(_ descriptor: Int32, _ range: Range<Int>, checksNumbers: Bool = true) throws {
    self.descriptor = descriptor
    var offset = range.lowerBound
    while offset < range.upperBound {
      guard range.upperBound - offset >= SectionFormat.headerBytes else {
        throw Damage("it is cut off")
      }
      guard
        let (header, name) = try SectionFormat.head(
          descriptor, at: offset, end: range.upperBound, number: names.count)
      else { throw Damage("the head of a section is damaged or cut off") }
      offset += SectionFormat.headerBytes + name.count
      if header.mark == SectionFormat.end {
        guard offset == range.upperBound else { throw Damage("bytes follow its end") }
        return
      }
      let text = String(decoding: name, as: UTF8.self)
      guard header.mark == SectionFormat.section,
        let element = header.kind, sections[text] == nil
      else { throw Damage("a section is none of this format") }
      guard header.count <= UInt64((range.upperBound - offset) / element.byteCount) else {
        throw Damage("it is cut off")
      }
      let count = Int(header.count)
      if checksNumbers {
        let found = try FileBytes.checksum(
          descriptor, count * element.byteCount, at: offset)
        guard found == header.checksum else {
          throw Damage("the numbers of its section \(text) have another checksum")
        }
      }
      sections[text] = Section(element: element, count: count, offset: offset)
      names.append(text)
      offset += count * element.byteCount
    }
    throw Damage("it is cut off")
  }

  /// Reads a whole section.
  ///
  /// - Throws: `Damage` where the file has changed since.
  func read(_ section: Section, into bytes: UnsafeMutableRawBufferPointer) throws {
    precondition(bytes.count == section.count * section.element.byteCount)
    try FileBytes.read(descriptor, at: section.offset, into: bytes)
  }

  /// Reads a part of a section, from element number `first` on.
  ///
  /// - Throws: as ``read(_:into:)``.
  func read(_ section: Section, from first: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
    let size = section.element.byteCount
    precondition(bytes.count + first * size <= section.count * size)
    try FileBytes.read(descriptor, at: section.offset + first * size, into: bytes)
  }
}

/// Why a checkpoint is not one, as the rest of a sentence.
struct Damage: Error, Equatable {
  let reason: String
  /// Whether it is whole, and that of another run: nothing that may be thrown away.
  let isForeign: Bool

  init(_ reason: String, isForeign: Bool = false) {
    self.reason = reason
    self.isForeign = isForeign
  }
}
