import Diagnostics
import Foundation
import Synchronization

/// An output file under a temporary name in its destination folder, moved into place once it is
/// whole: nobody ever sees it half-written.
///
/// Until `commit()` the file named by ``path`` is untouched. A pending file that is discarded, or
/// released without a commit, leaves nothing behind; what a killed process leaves, the next pending file
/// in the folder removes, whatever its destination.
package final class PendingFile {
  /// The destination, as the user named it.
  let path: String
  /// Where to write: a name not yet taken, in the folder of the destination (a rename is atomic
  /// only within one file system).
  package var temporaryPath: String { name.path }

  private let name: TemporaryName
  private let target: String
  private let force: Bool
  private var isPending = true

  /// Takes a temporary name; the file under it is for the caller to create.
  ///
  /// - Throws: as `checkDestination(_:force:)`.
  package init(path: String, force: Bool) throws {
    try checkDestination(path, force: force)
    self.path = path
    self.force = force
    // The check refuses links that lead in a circle; one made since then is replaced.
    target = linkTarget(path) ?? path
    do {
      name = try TemporaryName(in: parentFolder(of: target))
    } catch let error as SystemError {
      throw Diagnostic(
        .outputFailure, "the file cannot be created: \(systemMessage(error.code))", file: path)
    }
    Self.note(name.files)
  }

  /// Files of the whole process that may exist now and are of no use when it has ended.
  private static let uncommitted = Mutex<Set<String>>([])

  static func note(_ files: [String]) { uncommitted.withLock { $0.formUnion(files) } }

  static func forget(_ files: [String]) { uncommitted.withLock { $0.subtract(files) } }

  /// Removes the temporary files of all pending files of this process, which is about to end: call
  /// it where a signal ends a run, from ordinary code on any thread (a dispatch source's handler),
  /// not from a signal handler. Pending files are of no use afterwards: their commit fails.
  package static func discardAll() {
    uncommitted.withLock { paths in
      for path in paths { unlink(path) }
      paths = []
    }
  }

  /// Creates the temporary file and opens it for writing.
  ///
  /// - Throws: `Diagnostic(.outputFailure)`.
  package func createFile() throws -> FileHandle {
    let descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw failure("the file cannot be created: \(systemMessage(errno))")
    }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Writes the whole content.
  ///
  /// - Throws: `Diagnostic(.outputFailure)`.
  package func write(_ text: String) throws {
    let handle = try createFile()
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Foundation.write(handle.fileDescriptor, $0.baseAddress!, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw failure("the file cannot be written: \(systemMessage(errno))")
      }
      rest = rest.dropFirst(count)
    }
  }

  /// From now on the temporary file is gone, or to be kept.
  private func settle() {
    isPending = false
    name.release()
    Self.forget(name.files)
  }

  deinit { discard() }

  /// Flushes the temporary file to disk, moves it to its destination and flushes the folder.
  ///
  /// - Throws: `Diagnostic(.outputFailure)`. Where another program has created the destination
  ///   meanwhile and `force` is false, the finished file is kept under its temporary name, which
  ///   the message gives: a long run is not thrown away.
  package func commit() throws {
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
      settle()
      throw failure(
        "another program created the file meanwhile; the result is kept as \(temporaryPath)")
    } else {
      // File systems without hard links: what remains is a check just before.
      try checkDestination(path, force: false)
      try move()
    }
    settle()
    try flush(parentFolder(of: target), flags: O_RDONLY | O_DIRECTORY)
  }

  /// Removes the temporary file. Does nothing after a commit.
  package func discard() {
    guard isPending else { return }
    unlink(temporaryPath)
    settle()
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
