import Foundation
import InfiniteWidth
import Testing

/// A suite that changes files of results and looks at what readers say of them.
protocol RefusedFiles {
  var files: ResultFiles { get }
  /// Where changed files are.
  var path: String { get }
}

extension RefusedFiles {
  static func newPath(_ files: ResultFiles) -> String {
    "\(files.folder)/refused-\(UUID().uuidString).nc"
  }

  /// Changes the file of this name and expects `read` to refuse it with `message`.
  func expect(
    _ name: String, _ message: String, location: SourceLocation = #_sourceLocation,
    change: (inout FileTree) throws -> Void, read: (String) throws -> Void
  ) throws {
    var tree = try FileTree(files.path(name))
    try change(&tree)
    try tree.write(path)
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(
      throws: Diagnostic(.badInput, message, file: path), sourceLocation: location
    ) { try read(path) }
  }
}

extension FileTree {
  subscript(_ name: String) -> Variable {
    get { variables[variables.firstIndex { $0.name == name }!] }
    set { variables[variables.firstIndex { $0.name == name }!] = newValue }
  }

  mutating func setLength(_ dimension: String, _ length: Int) {
    dimensions[dimensions.firstIndex { $0.name == dimension }!].length = length
  }
}

extension FileTree.Variable {
  /// What the variable is filled with, over and over.
  var numbers: [Double] {
    get { if case .numbers(let values) = values { values } else { [] } }
    set { values = .numbers(newValue) }
  }
}
