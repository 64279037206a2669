import Foundation

/// A name for an unfinished file that nobody else has, and that a later run can tell from the leftover
/// of one that was killed.
///
/// Beside the file itself (`.infwidth-MARK.partial`) stands a small one with the name of the machine
/// (`.infwidth-MARK.lock`), locked as long as the process lives (`flock(2)`): the system drops the lock
/// however the process ends. The unfinished file cannot be locked itself, since HDF5 locks it too.
final class TemporaryName {
  /// Where to write.
  let path: String
  private let lockPath: String
  private let descriptor: Int32

  /// Removes what killed runs left in the folder, and takes a name in it.
  ///
  /// - Throws: `SystemError`.
  init(in folder: String) throws {
    Self.removeLeftovers(in: folder)
    while true {
      let mark = String(UInt64.random(in: .min ... .max), radix: 36)
      let stem = "\(folder)/\(Self.prefix)\(mark)"
      let descriptor = open(stem + Self.lock, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      if descriptor < 0, errno == EEXIST { continue }
      guard descriptor >= 0 else { throw SystemError(code: errno) }
      // Waits at most for a run that looks for leftovers, and that may have taken this for one.
      // File systems without locks refuse: then nobody takes it for a leftover.
      while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
      guard Self.isStill(descriptor, at: stem + Self.lock) else {
        close(descriptor)
        continue
      }
      let name = Array(Self.machine.utf8)
      _ = write(descriptor, name, name.count)
      (path, lockPath, self.descriptor) = (stem + Self.partial, stem + Self.lock, descriptor)
      return
    }
  }

  deinit { close(descriptor) }

  /// Gives the name up: the file under it is moved, removed, or no longer unfinished.
  func release() { unlink(lockPath) }

  /// The files that stand for an unfinished one.
  var files: [String] { [path, lockPath] }

  static let (prefix, partial, lock) = (".infwidth-", ".partial", ".lock")
  static let machine = ProcessInfo.processInfo.hostName

  /// Unfinished files whose process has ended, on this machine: locks of others need not reach here.
  private static func removeLeftovers(in folder: String) {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
    for name in names where name.hasPrefix(prefix) && name.hasSuffix(lock) {
      let lockPath = "\(folder)/\(name)"
      let descriptor = open(lockPath, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      guard content(of: descriptor) == machine, flock(descriptor, LOCK_EX | LOCK_NB) == 0,
        isStill(descriptor, at: lockPath)
      else { continue }
      unlink(lockPath.dropLast(lock.count) + partial)
      unlink(lockPath)
    }
  }

  private static func content(of descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  /// Whether a path leads to the open file.
  static func isStill(_ descriptor: Int32, at path: String) -> Bool {
    var opened = stat()
    var named = stat()
    return fstat(descriptor, &opened) == 0 && lstat(path, &named) == 0
      && opened.st_ino == named.st_ino && opened.st_dev == named.st_dev
  }
}

/// An error number of the system.
struct SystemError: Error {
  let code: Int32
}
