import Checkpoints
import Diagnostics
import Foundation
import MessagePassing

/// A checkpoint as a file: 16 bytes with the format's name and version, then sections
/// (``SectionFormat``), those of the head and of the state.
enum CheckpointFile {
  static let mark = Array("infwidth".utf8)
  static let version: UInt32 = 3
  private static let markBytes = 16

  private static var opening: [UInt8] {
    mark + withUnsafeBytes(of: version.littleEndian, Array.init) + [0, 0, 0, 0]
  }

  /// Writes a checkpoint in the place of the latest one, which becomes the previous one: to a temporary
  /// name, flushed to the disk before and after it is moved.
  ///
  /// - Throws: `SystemError`, `Diagnostic(.outputFailure)`.
  static func write(
    _ paths: CheckpointPaths, _ head: CheckpointHead, _ exchange: (RunState) throws -> Void
  ) throws {
    let pending = try PendingFile(path: paths.latest, force: true)
    try write(pending, head.parts == 0 ? .everything : .common) { archive in
      var head = head
      try head.exchange(RunState(archive).part("head"))
      try exchange(RunState(archive).part("state"))
    }
    guard rename(paths.latest, paths.previous) == 0 || errno == ENOENT else {
      throw SystemError(code: errno)
    }
    try pending.commit()
  }

  /// Writes what one process keeps of its own.
  ///
  /// - Throws: as ``write(_:_:_:)``.
  static func writePart(
    _ path: String, mark: Int, _ exchange: (RunState) throws -> Void
  ) throws {
    let pending = try PendingFile(path: path, force: true)
    try write(pending, .part) { archive in
      try withUnsafeBytes(of: mark) {
        try archive.save(
          CheckpointParts.markName, .integer, $0, part: StatePart(first: 0, total: 1))
      }
      try exchange(RunState(archive).part("state"))
    }
    try pending.commit()
  }

  private static func write(
    _ pending: PendingFile, _ contents: SavingArchive.Contents,
    _ body: (SavingArchive) throws -> Void
  ) throws {
    do {
      let handle = try pending.createFile()
      let descriptor = handle.fileDescriptor
      guard
        opening.withUnsafeBytes({ Foundation.write(descriptor, $0.baseAddress!, $0.count) })
          == opening.count
      else { throw SystemError(code: errno) }
      let archive = SavingArchive(SectionOutput(descriptor), contents)
      try body(archive)
      var output = archive.output
      try output.end()
      guard fsync(descriptor) == 0 || errno == EINVAL else { throw SystemError(code: errno) }
    } catch {
      pending.discard()
      throw error
    }
  }

  /// A whole checkpoint.
  struct Opened {
    let path: String
    var head: CheckpointHead
    /// What all processes have; `nil` where another process reads it.
    let archive: RestoringArchive?
    /// Keeps the file open.
    let handle: FileHandle?

    /// - Parameters:
    ///   - paths: of the run.
    ///   - ranks: that take the state, all of them at once.
    func state(_ paths: CheckpointPaths, _ ranks: Ranks = .alone) -> RunState {
      let parts =
        head.parts == 0
        ? [path] : (0..<head.parts).map { paths.part(generation: head.generation, rank: $0) }
      return RunState(DividedArchive(archive, parts: CheckpointParts(parts), ranks)).part("state")
    }
  }

  /// Opens and checks a checkpoint; the parts that it names are checked apart.
  ///
  /// - Returns: `nil` where there is none.
  /// - Throws: `Damage`.
  static func open(_ path: String) throws -> Opened? {
    guard let (file, input) = try sections(path) else { return nil }
    let archive = RestoringArchive(input, path: path)
    var head = CheckpointHead()
    do {
      try head.exchange(RunState(archive).part("head"))
    } catch is Diagnostic {
      throw Damage("its head is none of this program")
    }
    return Opened(path: path, head: head, archive: archive, handle: file.handle)
  }

  /// The sections of a file of this format, which is a checkpoint or a part of one.
  ///
  /// - Parameter checksNumbers: as ``SectionInput/init(_:_:checksNumbers:)``.
  /// - Throws: `Damage`.
  static func sections(
    _ path: String, checksNumbers: Bool = true
  ) throws -> (file: RegularFile, input: SectionInput)? {
    guard let file = try RegularFile(path) else { return nil }
    guard file.size >= markBytes else { throw Damage("it is cut off") }
    var bytes = [UInt8](repeating: 0, count: markBytes)
    guard pread(file.handle.fileDescriptor, &bytes, markBytes, 0) == markBytes else {
      throw Damage("it cannot be read")
    }
    guard bytes.starts(with: mark) else { throw Damage("it is no checkpoint") }
    guard bytes == opening else {
      throw Damage(
        "it has another format than this version of the program, which is number \(version)")
    }
    return (
      file,
      try SectionInput(
        file.handle.fileDescriptor, markBytes..<file.size, checksNumbers: checksNumbers)
    )
  }
}

/// A file open for reading, which is neither a folder nor a pipe.
struct RegularFile {
  let handle: FileHandle
  let size: Int

  /// `nil` where there is nothing.
  ///
  /// - Throws: `Damage`.
  init?(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw Damage("it cannot be read: \(systemMessage(errno))")
    }
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Damage("it is no regular file")
    }
    size = Int(status.st_size)
  }
}
