import Checkpoints
import Diagnostics
import Foundation

/// A checkpoint as a file: 16 bytes with the format's name and version, then sections
/// (``SectionFormat``), those of the head and of the state.
enum CheckpointFile {
  static let mark = Array("infwidth".utf8)
  static let version: UInt32 = 2
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
    do {
      let handle = try pending.createFile()
      let descriptor = handle.fileDescriptor
      guard
        opening.withUnsafeBytes({ Foundation.write(descriptor, $0.baseAddress!, $0.count) })
          == opening.count
      else { throw SystemError(code: errno) }
      let archive = SavingArchive(SectionOutput(descriptor))
      var head = head
      try head.exchange(RunState(archive).part("head"))
      try exchange(RunState(archive).part("state"))
      var output = archive.output
      try output.end()
      guard fsync(descriptor) == 0 || errno == EINVAL else { throw SystemError(code: errno) }
      if rename(paths.latest, paths.previous) != 0, errno != ENOENT {
        throw SystemError(code: errno)
      }
    } catch {
      pending.discard()
      throw error
    }
    try pending.commit()
  }

  /// A whole checkpoint.
  struct Opened {
    let path: String
    var head: CheckpointHead
    let archive: RestoringArchive
    /// Keeps the file open.
    let handle: FileHandle

    var state: RunState { RunState(archive).part("state") }
  }

  /// Opens and checks a checkpoint.
  ///
  /// - Returns: `nil` where there is none.
  /// - Throws: `Damage`.
  static func open(_ path: String) throws -> Opened? {
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
    let input = try SectionInput(file.handle.fileDescriptor, markBytes..<file.size)
    let archive = RestoringArchive(input, path: path)
    var head = CheckpointHead()
    do {
      try head.exchange(RunState(archive).part("head"))
    } catch is Diagnostic {
      throw Damage("its head is none of this program")
    }
    return Opened(path: path, head: head, archive: archive, handle: file.handle)
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
