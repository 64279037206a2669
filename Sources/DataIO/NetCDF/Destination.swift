import Diagnostics
import Foundation

/// Checks that an output file could be written, before a long run starts.
///
/// - Throws: `Diagnostic(.outputFailure)` where the file exists and `force` is false (a finished
///   file is never overwritten unasked), where it is a folder or a device, and where its folder is
///   missing or not writable.
public func checkDestination(_ path: String, force: Bool) throws {
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
  let folder = parentFolder(of: linkTarget(path))
  guard let folderType = fileType(folder) else {
    throw failure("the folder \(folder) does not exist")
  }
  guard folderType == S_IFDIR else { throw failure("\(folder) is not a folder") }
  guard access(folder, W_OK | X_OK) == 0 else {
    throw failure("the folder \(folder) cannot be written to: \(systemMessage(errno))")
  }
}

/// What kind of thing a path leads to (`S_IFREG`, `S_IFDIR`, ...), or `nil` where there is nothing.
func fileType(_ path: String) -> mode_t? {
  var status = stat()
  return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
}

/// The text before the last slash: the folder in which a file of this name lies.
func parentFolder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// The file that a symbolic link stands for, or the path itself: a link given as the destination
/// keeps pointing to its file, which is what gets replaced.
func linkTarget(_ path: String) -> String {
  guard let resolved = realpath(path, nil) else { return path }
  defer { free(resolved) }
  return String(cString: resolved)
}

/// The system's words for an error number.
func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }
