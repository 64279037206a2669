import Diagnostics
import Foundation

/// A regular file opened for reading: the one place where opening and reading can fail.
///
/// Files are read, not mapped: a mapped file that another process shortens ends this process with
/// SIGBUS, where a read just ends early.
final class InputFile {
  let path: String
  /// Size in bytes when the file was opened.
  let size: Int
  private let descriptor: Int32

  /// Opens `path`.
  ///
  /// - Throws: `Diagnostic` of kind `inputMissing` for anything but a readable regular file.
  init(_ path: String) throws {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      let reason = errno == ENOENT ? "there is no such file" : cannotRead(errno)
      throw Diagnostic(.inputMissing, reason, file: path)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let reason = cannotRead(errno)
      close(descriptor)
      throw Diagnostic(.inputMissing, reason, file: path)
    }
    let type = status.st_mode & S_IFMT
    guard type == S_IFREG else {
      close(descriptor)
      let received = type == S_IFDIR ? "a directory" : "a pipe, socket or device"
      throw Diagnostic(.inputMissing, "received \(received); accepted: a file", file: path)
    }
    self.path = path
    self.descriptor = descriptor
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Fills the start of `buffer` with the next bytes and returns how many; 0 at the end of the file.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard buffer.count > 0 else { return 0 }
    while true {
      let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      guard errno == EINTR else {
        throw Diagnostic(.inputMissing, cannotRead(errno), file: path)
      }
    }
  }

  /// All bytes of a file. Memory: the size of the file.
  static func contents(of path: String) throws -> [UInt8] {
    let file = try InputFile(path)
    // A file with holes can claim a size far beyond what its disk holds.
    guard file.size <= physicalMemory else {
      throw Diagnostic(
        .badInput,
        "received a file of \(file.size) bytes; accepted: at most \(physicalMemory), the memory of "
          + "this machine", file: path)
    }
    return try [UInt8](unsafeUninitializedCapacity: file.size) { buffer, initialized in
      initialized = 0
      while initialized < file.size {
        let rest = UnsafeMutableBufferPointer(rebasing: buffer[initialized..<file.size])
        let count = try file.read(into: UnsafeMutableRawBufferPointer(rest))
        if count == 0 { break }
        initialized += count
      }
    }
  }
}

private func cannotRead(_ code: Int32) -> String {
  "the file cannot be read (\(String(cString: strerror(code))))"
}
