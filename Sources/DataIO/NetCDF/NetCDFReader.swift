import CNetCDF
import Diagnostics
import Foundation

/// Reads NetCDF files.
///
/// Names that a file lacks, shapes it should not have and damage are `Diagnostic(.badInput)`; a
/// file that is missing or unreadable is `Diagnostic(.inputMissing)`.
public final class NetCDFReader {
  /// The file, as the user named it.
  public let path: String
  /// The root group.
  public let root: NetCDFGroup
  private let bytes: Int

  /// Opens the file.
  public init(path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let message =
        errno == ENOENT ? "the file does not exist" : "cannot be read: \(systemMessage(errno))"
      throw Diagnostic(.inputMissing, message, file: path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw Diagnostic(.inputMissing, "this is not a file", file: path)
    }
    guard access(path, R_OK) == 0 else {
      throw Diagnostic(.inputMissing, "cannot be read: \(systemMessage(errno))", file: path)
    }
    guard !path.contains("\\") else {
      throw Diagnostic(
        .inputMissing, "the NetCDF library reads no path with a backslash; rename it", file: path)
    }
    var id: Int32 = 0
    // The library takes a name such as "x://y" for the address of a server; a path with a leading
    // "./" is always a file.
    let plain = path.hasPrefix("/") ? path : "./" + path
    try NetCDFLibrary.read(path, "open the file") { nc_open(plain, NC_NOWRITE, &id) }
    self.path = path
    root = NetCDFGroup(id: id)
    bytes = Int(status.st_size)
  }

  deinit { _ = NetCDFLibrary.locked { nc_close(root.id) } }

  /// The group of this name, or `nil` where there is none.
  public func group(_ name: String, in parent: NetCDFGroup? = nil) -> NetCDFGroup? {
    var id: Int32 = 0
    let code = NetCDFLibrary.locked { nc_inq_ncid((parent ?? root).id, name, &id) }
    return code == NC_NOERR ? NetCDFGroup(id: id) : nil
  }

  /// The group of this name.
  ///
  /// - Throws: `Diagnostic(.badInput)` where the file has no such group.
  func requiredGroup(_ name: String, in parent: NetCDFGroup? = nil) throws -> NetCDFGroup {
    guard let group = group(name, in: parent) else {
      throw Diagnostic(.badInput, "the file has no group \(name)", file: path)
    }
    return group
  }

  /// The names of the groups in a group.
  public func groupNames(in parent: NetCDFGroup? = nil) throws -> [String] {
    var count: Int32 = 0
    try NetCDFLibrary.read(path, "list the groups") {
      nc_inq_grps((parent ?? root).id, &count, nil)
    }
    guard count > 0 else { return [] }
    var ids = [Int32](repeating: 0, count: Int(count))
    try NetCDFLibrary.read(path, "list the groups") {
      nc_inq_grps((parent ?? root).id, nil, &ids)
    }
    return try ids.map { id in
      try name("list the groups") { nc_inq_grpname(id, $0) }
    }
  }

  /// The names of the variables of a group, in the order of the file.
  public func variableNames(in group: NetCDFGroup? = nil) throws -> [String] {
    let group = (group ?? root).id
    var count: Int32 = 0
    try NetCDFLibrary.read(path, "list the variables") { nc_inq_varids(group, &count, nil) }
    guard count > 0 else { return [] }
    var ids = [Int32](repeating: 0, count: Int(count))
    try NetCDFLibrary.read(path, "list the variables") { nc_inq_varids(group, nil, &ids) }
    return try ids.map { id in
      try name("list the variables") { nc_inq_varname(group, id, $0) }
    }
  }

  /// The length of a dimension visible in the group, or `nil` where there is none.
  public func dimensionLength(_ name: String, in group: NetCDFGroup? = nil) throws -> Int? {
    var id: Int32 = 0
    let group = (group ?? root).id
    guard NetCDFLibrary.locked({ nc_inq_dimid(group, name, &id) }) == NC_NOERR else { return nil }
    var length = 0
    try NetCDFLibrary.read(path, "read the dimension \(name)") {
      nc_inq_dimlen(group, id, &length)
    }
    return length
  }

  /// Whether the group, by default the root, has a variable of this name.
  public func hasVariable(_ name: String, in group: NetCDFGroup? = nil) -> Bool {
    var id: Int32 = 0
    return NetCDFLibrary.locked { nc_inq_varid((group ?? root).id, name, &id) } == NC_NOERR
  }

  /// The dimensions of a variable, in order.
  ///
  /// - Throws: `Diagnostic(.badInput)` where the file has no such variable.
  public func shape(
    of variable: String, in group: NetCDFGroup? = nil
  ) throws -> [(name: String, length: Int)] {
    let group = (group ?? root).id
    let id = try variableID(variable, group)
    let action = "read the variable \(variable)"
    var rank: Int32 = 0
    try NetCDFLibrary.read(path, action) { nc_inq_varndims(group, id, &rank) }
    var dimensions = [Int32](repeating: 0, count: Int(rank))
    try NetCDFLibrary.read(path, action) { nc_inq_vardimid(group, id, &dimensions) }
    return try dimensions.map { dimension in
      var length = 0
      try NetCDFLibrary.read(path, action) { nc_inq_dimlen(group, dimension, &length) }
      return (try name(action) { nc_inq_dimname(group, dimension, $0) }, length)
    }
  }

  /// Reads a block of a variable: `count` entries a dimension from `start` on, in row-major order;
  /// the whole variable by default.
  ///
  /// - Throws: `Diagnostic(.badInput)` where the file has no such variable, and before allocating
  ///   where it claims more numbers than a file of its size can hold.
  package func read<Element: NetCDFElement>(
    _ variable: String, as type: Element.Type, in group: NetCDFGroup? = nil, start: [Int]? = nil,
    count: [Int]? = nil
  ) throws -> [Element] {
    let shape = try shape(of: variable, in: group).map(\.length)
    let start = start ?? shape.map { _ in 0 }
    let count = count ?? shape
    precondition(start.count == shape.count && count.count == shape.count, "one number a dimension")
    for axis in shape.indices {
      precondition(start[axis] >= 0 && count[axis] >= 0 && start[axis] + count[axis] <= shape[axis])
    }
    let group = (group ?? root).id
    let id = try variableID(variable, group)
    let total = try plausibleTotal(count, variable, group, id)
    guard total > 0 else { return [] }
    return try [Element](unsafeUninitializedCapacity: total) { buffer, initialized in
      let pointer = buffer.baseAddress!
      try NetCDFLibrary.read(path, "read the variable \(variable)") {
        Element.get(group, id, start, count, pointer)
      }
      initialized = total
    }
  }

  /// Reads a block of a variable as double-precision numbers.
  public func read(
    _ variable: String, in group: NetCDFGroup? = nil, start: [Int]? = nil, count: [Int]? = nil
  ) throws -> [Double] {
    try read(variable, as: Double.self, in: group, start: start, count: count)
  }

  /// Refuses a variable that claims more numbers than a file of its size can hold.
  func checkSize(of variable: String, in group: NetCDFGroup) throws {
    let id = try variableID(variable, group.id)
    let shape = try shape(of: variable, in: group).map(\.length)
    _ = try plausibleTotal(shape, variable, group.id, id)
  }

  /// Deflate shrinks to no less than 1/1032 of the input; a larger claim is damage (or never
  /// written) and would only exhaust the memory.
  func plausibleTotal(
    _ count: [Int], _ variable: String, _ group: Int32, _ id: Int32
  ) throws -> Int {
    var size = 0
    try NetCDFLibrary.read(path, "read the variable \(variable)") {
      var type: Int32 = 0
      let code = nc_inq_vartype(group, id, &type)
      return code == NC_NOERR ? nc_inq_type(group, type, nil, &size) : code
    }
    let limit = bytes.multipliedReportingOverflow(by: 1032)
    let most = (limit.overflow ? Int.max : limit.partialValue) / max(1, size)
    var total = 1
    for length in count {
      let product = total.multipliedReportingOverflow(by: length)
      guard !product.overflow, product.partialValue <= most else {
        throw Diagnostic(
          .badInput,
          "the variable \(variable) claims more numbers than a file of \(bytes) bytes can hold",
          file: path)
      }
      total = product.partialValue
    }
    return total
  }

  private func variableID(_ name: String, _ group: Int32) throws -> Int32 {
    var id: Int32 = 0
    guard NetCDFLibrary.locked({ nc_inq_varid(group, name, &id) }) == NC_NOERR else {
      throw Diagnostic(.badInput, "the file has no variable \(name)", file: path)
    }
    return id
  }

  private func name(
    _ action: String, _ inquire: (UnsafeMutablePointer<CChar>) -> Int32
  ) throws -> String {
    var buffer = [CChar](repeating: 0, count: Int(NC_MAX_NAME) + 1)
    try NetCDFLibrary.read(path, action) { inquire(&buffer) }
    let bytes = buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
    // A repaired name would not be found again.
    guard let name = String(validating: bytes, as: UTF8.self) else {
      throw Diagnostic(.badInput, "cannot \(action): a name in it is not UTF-8 text", file: path)
    }
    return name
  }
}
