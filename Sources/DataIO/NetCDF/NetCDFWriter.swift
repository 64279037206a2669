import CNetCDF
import Diagnostics
import Foundation

/// Writes a NetCDF-4 file under a temporary name and moves it into place at the end.
///
/// Without ``finish()`` (an error, a release) the temporary file is removed and the destination is
/// as it was. Not for use from several threads at once; different writers may be on different
/// threads.
package final class NetCDFWriter {
  private let file: PendingFile
  private var isOpen = false
  /// The root group.
  let root: NetCDFGroup

  /// Creates the file.
  ///
  /// - Throws: as `checkDestination(_:force:)`, and `Diagnostic(.outputFailure)` where the library
  ///   cannot create it.
  package init(path: String, force: Bool) throws {
    file = try PendingFile(path: path, force: force)
    guard !file.temporaryPath.contains("\\") else {
      throw Diagnostic(
        .outputFailure, "the NetCDF library writes to no folder with a backslash in its name",
        file: path)
    }
    var id: Int32 = 0
    try NetCDFLibrary.write(file, "create the file") { [file] in
      nc_create(file.temporaryPath, NC_NETCDF4 | NC_CLOBBER, &id)
    }
    root = NetCDFGroup(id: id)
    isOpen = true
  }

  deinit {
    guard isOpen else { return }
    // Where what is buffered does not reach the disk, NetCDF-C 4.9 crashes as it closes the file (it
    // lists the objects of a file that HDF5 has closed): then the library keeps it, without its space.
    _ = NetCDFLibrary.locked {
      let code = nc_sync(root.id)
      return code == NC_NOERR ? nc_abort(root.id) : truncate(file.temporaryPath, 0)
    }
  }

  /// The destination, as the user named it.
  var path: String { file.path }

  /// Closes the file, flushes it to disk and moves it into place.
  ///
  /// - Throws: `Diagnostic(.outputFailure)`.
  package func finish() throws {
    precondition(isOpen, "a file is finished once")
    // Before the close, which must not be the first to find the disk full.
    try NetCDFLibrary.write(file, "finish the file") { nc_sync(root.id) }
    isOpen = false
    try NetCDFLibrary.write(file, "finish the file") { nc_close(root.id) }
    try file.commit()
  }

  /// Defines a group within another one, by default the root.
  package func defineGroup(_ name: String, in group: NetCDFGroup? = nil) throws -> NetCDFGroup {
    var id: Int32 = 0
    try NetCDFLibrary.write(file, "define the group \(name)") {
      nc_def_grp((group ?? root).id, name, &id)
    }
    return NetCDFGroup(id: id)
  }

  /// Defines a dimension. Length 0 becomes an unlimited dimension that nothing is ever written to:
  /// the format has no other way to say "none", and readers see the length 0.
  package func defineDimension(
    _ name: String, length: Int, in group: NetCDFGroup? = nil
  ) throws -> NetCDFDimension {
    precondition(length >= 0, "a dimension cannot have a negative length")
    var id: Int32 = 0
    try NetCDFLibrary.write(file, "define the dimension \(name)") {
      nc_def_dim((group ?? root).id, name, length == 0 ? NC_UNLIMITED : length, &id)
    }
    return NetCDFDimension(id: id, name: name, length: length)
  }

  /// Defines a variable of `type` with its two attributes that every variable has. Entries of a
  /// floating-point variable that are never written read as NaN.
  package func defineVariable<Element: NetCDFElement>(
    _ name: String, _ type: Element.Type, _ dimensions: [NetCDFDimension], units: String = "1",
    longName: String, storage: NetCDFStorage = .automatic, in group: NetCDFGroup? = nil
  ) throws -> NetCDFVariable {
    let variable = try define(name, Element.netCDFType, dimensions, in: group ?? root)
    let size = MemoryLayout<Element>.stride
    let isLarge = variable.shape.reduce(size, *) >= 1 << 20
    var chunk = chunkShape(variable.shape, elementSize: size)
    if case .tiles(let side) = storage { chunk = variable.shape.map { min($0, side) } }
    try NetCDFLibrary.write(file, "define the variable \(name)") {
      var code = NC_NOERR
      if isLarge {
        code = nc_def_var_chunking(variable.group, variable.id, NC_CHUNKED, chunk)
      }
      if code == NC_NOERR, isLarge, storage == .automatic {
        code = nc_def_var_deflate(variable.group, variable.id, 1, 1, 1)
      }
      if code == NC_NOERR, let fill = Element.fill {
        code = withUnsafeBytes(of: fill) {
          nc_def_var_fill(variable.group, variable.id, NC_FILL, $0.baseAddress)
        }
      }
      return code
    }
    try describe(variable, units: units, longName: longName)
    return variable
  }

  /// Defines and writes a one-dimensional variable of strings.
  package func writeStrings(
    _ values: [String], _ name: String, _ dimension: NetCDFDimension, longName: String,
    in group: NetCDFGroup? = nil
  ) throws {
    precondition(values.count == dimension.length)
    let variable = try define(name, NC_STRING, [dimension], in: group ?? root)
    try describe(variable, units: "1", longName: longName)
    for (index, value) in values.enumerated() {
      try value.withCString { pointer in
        var text: UnsafePointer<CChar>? = pointer
        try NetCDFLibrary.write(file, "write the variable \(name)") {
          nc_put_vara_string(variable.group, variable.id, [index], [1], &text)
        }
      }
    }
  }

  /// Sets an attribute of a group (the root group by default).
  package func setAttribute(
    _ name: String, _ value: AttributeValue, in group: NetCDFGroup? = nil
  ) throws {
    try setAttribute(name, value, group: (group ?? root).id, variable: NC_GLOBAL)
  }

  /// Sets an attribute of a variable.
  package func setAttribute(
    _ name: String, _ value: AttributeValue, of variable: NetCDFVariable
  ) throws {
    try setAttribute(name, value, group: variable.group, variable: variable.id)
  }

  /// Writes a block of a variable: `count` entries a dimension from `start` on, in row-major order;
  /// the whole variable by default.
  func write<Element: NetCDFElement>(
    _ values: UnsafeBufferPointer<Element>, to variable: NetCDFVariable, start: [Int]? = nil,
    count: [Int]? = nil
  ) throws {
    let start = start ?? variable.shape.map { _ in 0 }
    let count = count ?? variable.shape
    precondition(start.count == variable.shape.count && count.count == variable.shape.count)
    for (axis, length) in variable.shape.enumerated() {
      precondition(
        start[axis] >= 0 && count[axis] >= 0 && start[axis] + count[axis] <= length,
        "\(variable.name): \(count[axis]) from \(start[axis]) on of \(length)")
    }
    precondition(
      values.count == count.reduce(1, *), "\(variable.name): \(values.count) values for \(count)")
    guard let pointer = values.baseAddress, !values.isEmpty else { return }
    try NetCDFLibrary.write(file, "write the variable \(variable.name)") {
      Element.put(variable.group, variable.id, start, count, pointer)
    }
  }

  /// Writes a block of a variable from an array.
  package func write<Element: NetCDFElement>(
    _ values: [Element], to variable: NetCDFVariable, start: [Int]? = nil, count: [Int]? = nil
  ) throws {
    try values.withUnsafeBufferPointer {
      try write($0, to: variable, start: start, count: count)
    }
  }

  private func define(
    _ name: String, _ type: Int32, _ dimensions: [NetCDFDimension], in group: NetCDFGroup
  ) throws -> NetCDFVariable {
    var id: Int32 = 0
    let dimensionIDs = dimensions.map(\.id)
    try NetCDFLibrary.write(file, "define the variable \(name)") {
      nc_def_var(group.id, name, type, Int32(dimensionIDs.count), dimensionIDs, &id)
    }
    return NetCDFVariable(
      group: group.id, id: id, name: name, shape: dimensions.map(\.length))
  }

  private func describe(_ variable: NetCDFVariable, units: String, longName: String) throws {
    try setAttribute("units", .text(units), of: variable)
    try setAttribute("long_name", .text(longName), of: variable)
  }

  private func setAttribute(
    _ name: String, _ value: AttributeValue, group: Int32, variable: Int32
  ) throws {
    try NetCDFLibrary.write(file, "write the attribute \(name)") {
      switch value {
      case .text(let text):
        return nc_put_att_text(group, variable, name, text.utf8.count, text)
      case .double(var number):
        return nc_put_att_double(group, variable, name, NC_DOUBLE, 1, &number)
      case .int(var number):
        return nc_put_att_long(group, variable, name, NC_INT64, 1, &number)
      }
    }
  }
}
