import Checkpoints

@testable import DataIO

/// The sections of a checkpoint or a journal, to be written again with changes under checksums that are right.
struct SectionMutation {
  private struct Section {
    var name: [UInt8]
    var element: UInt32
    var numbers: [UInt8]
    /// What the head says; `nil` for what there is.
    var claim: UInt64?

    var size: Int { StateElement(rawValue: element)?.byteCount ?? 1 }
  }

  private let opening: [UInt8]
  private var sections: [Section] = []
  private let isJournal: Bool

  init(_ bytes: [UInt8], isJournal: Bool) {
    let openingBytes = isJournal ? 0 : 16
    opening = Array(bytes[..<openingBytes])
    self.isJournal = isJournal
    var offset = openingBytes
    while offset < bytes.count {
      let head = Array(bytes[offset..<(offset + SectionFormat.headerBytes)])
      let (header, _) = SectionFormat.Header.decoded(head)
      guard header.mark == SectionFormat.section else { break }
      offset += head.count
      let name = Array(bytes[offset..<(offset + Int(header.nameBytes))])
      offset += name.count
      let size = Int(header.count) * StateElement(rawValue: header.element)!.byteCount
      sections.append(
        Section(
          name: name, element: header.element, numbers: Array(bytes[offset..<(offset + size)])))
      offset += size
      if isJournal { offset += head.count + name.count + SectionRepair.byteCount(of: size) }
    }
  }

  /// The file after one to three changes.
  func mutated(_ source: inout MutationSource) -> [UInt8] {
    var copy = self
    for _ in 0...source.index(3) where !copy.sections.isEmpty { copy.change(&source) }
    return copy.encoded
  }

  private mutating func change(_ source: inout MutationSource) {
    let place = source.index(sections.count)
    let other = source.index(sections.count)
    switch source.index(12) {
    case 0...3: changeNumbers(of: place, &source)
    case 4: sections[place].claim = source.choose(Self.hostile)
    case 5: sections[place].element = UInt32(source.index(7))
    case 6: sections[place].numbers.removeLast(length(of: place, &source))
    case 7:
      let size = sections[place].size
      sections[place].numbers += (0..<(size * (1 + source.index(3)))).map { _ in
        UInt8(source.index(256))
      }
    case 8: sections[place].name = sections[other].name
    case 9:
      (sections[place].name, sections[other].name) = (sections[other].name, sections[place].name)
    case 10: sections.remove(at: place)
    default: sections.insert(sections[place], at: other)
    }
  }

  /// Bytes of some of a section's last numbers, or of all.
  private func length(of place: Int, _ source: inout MutationSource) -> Int {
    let section = sections[place]
    let count = section.numbers.count / section.size
    return source.choose([count, min(count, 1 + source.index(3))]) * section.size
  }

  private mutating func changeNumbers(of place: Int, _ source: inout MutationSource) {
    let size = sections[place].size
    let count = sections[place].numbers.count / size
    guard count > 0 else { return }
    for _ in 0...source.index(3) {
      let number = source.choose(Self.hostile)
      let first = source.index(count) * size
      for byte in 0..<size {
        sections[place].numbers[first + byte] = UInt8(truncatingIfNeeded: number >> (8 * byte))
      }
    }
  }

  private var encoded: [UInt8] {
    var result = opening
    for (number, section) in sections.enumerated() {
      var header = SectionFormat.Header(
        mark: SectionFormat.section, nameBytes: UInt32(section.name.count),
        element: section.element, checksum: SectionFormat.checksum(of: section.numbers),
        count: section.claim ?? UInt64(section.numbers.count / section.size),
        number: UInt32(number))
      result += header.encoded(name: section.name) + section.numbers
      guard isJournal else { continue }
      header.mark = SectionFormat.copy
      result += header.encoded(name: section.name)
      result += section.numbers.withUnsafeBytes { SectionRepair.encoded($0) }
    }
    if !isJournal {
      let end = SectionFormat.Header(
        mark: SectionFormat.end, nameBytes: 0, element: 0, checksum: 0, count: 0,
        number: UInt32(sections.count))
      result += end.encoded(name: [])
    }
    return result
  }

  /// Counts, steps and lengths that are none, and bits of numbers that are not finite.
  private static let hostile: [UInt64] = [
    0, 1, 2, 3, 7, 255, 1 << 20, (1 << 31) - 1, 1 << 31, 1 << 32, 1 << 40, 1 << 60, 1 << 61,
    1 << 62,
    1 << 63, .max, .max - 1, UInt64(Int.max), 0x7ff0_0000_0000_0000, 0xfff0_0000_0000_0000,
    0x7ff8_0000_0000_0000, 0x3ff0_0000_0000_0000, 0x7f80_0000, 0x7fc0_0000, 0x0010_0000_0000_0000,
  ]
}
