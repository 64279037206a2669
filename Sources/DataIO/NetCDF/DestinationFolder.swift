import Diagnostics
import Foundation

/// Checks that files could be written into a folder, or that it could be made, before a long run
/// starts. Makes nothing.
///
/// - Throws: `Diagnostic(.outputFailure)` where there is something else than a folder, where the
///   folder is not writable, and where it is missing and cannot be made.
package func checkFolderDestination(_ path: String) throws {
  func failure(_ message: String) -> Diagnostic {
    Diagnostic(.outputFailure, message, file: path.isEmpty ? nil : path)
  }
  guard !path.isEmpty else { throw failure("the name of the output folder is empty") }
  let missing = missingFolders(path)
  guard let outermost = missing.first else {
    guard fileType(path) == S_IFDIR else { throw failure("this is a file; name a folder") }
    guard access(path, W_OK | X_OK) == 0 else {
      throw failure("the folder cannot be written to: \(systemMessage(errno))")
    }
    return
  }
  let parent = parentFolder(of: outermost)
  guard fileType(parent) == S_IFDIR else { throw failure("\(parent) is not a folder") }
  var status = stat()
  if lstat(outermost, &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
    throw failure("\(outermost) is a symbolic link that leads nowhere; name a folder")
  }
  guard access(parent, W_OK | X_OK) == 0 else {
    throw failure("the folder \(parent) cannot be written to: \(systemMessage(errno))")
  }
}

/// A folder for output files, made with its parents where they are missing.
package struct DestinationFolder {
  /// The folder, as the user named it.
  let path: String
  /// The folders that were made, the outermost first.
  private let made: [String]

  /// - Throws: as `checkFolderDestination(_:)`.
  package init(making path: String) throws {
    try checkFolderDestination(path)
    self.path = path
    var made: [String] = []
    for folder in missingFolders(path) {
      if mkdir(folder, 0o777) == 0 {
        made.append(folder)
      } else if errno != EEXIST {
        throw Diagnostic(
          .outputFailure, "the folder \(folder) cannot be created: \(systemMessage(errno))",
          file: path)
      }
    }
    self.made = made
  }

  /// Removes the folders that were made and hold nothing: where the files for them failed.
  package func removeIfEmpty() {
    for folder in made.reversed() where rmdir(folder) != 0 { return }
  }

  /// The path of a file in the folder.
  package func file(_ name: String) -> String { fileInFolder(path, name) }
}

/// The path of a file in a folder, whose name may end in a slash.
func fileInFolder(_ folder: String, _ name: String) -> String {
  folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
}

/// The folder and those of its parents that do not exist, the outermost first.
private func missingFolders(_ path: String) -> [String] {
  var current = path
  var missing: [String] = []
  while true {
    // A slash behind the name of a file would make it look missing.
    while current.count > 1, current.hasSuffix("/") { current.removeLast() }
    if fileType(current) != nil { return missing }
    missing.insert(current, at: 0)
    current = parentFolder(of: current)
  }
}
