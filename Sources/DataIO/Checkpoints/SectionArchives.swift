import Checkpoints
import Diagnostics

/// A state on its way into a file.
final class SavingArchive: StateArchive {
  private(set) var output: SectionOutput
  private let contents: Contents

  /// What of a state is put into the file.
  enum Contents {
    /// All, of a process that is alone.
    case everything
    /// What all processes have.
    case common
    /// What is divided among processes, this one's part.
    case part
  }

  init(_ output: SectionOutput, _ contents: Contents = .everything) {
    self.output = output
    self.contents = contents
  }

  var isRestoring: Bool { false }

  func save(_ name: String, _ element: StateElement, _ bytes: UnsafeRawBufferPointer) throws {
    if contents != .part { try output.append(name, element, bytes) }
  }

  func save(
    _ name: String, _ element: StateElement, _ bytes: UnsafeRawBufferPointer, part: StatePart
  ) throws {
    switch contents {
    case .everything: try output.append(name, element, bytes)
    case .common: break
    case .part:
      try output.append(name, element, bytes)
      try [part.first, part.total].withUnsafeBytes {
        try output.append(name + CheckpointParts.placeSuffix, .integer, $0)
      }
    }
  }

  func count(of name: String, _ element: StateElement) throws -> Int {
    preconditionFailure("the state is saved here")
  }

  func restore(
    _ name: String, _ element: StateElement, into bytes: UnsafeMutableRawBufferPointer
  ) throws {
    preconditionFailure("the state is saved here")
  }
}

/// A state on its way out of a file that is whole.
final class RestoringArchive: StateArchive {
  private let input: SectionInput
  private let path: String

  /// - Parameter path: of the file, as errors name it.
  init(_ input: SectionInput, path: String) {
    self.input = input
    self.path = path
  }

  var isRestoring: Bool { true }
  var names: [String] { input.names }

  func has(_ name: String) -> Bool { input.sections[name] != nil }

  func save(_ name: String, _ element: StateElement, _ bytes: UnsafeRawBufferPointer) throws {
    preconditionFailure("the state is restored from here")
  }

  func count(of name: String, _ element: StateElement) throws -> Int {
    try section(name, element).count
  }

  func restore(
    _ name: String, _ element: StateElement, into bytes: UnsafeMutableRawBufferPointer
  ) throws {
    let section = try section(name, element)
    guard bytes.count == section.count * element.byteCount else {
      throw misfit(
        "its array \(name) has \(section.count) numbers, not \(bytes.count / element.byteCount)")
    }
    do {
      try input.read(section, into: bytes)
    } catch let damage as Damage {
      throw misfit(damage.reason)
    }
  }

  private func section(_ name: String, _ element: StateElement) throws -> SectionInput.Section {
    guard let section = input.sections[name] else { throw misfit("it has no array \(name)") }
    guard section.element == element else {
      throw misfit("its array \(name) has numbers of another kind")
    }
    return section
  }

  private func misfit(_ what: String) -> Diagnostic {
    Diagnostic(.badInput, "\(what); accepted: a checkpoint of this run", file: path)
  }
}
