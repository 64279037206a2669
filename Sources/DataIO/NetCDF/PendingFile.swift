import Diagnostics
import Foundation

/// An output file under a temporary name in its destination folder, moved into place once it is
/// whole: nobody ever sees it half-written.
///
/// Until ``commit()`` the file named by ``path`` is untouched. A pending file that is discarded, or
/// released without a commit, leaves nothing behind.
public final class PendingFile {
  /// The destination, as the user named it.
  public let path: String
  /// Where to write: a name not yet taken, in the folder of the destination (a rename is atomic
  /// only within one file system).
  public let temporaryPath: String

  private let target: String
  private let force: Bool
  private var isPending = true

  /// Chooses the temporary name; creates no file.
  ///
  /// - Throws: as ``checkDestination(_:force:)``.
  public init(path: String, force: Bool) throws {
    try checkDestination(path, force: force)
    self.path = path
    self.force = force
    target = linkTarget(path)
    let mark = String(UInt64.random(in: .min ... .max), radix: 36)
    temporaryPath = parentFolder(of: target) + "/.infwidth-\(getpid())-\(mark).partial"
  }

  deinit { discard() }

  /// Flushes the temporary file to disk, moves it to its destination and flushes the folder.
  ///
  /// - Throws: `Diagnostic(.outputFailure)`. Where another program has created the destination
  ///   meanwhile and `force` is false, the finished file is kept under its temporary name, which
  ///   the message gives: a long run is not thrown away.
  public func commit() throws {
    precondition(isPending, "a file is committed once")
    do {
      try flush(temporaryPath, flags: O_RDONLY)
    } catch {
      discard()
      throw error
    }
    if force {
      try move()
    } else if link(temporaryPath, target) == 0 {
      // A hard link fails where the name is taken; a rename would overwrite.
      unlink(temporaryPath)
    } else if errno == EEXIST {
      isPending = false
      throw failure(
        "another program created the file meanwhile; the result is kept as \(temporaryPath)")
    } else {
      // File systems without hard links: what remains is a check just before.
      try checkDestination(path, force: false)
      try move()
    }
    isPending = false
    try flush(parentFolder(of: target), flags: O_RDONLY | O_DIRECTORY)
  }

  /// Removes the temporary file. Does nothing after a commit.
  public func discard() {
    guard isPending else { return }
    isPending = false
    unlink(temporaryPath)
  }

  private func move() throws {
    guard rename(temporaryPath, target) == 0 else {
      let message = systemMessage(errno)
      discard()
      throw failure("the finished file cannot be moved into place: \(message)")
    }
  }

  private func flush(_ path: String, flags: Int32) throws {
    let descriptor = open(path, flags)
    guard descriptor >= 0 else {
      throw failure("cannot be flushed to disk: \(systemMessage(errno))")
    }
    defer { close(descriptor) }
    // Some network file systems know no fsync of a folder (EINVAL); the file itself is safe then.
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw failure("cannot be flushed to disk: \(systemMessage(errno))")
    }
  }

  private func failure(_ message: String) -> Diagnostic {
    Diagnostic(.outputFailure, message, file: path)
  }
}
