import Diagnostics
import Foundation

/// Checks that an output file could be written, before a long run starts.
///
/// - Throws: `Diagnostic(.outputFailure)` where the file exists and `force` is false (a finished
///   file is never overwritten unasked), where it is a folder or a device, and where its folder is
///   missing or not writable.
package func checkDestination(_ path: String, force: Bool) throws {
  func failure(_ message: String) -> Diagnostic {
    Diagnostic(.outputFailure, message, file: path.isEmpty ? nil : path)
  }
  guard !path.isEmpty else { throw failure("the name of the output file is empty") }
  if let type = fileType(path) {
    switch type {
    case S_IFDIR: throw failure("this is a folder; name a file in it")
    // Moving a file into place would replace the device itself.
    case S_IFREG: break
    default: throw failure("this is not a regular file; choose another name")
    }
    guard force else {
      throw failure("the file exists; choose another name or pass --force")
    }
  } else if path.hasSuffix("/") {
    throw failure("this is the name of a folder; name a file")
  }
  guard let target = linkTarget(path) else {
    throw failure("this symbolic link leads back to itself; choose another name")
  }
  let folder = parentFolder(of: target)
  guard let folderType = fileType(folder) else {
    throw failure("the folder \(folder) does not exist")
  }
  guard folderType == S_IFDIR else { throw failure("\(folder) is not a folder") }
  guard access(folder, W_OK | X_OK) == 0 else {
    throw failure("the folder \(folder) cannot be written to: \(systemMessage(errno))")
  }
}

/// Refuses, before a long run starts, an output file that the file system has no room for.
///
/// - Parameters:
///   - path: a destination that `checkDestination(_:force:)` accepts.
///   - what: the subject of the sentence, for example "the weights of 10 networks need".
///   - advice: what to lower.
/// - Throws: `Diagnostic(.outputFailure)`.
package func checkSpace(bytes: Double, for path: String, what: String, advice: String) throws {
  var status = statvfs()
  // Where the system does not tell, writing will.
  guard statvfs(parentFolder(of: linkTarget(path) ?? path), &status) == 0 else { return }
  let free = Double(status.f_bavail) * Double(status.f_frsize)
  guard bytes > free else { return }
  let (need, have) = (String(format: "%.1f", bytes / 1e9), String(format: "%.1f", free / 1e9))
  throw Diagnostic(
    .outputFailure, "\(what) \(need) GB on the disk, of which \(have) GB are free; \(advice)",
    file: path)
}

/// What kind of thing a path leads to (`S_IFREG`, `S_IFDIR`, ...), or `nil` where there is nothing.
func fileType(_ path: String) -> mode_t? {
  var status = stat()
  return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
}

/// The text before the last slash: the folder in which a file of this name lies.
func parentFolder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  let folder = path[..<slash]
  // Slashes in a row count as one.
  let end = folder.lastIndex { $0 != "/" }
  return end.map { String(folder[...$0]) } ?? "/"
}

/// The file that a symbolic link stands for, or the path itself: a link given as the destination
/// keeps pointing to its file, which is what gets replaced, or created where the link leads to
/// nothing yet. `nil` for links that lead in a circle.
func linkTarget(_ path: String) -> String? {
  if let resolved = realpath(path, nil) {
    defer { free(resolved) }
    return String(cString: resolved)
  }
  // realpath knows only what exists: the rest is followed by hand, as far as Linux would.
  var current = path
  for _ in 0..<40 {
    var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let length = bytes.withUnsafeMutableBytes { readlink(current, $0.baseAddress!, $0.count) }
    guard length >= 0 else { return current }
    let next = String(decoding: bytes.prefix(length), as: UTF8.self)
    current = next.hasPrefix("/") ? next : parentFolder(of: current) + "/" + next
  }
  return nil
}

/// The system's words for an error number.
func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }
