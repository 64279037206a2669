import Checkpoints
import Diagnostics
import Foundation

/// What a run has finished, in a file that only grows: units, and pieces of the present one that its
/// result needs, such as snapshots. Checkpoints say how much of it belongs to them, so that nothing is
/// written twice.
///
/// The file is locked (`flock(2)`) while its run lives. Until the first checkpoint it has a temporary name:
/// without one it is of no use, and a later run removes what a killed one leaves.
final class CheckpointJournal {
  let mark: UInt64
  private(set) var length: Int
  /// What was there when the run began.
  let restored: RestoringArchive?
  private let handle: FileHandle
  /// Until the first checkpoint.
  private var pending: PendingFile?
  private var output: SectionOutput

  private static let markName = "journal"

  /// Begins an empty journal.
  ///
  /// - Throws: `SystemError`, `Diagnostic(.outputFailure)`.
  init(creating path: String) throws {
    let pending = try PendingFile(path: path, force: true)
    handle = try pending.createFile()
    self.pending = pending
    let descriptor = handle.fileDescriptor
    // Nobody else knows the file yet.
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
    let mark = UInt64.random(in: 1 ... .max)
    var output = SectionOutput(descriptor)
    try withUnsafeBytes(of: mark.littleEndian) { try output.append(Self.markName, .bits, $0) }
    self.mark = mark
    self.output = output
    restored = nil
    length = Int(lseek(descriptor, 0, SEEK_CUR))
  }

  /// Opens the journal of a checkpoint.
  ///
  /// - Throws: `Damage` where it is not what the checkpoint says, `SystemError` as above.
  init(opening path: String, for head: CheckpointHead) throws {
    guard fileType(path) == S_IFREG else { throw Damage("its journal \(path) is missing") }
    let descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError(code: errno) }
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    // File systems without locks have none to respect.
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      throw SystemError(code: EWOULDBLOCK)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, head.journalLength >= 0,
      Int(status.st_size) >= head.journalLength
    else { throw Damage("its journal \(path) is cut off") }
    let input: SectionInput
    do {
      input = try SectionInput(descriptor, 0..<head.journalLength, hasEnd: false)
    } catch let damage as Damage {
      throw Damage("its journal \(path) is damaged (\(damage.reason))")
    }
    let archive = RestoringArchive(input, path: path)
    var found: UInt64 = 0
    try? RunState(archive).exchange(Self.markName, &found)
    guard found == head.journalMark else {
      throw Damage("its journal \(path) is that of another run")
    }
    mark = found
    length = head.journalLength
    restored = archive
    output = SectionOutput(descriptor, count: input.names.count)
  }

  /// Drops what was written after the checkpoint that the run continues from.
  ///
  /// - Throws: `SystemError`.
  func cutTail() throws {
    guard ftruncate(handle.fileDescriptor, off_t(length)) == 0,
      lseek(handle.fileDescriptor, off_t(length), SEEK_SET) == length
    else { throw SystemError(code: errno) }
  }

  /// - Throws: `SystemError`; the journal is of no use then.
  func append(_ exchange: (RunState) throws -> Void) throws {
    let archive = SavingArchive(output)
    try exchange(RunState(archive))
    output = archive.output
    length = Int(lseek(handle.fileDescriptor, 0, SEEK_CUR))
  }

  /// Brings all to the disk, and the first time the file into its place.
  ///
  /// - Throws: `SystemError`, `Diagnostic(.outputFailure)`.
  func flush() throws {
    if let pending {
      if Self.isInUse(pending.path) { throw SystemError(code: EWOULDBLOCK) }
      try pending.commit()
      self.pending = nil
      return
    }
    guard fsync(handle.fileDescriptor) == 0 || errno == EINVAL else {
      throw SystemError(code: errno)
    }
  }

  /// Whether a program that runs has the file.
  static func isInUse(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}
