import Foundation

/// Keeps two runs from making one output at once.
///
/// A small file beside the output (`.infwidth-NAME.lock`, with the name of the machine) is locked as long as the
/// run lives (`flock(2)`): the system drops the lock however the process ends, and the file itself is removed by the
/// next program that writes into the folder, as those of ``TemporaryName`` are.
final class OutputLock {
  private let path: String
  private let descriptor: Int32
  private var isHeld = true

  /// Takes the lock.
  ///
  /// - Parameter output: links are followed.
  /// - Returns: `nil` where there can be none: in a folder that is missing or cannot be written to, and on file
  ///   systems without locks.
  /// - Throws: `SystemError` with `EWOULDBLOCK` where another run has it.
  init?(of output: String) throws {
    guard !output.isEmpty else { return nil }
    let target = linkTarget(output) ?? output
    let name = target.split(separator: "/").last.map(String.init) ?? target
    path = "\(parentFolder(of: target))/\(TemporaryName.prefix)\(name)\(TemporaryName.lock)"
    for attempt in 1... {
      let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { return nil }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0, TemporaryName.isStill(descriptor, at: path) {
        let machine = Array(TemporaryName.machine.utf8)
        _ = ftruncate(descriptor, 0)
        _ = write(descriptor, machine, machine.count)
        self.descriptor = descriptor
        PendingFile.note([path])
        return
      }
      let code = errno
      let isGone = !TemporaryName.isStill(descriptor, at: path)
      close(descriptor)
      if isGone { continue }
      guard code == EWOULDBLOCK else { return nil }
      // A program that looks for what killed runs have left holds it for a moment.
      guard attempt < 10 else { throw SystemError(code: EWOULDBLOCK) }
      usleep(10_000)
    }
    return nil
  }

  deinit { release() }

  /// Gives the lock up.
  func release() {
    guard isHeld else { return }
    isHeld = false
    // Removed before the lock is dropped: nobody who waits for it takes a file that is gone for it.
    unlink(path)
    PendingFile.forget([path])
    close(descriptor)
  }
}
