import Checkpoints
import Diagnostics
import Foundation

/// What a run has finished, in a file that only grows: units, and pieces of the present one that its
/// result needs, such as snapshots. Checkpoints say how much of it belongs to them, so that nothing is
/// written twice. There is one copy of it, with what makes damaged bytes whole again (``SectionRepair``).
///
/// Until the first checkpoint the file has a temporary name: without one it is of no use, and a later run
/// removes what a killed one leaves.
final class CheckpointJournal {
  let mark: UInt64
  private(set) var length: Int
  /// What was there when the run began.
  let restored: RestoringArchive?
  /// What people should know of its damage; `nil` where there is none.
  private(set) var report: String?
  /// Whether it ends before the checkpoint's state, which cannot be used then.
  private(set) var isPartial = false
  /// Whether it could not be brought into its place: what was written to it is gone.
  private(set) var isLost = false
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
    let mark = UInt64.random(in: 1 ... .max)
    var output = SectionOutput(descriptor, isRepairable: true)
    try withUnsafeBytes(of: mark.littleEndian) { try output.append(Self.markName, .bits, $0) }
    self.mark = mark
    self.output = output
    restored = nil
    length = Int(lseek(descriptor, 0, SEEK_CUR))
  }

  /// Opens the journal of a checkpoint. What is damaged is made whole where it can be.
  ///
  /// - Parameter acceptsPart: whether that will do which is whole before what is not.
  /// - Throws: `Damage` where it is not what the checkpoint says, `SystemError` as above.
  init(opening path: String, for head: CheckpointHead, acceptsPart: Bool) throws {
    guard fileType(path) == S_IFREG else { throw Damage("its journal \(path) is missing") }
    let descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError(code: errno) }
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0, head.journalLength >= 0 else {
      throw Damage("its journal \(path) is cut off")
    }
    var input = JournalInput(descriptor, length: min(head.journalLength, Int(status.st_size)))
    var reason = input.reason
    if Int(status.st_size) < head.journalLength { reason = reason ?? "it is cut off" }
    let damage = reason.map { Damage("its journal \(path) is damaged (\($0))") }
    if let damage {
      guard acceptsPart else { throw damage }
      let count = JournalUnits.finished(input.found)
      guard count > 0 else { throw damage }
      input.keep(first: count)
    }
    let archive = RestoringArchive(SectionInput(descriptor, input.found), path: path)
    var found: UInt64 = 0
    try? RunState(archive).exchange(Self.markName, &found)
    guard found == head.journalMark else {
      throw Damage("its journal \(path) is that of another run", isForeign: true)
    }
    mark = found
    length = input.end
    restored = archive
    output = SectionOutput(descriptor, count: input.found.count, isRepairable: true)
    isPartial = damage != nil
    if let reason {
      report =
        "\(path) is damaged (\(reason)): what was finished before that is used, and what came after is"
        + " computed again"
    } else if input.repairs > 0 {
      report = "\(path) was damaged and has been repaired, nothing is lost"
    }
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
      // A file is committed once, and is discarded where that fails.
      self.pending = nil
      isLost = true
      try pending.commit()
      isLost = false
      return
    }
    guard fsync(handle.fileDescriptor) == 0 || errno == EINVAL else {
      throw SystemError(code: errno)
    }
  }
}
