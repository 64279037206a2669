import Checkpoints
import Diagnostics

/// Arrays of a checkpoint that were divided among processes: a file of each one's parts, in the order of the processes,
/// or the one file of a process that was alone. Other processes than those that wrote them, and another number of them,
/// can take theirs.
///
/// In a part's file a section NAME has consecutive numbers of the array, and `NAME.place` says where they begin and
/// how many the whole array has. Parts of one array follow one another in the order of the files.
final class CheckpointParts {
  static let markName = "mark"
  static let placeSuffix = ".place"

  private let paths: [String]
  private var open: [Int: (file: RegularFile, input: SectionInput)] = [:]

  init(_ paths: [String]) { self.paths = paths }

  /// Reads all of a part's file, to see that it is whole and belongs to a checkpoint.
  ///
  /// - Throws: `Damage`.
  static func check(_ path: String, mark: Int) throws {
    do {
      guard let (file, input) = try CheckpointFile.sections(path) else {
        throw Damage("it is missing")
      }
      // The file is open as long as its handle lives.
      try withExtendedLifetime(file) {
        guard let section = input.sections[markName], try integers(section, 1, input) == [mark]
        else { throw Damage("it is that of another checkpoint") }
      }
    } catch let damage as Damage {
      throw Damage("its part \(path) cannot be used: \(damage.reason)")
    }
  }

  /// Takes consecutive numbers of an array, from `part.first` on.
  ///
  /// - Throws: `Damage` where a file cannot be read, or where the array is another one.
  func restore(
    _ name: String, _ element: StateElement, into bytes: UnsafeMutableRawBufferPointer,
    part: StatePart
  ) throws {
    let size = element.byteCount
    let end = part.first + bytes.count / size
    var next = part.first
    // The last file whose part begins there or before.
    var (low, high) = (0, paths.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if try place(name, element, middle, part.total).first <= next {
        low = middle
      } else {
        high = middle
      }
    }
    while next < end {
      guard low < paths.count else { throw Damage("its array \(name) is cut off") }
      let (first, section, input) = try place(name, element, low, part.total)
      let stop = min(end, first + section.count)
      low += 1
      // Processes without particles have empty parts.
      guard first <= next, stop > next else {
        if section.count == 0 { continue }
        throw Damage("its array \(name) has parts that do not follow one another")
      }
      let target = UnsafeMutableRawBufferPointer(
        rebasing: bytes[((next - part.first) * size)..<((stop - part.first) * size)])
      try input.read(section, from: next - first, into: target)
      next = stop
    }
  }

  private func place(
    _ name: String, _ element: StateElement, _ rank: Int, _ total: Int
  ) throws -> (first: Int, section: SectionInput.Section, input: SectionInput) {
    let input = try sections(rank)
    guard let section = input.sections[name] else { throw Damage("it has no array \(name)") }
    guard section.element == element else {
      throw Damage("its array \(name) has numbers of another kind")
    }
    var (first, all) = (0, section.count)
    if let place = input.sections[name + Self.placeSuffix] {
      let numbers = try Self.integers(place, 2, input)
      (first, all) = (numbers[0], numbers[1])
    }
    guard all == total, first >= 0, first <= all - section.count else {
      throw Damage("its array \(name) has \(all) numbers, not \(total)")
    }
    return (first, section, input)
  }

  private func sections(_ rank: Int) throws -> SectionInput {
    if let known = open[rank] { return known.input }
    guard let found = try CheckpointFile.sections(paths[rank], checksNumbers: false) else {
      throw Damage("its part \(paths[rank]) is missing")
    }
    open[rank] = found
    return found.input
  }

  private static func integers(
    _ section: SectionInput.Section, _ count: Int, _ input: SectionInput
  ) throws -> [Int] {
    guard section.element == .integer, section.count == count else {
      throw Damage("a section is none of this format")
    }
    var values = [Int](repeating: 0, count: count)
    try values.withUnsafeMutableBytes { try input.read(section, into: $0) }
    return values
  }
}
